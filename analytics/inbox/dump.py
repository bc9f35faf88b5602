"""All rows of an inbox as text, and back: to keep it safe, or to move it from SQLite to PostgreSQL."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Column, DefaultClause, Table, func, insert, select, text
from sqlalchemy.orm import Session

import analytics.inbox.labels
import analytics.inbox.tables
import analytics.inbox.topic_labels
import analytics.inbox.topics  # noqa: F401 - these declare the tables
from analytics.errors import ConfigError
from analytics.inbox.database import Base, UtcTime, open_database, reading, writing

_BLOCK = 1000


def dumped(url: str) -> dict[str, list[str]]:
    """Return table → its rows, each a line of JSON, in order of their key; all of one moment.

    Raises
    ------
    ConfigError
        If the inbox cannot be opened.
    """
    engine = open_database(url)
    try:
        with reading(engine) as session:
            return {table.name: list(_lines(session, table)) for table in Base.metadata.sorted_tables}
    finally:
        engine.dispose()


def restore(url: str, lines: Mapping[str, list[str]]) -> dict[str, int]:
    """Put rows into an inbox that has none; return how many went into each table. All of them, or nothing.

    Raises
    ------
    ConfigError
        If the inbox has rows, or the lines name a table or column that this version does not have.
    """
    tables = {table.name: table for table in Base.metadata.sorted_tables}
    unknown = sorted(set(lines) - set(tables))
    if unknown:
        raise ConfigError(f"inbox: expected tables {', '.join(tables)}, got {', '.join(unknown)}; install that version")
    engine = open_database(url)
    try:
        with writing(engine) as session:
            _refuse_rows(session, tables)
            for name, table in tables.items():
                rows = [_row(table, line) for line in lines.get(name, ())]
                for start in range(0, len(rows), _BLOCK):
                    session.execute(insert(table), rows[start : start + _BLOCK])
                _count_on(session, table)
    finally:
        engine.dispose()
    return {name: len(lines.get(name, ())) for name in tables}


def refuse_rows(url: str) -> None:
    """Raise `ConfigError` if an inbox has rows: nothing could be restored into it."""
    engine = open_database(url)
    try:
        with reading(engine) as session:
            _refuse_rows(session, {table.name: table for table in Base.metadata.sorted_tables})
    finally:
        engine.dispose()


def _lines(session: Session, table: Table) -> Iterator[str]:
    for row in session.execute(select(table).order_by(*table.primary_key.columns)).mappings():
        values = {
            name: value.isoformat() if isinstance(value, dt.datetime) else value
            for name, value in row.items()
            if value is not None
        }
        yield json.dumps(values, ensure_ascii=False, sort_keys=True)


def _row(table: Table, line: str) -> dict[str, Any]:
    given = json.loads(line)
    unknown = sorted(set(given) - {column.name for column in table.columns})
    if unknown:
        raise ConfigError(f"inbox: table {table.name}: unknown columns {', '.join(unknown)}; install that version")
    row: dict[str, Any] = {}
    for column in table.columns:
        value = given.get(column.name, _default(column))
        is_time = isinstance(column.type, UtcTime) and value is not None
        row[column.name] = dt.datetime.fromisoformat(value) if is_time else value
    return row


def _default(column: Column[Any]) -> object:
    """Return what a row of before the column came has there."""
    if not isinstance(column.server_default, DefaultClause):
        return None
    return column.type.python_type(str(column.server_default.arg))


def _refuse_rows(session: Session, tables: Mapping[str, Table]) -> None:
    full = [name for name, table in tables.items() if session.scalar(select(func.count()).select_from(table))]
    if full:
        raise ConfigError(f"inbox: expected an empty one to restore into, got rows in {', '.join(full)}")


def _count_on(session: Session, table: Table) -> None:
    """Let PostgreSQL's counters go on after the numbers that were restored."""
    if session.get_bind().dialect.name != "postgresql":
        return
    for column in table.primary_key.columns:
        if column.type.python_type is int and len(table.primary_key.columns) == 1:
            session.execute(
                text(
                    f"SELECT setval(pg_get_serial_sequence('{table.name}', '{column.name}'),"
                    f" coalesce((SELECT max({column.name}) FROM {table.name}), 0) + 1, false)"
                )
            )
