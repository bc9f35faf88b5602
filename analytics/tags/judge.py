"""Judge persons by rules over their contacts, in DuckDB: rules are SQL, the contacts an Arrow table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import duckdb
import pyarrow as pa

from analytics.errors import SchemaError
from analytics.schema import TABLES
from analytics.schema.table import DAY, INT, REAL, TEXT, TEXTS, TIME
from analytics.tags.rule import TagRule, Tagset

_TEXT_BEFORE = ("kind", "channel", "team", "product", "category", "status", "tier")
_NUMBERS = ("first_response_seconds", "rating", "sentiment_score")
_TEXT_AFTER = ("sentiment_label", "mood_course", "topic_id", "touchpoint")
_TYPES: dict[str, pa.DataType] = {
    **dict.fromkeys(("contact_id", "person_id"), TEXT),
    "day": DAY,
    "started_at": TIME,
    **dict.fromkeys(_TEXT_BEFORE, TEXT),
    "n_reopened": INT,
    **dict.fromkeys(_NUMBERS, REAL),
    **dict.fromkeys(_TEXT_AFTER, TEXT),
    "categories": TEXTS,
}
CONTACT_COLUMNS = pa.schema(list(_TYPES.items()))
"""What is known of a contact; `categories` are the names of the rules of data/rules that it meets."""

COMPUTED = (
    "days_ago",
    "recency",
    "n_in_window",
    "n_same_topic",
    "usual_channel",
    "latest_tier",
    "mood_change",
    "window_days",
)
"""What is computed of each contact among the person's contacts in the window."""

_MOOD_LATEST = 2
"""Contacts that are the newest ones when a change of mood is told: one alone may be a bad day."""

_SEEN = """
    WITH judged AS (SELECT DISTINCT person_id, day AS as_of FROM contact WHERE day BETWEEN $first AND $last),
    held AS (
        SELECT contact.*, as_of, date_diff('day', contact.day, as_of) AS days_ago, {window_days} AS window_days
        FROM judged JOIN contact USING (person_id)
        WHERE date_diff('day', contact.day, as_of) BETWEEN 0 AND {window_days} - 1
    ),
    ranked AS (
        SELECT *,
            row_number() OVER (PARTITION BY person_id, as_of ORDER BY started_at DESC, contact_id) AS recency,
            count(*) OVER (PARTITION BY person_id, as_of) AS n_in_window,
            count(topic_id) OVER (PARTITION BY person_id, as_of, topic_id) AS n_same_topic,
            count(*) OVER (PARTITION BY person_id, as_of, channel) AS n_of_channel,
            row_number() OVER (PARTITION BY person_id, as_of ORDER BY sentiment_score IS NULL, started_at DESC)
                AS mood_recency
        FROM held
    )
    SELECT * EXCLUDE (n_of_channel, mood_recency),
        arg_max(channel, (n_of_channel, started_at, channel)) OVER everything AS usual_channel,
        arg_max(tier, started_at) OVER everything AS latest_tier,
        avg(sentiment_score) FILTER (mood_recency <= {latest}) OVER everything
            - avg(sentiment_score) FILTER (mood_recency > {latest}) OVER everything AS mood_change
    FROM ranked
    WINDOW everything AS (PARTITION BY person_id, as_of)
"""

_TAGGED = """
    SELECT as_of AS day, person_id, '{name}' AS tag, CAST(({value}) AS VARCHAR) AS value, min(started_at) AS since,
        count(*) AS n_contacts, list(contact_id ORDER BY started_at, contact_id) AS contact_ids,
        CAST(({detail}) AS VARCHAR) AS detail
    FROM (SELECT * FROM seen_{window_days} WHERE ({evidence}))
    GROUP BY as_of, person_id, window_days HAVING ({condition})
"""


