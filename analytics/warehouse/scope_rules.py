"""What somebody with limits sees of each published table, said in SQL; of a table that is not named here, nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from analytics.access.limits import Limits
from analytics.warehouse.lake_files import quoted

Cut = Callable[[str, Limits], str]
"""(source table with its catalogue, limits) → SELECT of what may be seen. It may name scoped tables without one."""


@dataclass(frozen=True)
class Rule:
    """How a table is cut.

    Attributes
    ----------
    cut : callable
        See `Cut`.
    kept : bool
        Whether the rows are computed once for each publication and set of limits, not for each query.
    """

    cut: Cut
    kept: bool = False


def by_columns(*columns: str) -> Rule:
    """Cut by columns that are as those of `contact`; a table that lacks a limited one is empty.

    Rows over all values ('*') count hidden contacts too, and no limit admits them.
    """
    return Rule(lambda source, limits: _where(source, limits, columns))


def _where(source: str, limits: Limits, columns: tuple[str, ...]) -> str:
    return f"SELECT * FROM {source} WHERE {_condition(limits, columns)}"


def _condition(limits: Limits, columns: tuple[str, ...]) -> str:
    limited = limits.by_column
    if not set(limited) <= set(columns):
        return "false"
    parts = [f"coalesce(\"{column}\", '') IN ({_list(values)})" for column, values in limited.items()]
    return " AND ".join(parts) or "true"


def _list(values: tuple[str, ...]) -> str:
    return ", ".join(quoted(value) for value in values)


def _of_contact(source: str, _: Limits) -> str:
    # The day is in the condition because both tables are stored by day: of a day, only its blocks are read.
    return f"SELECT t.* FROM {source} AS t JOIN contact AS c ON t.day = c.day AND t.contact_id = c.contact_id"


def _event(key: str, *columns: str) -> Rule:
    """Cut alarms by the columns they have, and by their contacts, all of which must be seen, for the others.

    Where its row is seen by columns alone, hidden contacts are taken from its list all the same.
    """

    def cut(source: str, limits: Limits) -> str:
        has = {column: values for column, values in limits.by_column.items() if column in columns}
        rest = set(limits.by_column) - set(has)
        parts = [f"coalesce(\"{column}\", '') IN ({_list(values)})" for column, values in has.items()]
        found = f"SELECT * FROM {source} WHERE {' AND '.join(parts) or 'true'}"
        whole = "AND len(seen.ids) = len(e.contact_ids)" if rest else ""
        return f"""
            WITH e AS ({found}), seen AS (
                SELECT {key}, list(contact_id ORDER BY place) AS ids FROM (
                    SELECT {key}, unnest(contact_ids) AS contact_id, generate_subscripts(contact_ids, 1) AS place FROM e
                ) SEMI JOIN contact USING (contact_id) GROUP BY {key}
            )
            SELECT e.* REPLACE (seen.ids AS contact_ids) FROM e JOIN seen USING ({key}) WHERE true {whole}"""

    return Rule(cut, kept=True)


def _topic(source: str, _: Limits) -> str:
    return f"""
        WITH main AS (SELECT topic_id, count(*) AS n FROM contact WHERE topic_id IS NOT NULL GROUP BY 1),
        further AS (SELECT DISTINCT topic_id FROM topic_segment)
        SELECT t.* REPLACE (coalesce(main.n, 0) AS n_contacts) FROM {source} AS t LEFT JOIN main USING (topic_id)
        WHERE main.n > 0 OR topic_id IN (SELECT topic_id FROM further)"""


def _topic_event(source: str, _: Limits) -> str:
    """Lives of topics that are seen, without the numbers in words, which are over all contacts."""
    return f"""
        WITH e AS (SELECT *, row_number() OVER () AS row_id FROM {source} SEMI JOIN topic USING (topic_id)),
        seen AS (
            SELECT row_id, list(contact_id ORDER BY contact_id) AS ids
            FROM (SELECT row_id, unnest(contact_ids) AS contact_id FROM e) SEMI JOIN contact USING (contact_id)
            GROUP BY row_id
        )
        SELECT e.* EXCLUDE (row_id) REPLACE (
            coalesce(seen.ids, []) AS contact_ids, NULL::VARCHAR AS detail,
            CASE WHEN other_topic_id IN (SELECT topic_id FROM topic) THEN other_topic_id ELSE '' END AS other_topic_id
        ) FROM e LEFT JOIN seen USING (row_id)"""


def _wholly_seen(source: str, _: Limits) -> str:
    return f"""
        WITH t AS (SELECT *, row_number() OVER () AS row_id FROM {source} WHERE len(contact_ids) > 0)
        SELECT * EXCLUDE (row_id) FROM t WHERE row_id NOT IN (
            SELECT row_id FROM (SELECT row_id, unnest(contact_ids) AS contact_id FROM t)
            ANTI JOIN contact USING (contact_id))"""


def _alert(source: str, limits: Limits) -> str:
    found = _where(source, Limits(channels=limits.channels), ("channel",))
    return f"{found} AND spike_id IN (SELECT spike_id FROM spike UNION ALL SELECT dip_id FROM dip)"


def _open(source: str, _: Limits) -> str:
    return f"SELECT * FROM {source}"


_OF_CONTACT = Rule(_of_contact)
_NAMES = Rule(_open)
_ALL = ("channel", "product", "team")

RULES: dict[str, Rule] = {
    "contact": by_columns(*_ALL),
    "contact_place": _NAMES,  # hashes of ids and days: it says nothing of what a contact is
    "utterance": _OF_CONTACT,
    "category_hit": _OF_CONTACT,
    "topic_segment": _OF_CONTACT,
    "category": _NAMES,
    "tag": _NAMES,
    "topic": Rule(_topic, kept=True),
    "topic_event": Rule(_topic_event, kept=True),
    "topic_birth": Rule(_wholly_seen, kept=True),
    "topic_day": by_columns("channel", "product"),
    "person_tag": Rule(_wholly_seen, kept=True),
    "keyword_hour": by_columns("channel"),
    "spike": _event("spike_id", "channel"),
    "dip": _event("dip_id", "channel", "team"),
    "sentiment_hour": by_columns(*_ALL),
    "kpi_day": by_columns("channel", "team"),
    "kpi_cube": by_columns(*_ALL),
    "forecast_hour": by_columns("channel"),
    "mood_change": by_columns("channel"),
    "alert": Rule(_alert),
}
"""The rules by table. Not named, so empty for limited viewers: word and driver, which are over all contacts and have no
column to cut by; rejected, landed_file, quality and run, which tell of sources, not of contacts."""
