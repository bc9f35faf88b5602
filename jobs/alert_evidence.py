"""Read what stands behind incidents from the lake: channels, moods and turns of their contacts. DuckDB, no Spark."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from analytics.inbox import Evidence, Verbatim
from analytics.inbox.evidence import UsualMood
from analytics.warehouse import lake_files, of_days, select_sql

MAX_TURNS = 400
"""Customer turns looked at for three verbatims of an incident; the unhappiest first."""

USUAL_DAYS = 28
"""Days before those of the incidents that tell what is usual: four weeks, each weekday four times."""
LEAST_USUAL = 50
"""Contacts with a mood on those days below which nothing is called usual. Our choice: a share of 50 is good to ±14
points."""

_TABLES = ("spike", "dip", "topic_birth", "contact", "contact_mood", "contact_topic", "utterance", "turn_mood")

_EVENTS = "SELECT * FROM {table} WHERE day BETWEEN ? AND ? ORDER BY started_at, {key}"

_CHANNELS = """
SELECT channel, count(*) FROM (SELECT unnest(?::VARCHAR[]) AS contact_id) JOIN contact USING (contact_id)
WHERE channel IS NOT NULL GROUP BY channel ORDER BY channel
"""
_VALUES = """
SELECT {column}, count(*) FROM (SELECT unnest(?::VARCHAR[]) AS contact_id) JOIN {table} USING (contact_id)
WHERE {column} IS NOT NULL AND {column} <> '' GROUP BY {column} ORDER BY {column}
"""
_SCORE = """
SELECT avg(sentiment_score) FROM (SELECT unnest(?::VARCHAR[]) AS contact_id) JOIN contact_mood USING (contact_id)
"""
_USUAL_TABLE = """
CREATE TEMP TABLE IF NOT EXISTS usual AS
SELECT c.day, channel, count(*) AS n, sum(sentiment_score) AS score,
    count_if(sentiment_label = 'negative') AS n_negative
FROM usual_contact AS c JOIN usual_mood USING (contact_id) WHERE sentiment_label IS NOT NULL GROUP BY c.day, channel
"""
# The days before the incident's first, whichever days the run is over; the channels in the mix of the incident, so that
# an incident on a gloomy channel is not called gloomy for it.
_USUAL = """
WITH first AS (
  SELECT min(day) AS day FROM (SELECT unnest($ids::VARCHAR[]) AS contact_id) JOIN contact USING (contact_id)
),
before AS (
  SELECT channel, sum(u.n) AS n, sum(u.score) / sum(u.n) AS score, sum(u.n_negative) / sum(u.n) AS negative_share
  FROM usual AS u, first AS f WHERE u.day BETWEEN f.day - $days::INT AND f.day - 1 GROUP BY channel
)
SELECT sum(w * score) / sum(w), sum(w * negative_share) / sum(w), sum(n)::BIGINT
FROM (SELECT unnest($channels::VARCHAR[]) AS channel, unnest($weights::BIGINT[]) AS w) JOIN before USING (channel)
"""
_MOODS = """
SELECT sentiment_label, count(*) FROM (SELECT unnest(?::VARCHAR[]) AS contact_id) JOIN contact_mood USING (contact_id)
WHERE sentiment_label IS NOT NULL GROUP BY sentiment_label ORDER BY sentiment_label
"""
# The turns with the key, then with more of the terms, first: what `choose_verbatims` looks for.
_TURNS = """
SELECT contact_id, u.text, u.text_simplified, m.sentiment_score
FROM (SELECT unnest($ids::VARCHAR[]) AS contact_id) JOIN utterance AS u USING (contact_id)
LEFT JOIN turn_mood AS m USING (contact_id, turn)
WHERE u.speaker = 'customer' AND u.text IS NOT NULL AND u.text_simplified IS NOT NULL
ORDER BY NOT contains(replace(lower(u.text_simplified), ' ', ''), replace(lower($key), ' ', '')),
    -len(list_filter($terms::VARCHAR[], lambda term: contains(lower(u.text_simplified), lower(term)))),
    m.sentiment_score NULLS LAST, contact_id, turn
