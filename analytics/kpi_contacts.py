"""The contact as indicators see it: the columns that a declaration may name, and the SQL that gives them.

Some are not in the table: how long ago the person was here before, and when again. They are the same whether a job
computes them over the lake or a page over the warehouse, because both take the SQL from here.
"""

from __future__ import annotations

import pyarrow as pa

from analytics.schema import TABLES
from analytics.schema.table import BOOL, INT, REAL, TEXT, TIME

_HIDDEN = frozenset({"day", "title", "file", "position"})
"""Columns of `contact` that no indicator is computed from: words of a customer, and where a row came from."""

CONTACT_COLUMNS: dict[str, pa.DataType] = {
    field.name: field.type for field in TABLES["contact"].arrow(later=True) if field.name not in _HIDDEN
}
"""Columns of the published table `contact` that a declaration may name, with their types."""

DERIVED: dict[str, tuple[str, tuple[str, ...], str]] = {
    "hours_since_person": ("DOUBLE", ("person_id", "started_at"), "距同一客户上一次联络（任意渠道）的小时数"),
    "hours_since_topic": (
        "DOUBLE",
        ("person_id", "topic_id", "started_at"),
        "距同一客户上一次为同一话题联络（任意渠道）的小时数",
    ),
    "hours_until_topic": (
        "DOUBLE",
        ("person_id", "topic_id", "started_at"),
        "到同一客户下一次为同一话题联络（任意渠道）的小时数",
    ),
    "hours_seen": ("DOUBLE", ("started_at",), "从联络开始到数据里最新一条联络的小时数"),
    "seen_until": ("TIMESTAMPTZ", (), "数据里最新一条联络的开始时间"),
}
"""Columns that are computed: name to type, the columns it is computed from, and what it is."""

_SQL_TYPES = {TEXT: "VARCHAR", INT: "BIGINT", REAL: "DOUBLE", BOOL: "BOOLEAN", TIME: "TIMESTAMPTZ"}
_ID_ORDER = "ORDER BY started_at, contact_id"


def column_types() -> dict[str, str]:
    """Return every column that a declaration may name with its DuckDB type.

    Examples
    --------
    >>> column_types()["rating"], column_types()["hours_seen"]
    ('DOUBLE', 'DOUBLE')
    """
    stored = {name: _SQL_TYPES[kind] for name, kind in CONTACT_COLUMNS.items()}
    return stored | {name: kind for name, (kind, _, _) in DERIVED.items()}


def stored_columns(columns: tuple[str, ...]) -> tuple[str, ...]:
    """Return the columns of `contact` behind columns of a declaration, in order of name.

    Examples
    --------
    >>> stored_columns(("hours_since_topic", "kind"))
    ('kind', 'person_id', 'started_at', 'topic_id')
    """
    found = {name for column in columns for name in (DERIVED[column][1] if column in DERIVED else (column,))}
    return tuple(sorted(found))


def with_history(contacts: str, seen_until: str) -> str:
    """Return the SELECT of `contacts` (a table's name or a SELECT in brackets) with the derived columns.

    `seen_until` is SQL for the start of the newest contact there is. Contacts of one moment come in order of their id.
    A person or topic that is not known has no history.
    """
    # An unknown person is a person of his own: one partition of all of them would be sorted for nothing.
    person = "PARTITION BY coalesce(person_id, contact_id)"
    topic = f"{person}, coalesce(topic_id, contact_id)"
    before, after = "epoch(started_at) - epoch(lag(started_at)", "epoch(lead(started_at)"
    return f"""
        SELECT *,
            ({before} OVER ({person} {_ID_ORDER}))) / 3600 AS hours_since_person,
            ({before} OVER ({topic} {_ID_ORDER}))) / 3600 AS hours_since_topic,
            ({after} OVER ({topic} {_ID_ORDER})) - epoch(started_at)) / 3600 AS hours_until_topic,
            (epoch({seen_until}) - epoch(started_at)) / 3600 AS hours_seen,
            {seen_until} AS seen_until
        FROM {contacts} AS contacts
        WHERE started_at IS NOT NULL
    """