def person_tags(contacts: pa.Table, tags: Tagset, first: dt.date, last: dt.date) -> pa.Table:
    """Return the tags of everybody who made contact, on each day from `first` to `last`.

    A person is judged on the days of their contacts, by what was known at the end of that day.

    Parameters
    ----------
    contacts : pyarrow.Table
        `CONTACT_COLUMNS`; dated contacts of known persons, from `tags.look_back_days` before `first` on.
    tags : Tagset
    first, last : date
        Local days, both included.

    Returns
    -------
    pyarrow.Table
        Table `person_tag`, by its key. `contact_ids` are the contacts that count, `n_contacts` their number, `since`
        the start of the first of them.

    Raises
    ------
    SchemaError
        If a column is missing.
    """
    schema = TABLES["person_tag"].arrow()
    missing = sorted(set(CONTACT_COLUMNS.names) - set(contacts.column_names))
    if missing:
        raise SchemaError(f"contacts: expected columns {', '.join(CONTACT_COLUMNS.names)}; missing {missing}")
    if not tags.tags:
        return schema.empty_table()
    given = contacts.select(CONTACT_COLUMNS.names).cast(CONTACT_COLUMNS)
    with _database(given) as database:
        for days in sorted({tag.window_days for tag in tags.tags}):
            seen = _SEEN.format(window_days=days, latest=_MOOD_LATEST)
            database.execute(f"CREATE TEMP TABLE seen_{days} AS {seen}", {"first": first, "last": last})
        found = [database.sql(_tagged(tag)).to_arrow_table().cast(schema) for tag in tags.tags]
    return pa.concat_tables(found).sort_by([(name, "ascending") for name in TABLES["person_tag"].key])


def fault_of(tag: TagRule) -> tuple[str, str] | None:
    """Return which field of a rule DuckDB refuses, and what it says; None where all is well."""
    trials = {
        "evidence": f"SELECT 1 FROM seen WHERE ({tag.evidence})",
        "condition": f"SELECT person_id FROM seen GROUP BY as_of, person_id, window_days HAVING ({tag.condition})",
        "value": f"SELECT CAST(({tag.value}) AS VARCHAR) FROM seen GROUP BY as_of, person_id, window_days",
        "detail": f"SELECT CAST(({tag.detail}) AS VARCHAR) FROM seen GROUP BY as_of, person_id, window_days",
    }
    seen = _SEEN.format(window_days=tag.window_days, latest=_MOOD_LATEST)
    database, day = _empty_database(), dt.date(2000, 1, 1)
    database.execute(f"CREATE OR REPLACE TEMP TABLE seen AS {seen}", {"first": day, "last": day})
    for field, trial in trials.items():
        try:
            if len(database.extract_statements(trial)) != 1:
                return field, "expected one expression, got several statements"
            database.execute(trial)
        except duckdb.Error as error:
            return field, str(error).split("\n", 1)[0]
    return None


def _tagged(tag: TagRule) -> str:
    return _TAGGED.format(**tag.model_dump(exclude={"label", "description"}))


@contextmanager
def _database(contacts: pa.Table) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a database in memory that holds the contacts and can read nothing else: a rule is no program."""
    with duckdb.connect(config={"threads": 1}) as database:
        yield _holding(database, contacts)


@cache
def _empty_database() -> duckdb.DuckDBPyConnection:
    """Return the one on which rules are tried; making one takes longer than trying ten."""
    return _holding(duckdb.connect(config={"threads": 1}), CONTACT_COLUMNS.empty_table())


def _holding(database: duckdb.DuckDBPyConnection, contacts: pa.Table) -> duckdb.DuckDBPyConnection:
    database.execute("SET TimeZone = 'UTC'")
    database.register("_given", contacts)
    database.execute("CREATE TEMP TABLE contact AS SELECT * FROM _given ORDER BY person_id, started_at, contact_id")
    database.unregister("_given")
    database.execute("SET enable_external_access = false")
    database.execute("SET lock_configuration = true")
    return database