LIMIT $most
"""


class Incidents:
    """Incidents of some local days, and what stands behind each."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, first_day: dt.date, last_day: dt.date) -> None:
        self._connection = connection
        self._days = (first_day, last_day)

    def spikes(self) -> list[dict[str, Any]]:
        """Return the rows of `spike`, by start and id."""
        return self._rows(_EVENTS.format(table="spike", key="spike_id"), self._days)

    def dips(self) -> list[dict[str, Any]]:
        """Return the rows of `dip`, by start and id."""
        return self._rows(_EVENTS.format(table="dip", key="dip_id"), self._days)

    def topics(self) -> dict[str, dict[str, Any]]:
        """Return label and words of each topic that has a label, by topic_id."""
        rows = self._rows("SELECT topic_id, label, words FROM topic WHERE label IS NOT NULL ORDER BY topic_id", ())
        return {row["topic_id"]: row for row in rows}

    def category_labels(self) -> dict[str, str]:
        """Return the label of each category of contacts, by its name."""
        return {row["category"]: row["label"] for row in self._rows("SELECT category, label FROM category", ())}

    def births(self) -> dict[str, dt.date]:
        """Return the day on which a topic emerged by itself, of those days, by topic_id."""
        rows = self._rows("SELECT topic_id, day FROM topic_birth WHERE day BETWEEN ? AND ? ORDER BY day", self._days)
        return {row["topic_id"]: row["day"] for row in rows}

    def evidence(self, contact_ids: Sequence[str], *, key: str = "", terms: Sequence[str] = ()) -> Evidence:
        """Return counts and customer turns of the contacts; turns with `key`, then with `terms` in them first."""
        ids = list(contact_ids)
        asked = {"ids": ids, "key": key, "terms": list(terms), "most": MAX_TURNS}
        turns = self._connection.execute(_TURNS, asked).fetchall()
        channels = dict(self._connection.execute(_CHANNELS, [ids]).fetchall())
        score = self._connection.execute(_SCORE, [ids]).fetchone()
        return Evidence(
            key=key,
            terms=terms,
            channels=channels,
            products=self._values(ids, "contact", "product"),
            touchpoints=self._values(ids, "contact_topic", "touchpoint"),
            score=score[0] if score else None,
            usual=self._usual(ids, channels),
            moods=dict(self._connection.execute(_MOODS, [ids]).fetchall()),
            turns=[Verbatim(*turn) for turn in turns],
        )

    def _values(self, ids: Sequence[str], table: str, column: str) -> dict[str, int]:
        return dict(self._connection.execute(_VALUES.format(table=table, column=column), [ids]).fetchall())

    def _usual(self, ids: Sequence[str], channels: Mapping[str, int]) -> UsualMood | None:
        """Return how these channels felt before; None where too little is known."""
        self._connection.execute(_USUAL_TABLE)
        asked = {"ids": ids, "days": USUAL_DAYS, "channels": list(channels), "weights": list(channels.values())}
        found = self._connection.execute(_USUAL, asked).fetchone()
        if found is None or found[0] is None or found[2] < LEAST_USUAL:
            return None
        return UsualMood(score=found[0], negative_share=found[1], n=found[2])

    def _rows(self, sql: str, parameters: Sequence[object]) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self._connection.sql(sql, params=list(parameters)).to_arrow_table().to_pylist()
        return rows


@contextmanager
def incidents_of(lake: Path, first_day: dt.date, last_day: dt.date) -> Iterator[Incidents]:
    """Open the incidents of the local days `first_day` to `last_day`, both included.

    Raises
    ------
    SchemaError
        If a file of the lake has other columns than are declared.
    """
    # An incident that begins late goes on into the next day.
    day_after = last_day + dt.timedelta(days=1)
    with duckdb.connect(":memory:") as connection:
        connection.execute("SET TimeZone = 'UTC'")
        for table in _TABLES:
            files = of_days(lake_files(lake, table), first_day, day_after)
            connection.execute(f"CREATE VIEW {table} AS {select_sql(table, files)}")
        for table, view in (("contact", "usual_contact"), ("contact_mood", "usual_mood")):
            files = of_days(lake_files(lake, table), first_day - dt.timedelta(days=USUAL_DAYS), last_day)
            connection.execute(f"CREATE VIEW {view} AS {select_sql(table, files)}")
        for table in ("topic", "category"):
            connection.execute(f"CREATE VIEW {table} AS {select_sql(table, lake_files(lake, table))}")
        yield Incidents(connection, first_day, last_day)
