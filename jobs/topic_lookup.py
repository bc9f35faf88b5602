"""Topics of the lake as people see them; read with DuckDB, without Spark."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa

from analytics.inbox.topics import MadeTopicDecision
from analytics.schema import TABLES, UNDATED_DAY
from analytics.settings import Settings
from analytics.topics.decided import decided_events, decided_topics
from analytics.topics.decisions import Decided
from analytics.topics.history import records
from analytics.warehouse import lake_files, select_sql
from jobs.topic_decisions import all_decisions, holding

_VIEWS = ("contact_topic", "topic_day", "utterance", "turn_template")
WEEK_DAYS = 7
_DAILY = """
SELECT day, whole_topic(topic_id) AS topic_id, sum(n_contacts)::BIGINT AS n FROM topic_day
WHERE day > (SELECT max(day) FROM topic_day) - $days AND day > $undated GROUP BY ALL
"""
_WEEKS = """
SELECT date_trunc('week', day)::DATE AS week, count(*) FROM contact_topic
WHERE whole_topic(topic_id) = $topic AND day > $undated GROUP BY 1 ORDER BY 1
"""
# Of each of the likest contacts the longest customer turn that is no ready-made text.
_TYPICAL = """
WITH likest AS (
  SELECT day, contact_id, topic_similarity FROM contact_topic WHERE whole_topic(topic_id) = $topic
  ORDER BY topic_similarity DESC, contact_id LIMIT 60
), said AS (
  SELECT l.contact_id, l.topic_similarity, u.text,
    row_number() OVER (PARTITION BY l.contact_id ORDER BY length(u.text) DESC, u.turn) AS place
  FROM likest AS l JOIN utterance AS u USING (day, contact_id)
  LEFT JOIN turn_template AS t USING (day, contact_id, turn)
  WHERE u.speaker = 'customer' AND u.text IS NOT NULL AND t.is_template IS NULL
)
SELECT text, contact_id FROM said WHERE place = 1 QUALIFY row_number() OVER
  (PARTITION BY text ORDER BY topic_similarity DESC, contact_id) = 1
ORDER BY topic_similarity DESC, contact_id LIMIT $most
"""
_TURNS = """
SELECT u.contact_id, u.turn, u.text_simplified FROM contact_topic AS c JOIN utterance AS u USING (day, contact_id)
LEFT JOIN turn_template AS t USING (day, contact_id, turn)
WHERE whole_topic(c.topic_id) = $topic AND u.speaker = 'customer' AND u.text_simplified IS NOT NULL
  AND t.is_template IS NULL
  AND c.contact_id IN (
    SELECT contact_id FROM contact_topic WHERE whole_topic(topic_id) = $topic ORDER BY hash(contact_id) LIMIT $most
  )
ORDER BY u.contact_id, u.turn
"""


@dataclass(frozen=True)
class TopicLookup:
    """Topics of a lake with what people decided.

    Attributes
    ----------
    topics, events : DataFrame
        The tables as they will be published next.
    made : sequence of MadeTopicDecision
        Every decision, oldest first.
    decided : Decided
        What those that hold come to.
    """

    topics: pd.DataFrame
    events: pd.DataFrame
    made: Sequence[MadeTopicDecision]
    decided: Decided
    _lake: duckdb.DuckDBPyConnection

    def daily(self, n_days: int) -> pd.DataFrame:
        """Return day, topic_id ('' = none) and n, contacts, of the last `n_days` local days there are."""
        found = self._lake.execute(_DAILY, {"days": n_days, "undated": UNDATED_DAY}).fetchall()
        return pd.DataFrame(found, columns=["day", "topic_id", "n"])

    def weeks(self, topic_id: str) -> list[tuple[dt.date, int]]:
        """Return the Mondays of the weeks in which a topic had contacts, and how many."""
        found: list[tuple[dt.date, int]] = self._lake.execute(
            _WEEKS, {"topic": topic_id, "undated": UNDATED_DAY}
        ).fetchall()
        return found

    def typical(self, topic_id: str, n_sentences: int) -> list[tuple[str, str]]:
        """Return masked sentences of the contacts most like the topic, no text twice, each with its contact_id."""
        found: list[tuple[str, str]] = self._lake.execute(_TYPICAL, {"topic": topic_id, "most": n_sentences}).fetchall()
        return found

    def turns(self, topic_id: str, n_contacts: int) -> pd.DataFrame:
        """Return contact_id, turn and text_simplified of the customers of some of a topic's contacts."""
        found = self._lake.execute(_TURNS, {"topic": topic_id, "most": n_contacts}).fetchall()
        return pd.DataFrame(found, columns=["contact_id", "turn", "text_simplified"])


@contextmanager
def topic_lookup(settings: Settings) -> Iterator[TopicLookup]:
    """Open the topics of the lake."""
    made = all_decisions(settings)
    decided = Decided.of(holding(made))
    with duckdb.connect(":memory:") as lake:
        lake.execute("SET TimeZone = 'UTC'")
        lake.execute(f"CREATE MACRO whole_topic(topic) AS coalesce({_map_sql(decided.merged)}[topic], topic)")
        for table in _VIEWS:
            lake.execute(f"CREATE VIEW {table} AS {select_sql(table, lake_files(settings.lake, table))}")
        topics, events = _decided_tables(lake, settings, made, decided)
        yield TopicLookup(topics, events, made, decided, lake)


def published_topics(settings: Settings, made: Sequence[MadeTopicDecision], decided: Decided) -> dict[str, pa.Table]:
    """Return the tables `topic` and `topic_event` with what people decided, as rows to publish."""
    with duckdb.connect(":memory:") as lake:
        lake.execute("SET TimeZone = 'UTC'")
        tables = _decided_tables(lake, settings, made, decided)
    return {
        name: pa.Table.from_pylist(records(rows), schema=TABLES[name].arrow(later=True))
        for name, rows in zip(("topic", "topic_event"), tables, strict=True)
    }


def lake_rows(lake: duckdb.DuckDBPyConnection, table: str, files: Sequence[Path]) -> pd.DataFrame:
    """Return all rows of a small table, days as dates."""
    rows: list[dict[str, Any]] = lake.sql(select_sql(table, files)).to_arrow_table().to_pylist()
    return pd.DataFrame(rows, columns=TABLES[table].arrow().names, dtype=object)


def _decided_tables(
    lake: duckdb.DuckDBPyConnection, settings: Settings, made: Sequence[MadeTopicDecision], decided: Decided
) -> tuple[pd.DataFrame, pd.DataFrame]:
    topic, event = (lake_rows(lake, name, lake_files(settings.lake, name)) for name in ("topic", "topic_event"))
    known = [one for one in made if one.topic_id in set(topic["topic_id"])]
    return decided_topics(topic, decided), decided_events(event, known, settings.timezone)


def _map_sql(merged: Mapping[str, str]) -> str:
    keys, values = ([name.replace("'", "''") for name in names] for names in (merged.keys(), merged.values()))
    return f"MAP({_list(keys)}, {_list(values)})"


def _list(names: Sequence[str]) -> str:
    return "[" + ", ".join(f"'{name}'" for name in names) + "]::VARCHAR[]"
