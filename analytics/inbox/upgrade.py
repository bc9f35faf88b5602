"""Bring an inbox of an earlier version up to date: add tables and columns, move what has a new place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Column, Connection, Inspector, MetaData, inspect, text
from sqlalchemy.engine import Engine
from sqlalchemy.schema import CreateColumn

from analytics.errors import ConfigError

_Missing = Mapping[str, list[Column[Any]]]

# An inbox of before deliveries had numbers; its alerts have no parts and its mutes lasted a week.
_OUTBOX = """
INSERT INTO delivery (delivery_id, alert_id, way, sequence, reason, state, attempts, doubts, sent_at, last_error)
SELECT alert_id || ':' || channel || ':1', alert_id, channel, 1, 'new', state, attempts, 0, sent_at, last_error
FROM outbox
"""
_PARTS = """
INSERT INTO alert_part (found_id, alert_id, spike_id, severity, started_at, ended_at, n_contacts, n_windows)
SELECT alert_id, alert_id, spike_id, severity, started_at, started_at, 0, 1 FROM alert
"""
_MUTES = {
    "sqlite": """
INSERT INTO mute (kind, key, channel, since, until, made_by, why)
SELECT NULL, key, channel, changed_at, strftime('%Y-%m-%d %H:%M:%f000', changed_at, '+7 days'), coalesce(owner, ''), ''
FROM alert WHERE state = 'muted' AND changed_at IS NOT NULL
""",
    "postgresql": """
INSERT INTO mute (kind, key, channel, since, until, made_by, why)
SELECT NULL, key, channel, changed_at, changed_at + INTERVAL '7 days', coalesce(owner, ''), ''
FROM alert WHERE state = 'muted' AND changed_at IS NOT NULL
""",
}


def upgrade(engine: Engine, tables: MetaData, lock: Callable[[Connection], None]) -> None:
    """Make what is missing of `tables`, in one transaction; most often nothing is.

    Raises
    ------
    ConfigError
        If a column is missing that cannot be added to a table with rows.
    """
    with engine.connect() as connection:
        found = inspect(connection)
        if not (_missing_tables(found, tables) or _missing_columns(found, tables) or found.has_table("outbox")):
            return
    with engine.begin() as connection:
        lock(connection)
        # Looked at again: another process may have done it while this one waited.
        found = inspect(connection)
        old = found.has_table("outbox")
        _add_columns(connection, _missing_columns(found, tables))
        tables.create_all(connection)
        if old:
            for statement in (_OUTBOX, _PARTS, _MUTES[connection.dialect.name], "DROP TABLE outbox"):
                connection.exec_driver_sql(statement)


def _missing_tables(found: Inspector, tables: MetaData) -> set[str]:
    return set(tables.tables) - set(found.get_table_names())


def _missing_columns(found: Inspector, tables: MetaData) -> _Missing:
    missing = {}
    for name, table in tables.tables.items():
        if found.has_table(name):
            there = {column["name"] for column in found.get_columns(name)}
            missing[name] = [column for column in table.columns if column.name not in there]
    return {name: columns for name, columns in missing.items() if columns}


def _add_columns(connection: Connection, missing: _Missing) -> None:
    for table, columns in missing.items():
        for column in columns:
            if column.primary_key or not (column.nullable or column.server_default is not None):
                raise ConfigError(
                    f"inbox: table {table} has no column {column.name}, and it cannot be added; expected a database "
                    "that this version or an earlier one made. Give another inbox.url, or move the old file away"
                )
            declared = CreateColumn(column).compile(dialect=connection.dialect)
            connection.execute(text(f'ALTER TABLE "{table}" ADD COLUMN {declared}'))
