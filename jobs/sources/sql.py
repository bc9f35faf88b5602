"""Collect rows of a database that are new or changed, each version once.

One collection reads one snapshot, in the order of (cursor, key). Its rows are cut to pieces of the same size; a piece
carries the position behind its last row, with what is remembered of the rows before it (`sql_window`).
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from analytics.source_settings import SqlSettings
from jobs.sources.fetched import Fetched
from jobs.sources.json_line import digest_of, json_line
from jobs.sources.sql_database import Database, connected
from jobs.sources.sql_window import Position, Window, sum_of, typed

_MAX_PIECE_BYTES = 64_000_000
"""A piece is conformed by one task, in memory."""


def fetch_sql(
    settings: SqlSettings, cursor: Mapping[str, Any] | None, *, environ: Mapping[str, str] = os.environ
) -> Iterator[Fetched]:
    """Yield the rows that are new or changed since `cursor`, `batch_rows` a piece.

    Parameters
    ----------
    settings : SqlSettings
        Database, table or query, and the columns that order it.
    cursor : mapping or None
        That of the last piece landed; None, or one of another table or of other ordering columns: everything.
    environ : mapping of str to str
        The environment, for `${NAME}` in the address.

    Yields
    ------
    Fetched
        Pieces in the order of (cursor, key). A row that was taken and has not changed does not come again. The one
        exception: if the window holds more than `sql_window.MAX_REMEMBERED` rows and one was added to it or left it,
        the window comes again, as which of its rows was known can then not be told.

    Raises
    ------
    ConfigError
        If address, driver, login, table, query or columns are wrong, or the cursor has nulls.
    SchemaError
        If a column's values cannot be written as JSON.
    StageError
        If the database fails while it is read.
    """
    read_from = [settings.table or "", settings.cursor, settings.key]
    same = cursor is not None and cursor.get("of") == read_from
    position = Position.from_json(cursor) if cursor is not None and same else None
    n_pieces = 0 if position is None else position.n_pieces
    with connected(settings, environ) as database:
        window = Window(lag_seconds=settings.lag_seconds, lag_rows=settings.lag_rows, where=database.where)
        for data in _cut(_new_lines(database, settings, window, position), settings.batch_rows):
            n_pieces += 1
            stands = window.position(n_pieces)
            assert stands is not None
            yield Fetched(f"{n_pieces:06d}.jsonl", data, {"of": read_from, **stands.to_json(database.where)})


def _cut(lines: Iterator[bytes], n_lines: int) -> Iterator[bytes]:
    """Join lines to pieces; a piece is given out before the line behind it is asked for."""
    piece: list[bytes] = []
    n_bytes = 0
    for line in lines:
        piece.append(line)
        n_bytes += len(line)
        if len(piece) >= n_lines or n_bytes >= _MAX_PIECE_BYTES:
            yield b"".join(piece)
            piece, n_bytes = [], 0
    if piece:
        yield b"".join(piece)


def _new_lines(database: Database, settings: SqlSettings, window: Window, position: Position | None) -> Iterator[bytes]:
    """Yield the lines of rows not taken yet; `window` then covers all that were yielded, and no other."""
    table = _Lines(database, settings)
    known = None if position is None else _known(table, position)
    if position is None:
        beyond = None
    elif known is None:
        beyond = table.from_floor(position)
    else:
        beyond = table.behind(position)
        window.resume(position, known)
        for cursor, _, line in table.read(table.in_window(position)):
            if window.reread(cursor, digest_of(line)):
                yield line
        window.reread_done()
    for cursor, key, line in table.read(beyond):
        window.take(cursor, key, digest_of(line))
        yield line


def _known(table: _Lines, position: Position) -> frozenset[int] | None:
    """Return the digests of the rows taken in the window; None if they cannot be told any more."""
    if position.remembered is not None:
        return position.remembered
    found = [digest_of(line) for _, _, line in table.read(table.in_window(position))]
    same = (len(found), sum_of(found)) == (position.n_window, position.sum_window)
    return frozenset(found) if same else None


class _Lines:
    """Rows of a database as (cursor, key, line of JSON), and the conditions that part them at a position."""

    def __init__(self, database: Database, settings: SqlSettings) -> None:
        self._database = database
        self._at = [database.columns.index(name) for name in (settings.cursor, settings.key)]

    def behind(self, position: Position) -> sa.ColumnElement[bool]:
        """Rows behind the last one taken. The first half says nothing new, but lets an index on the cursor be used."""
        cursor, key = self._database.cursor, self._database.key
        tied = sa.and_(cursor == position.cursor, key > position.key)
        return sa.and_(cursor >= position.cursor, sa.or_(cursor > position.cursor, tied))

    def in_window(self, position: Position) -> sa.ColumnElement[bool]:
        """Rows from the window's start to the last one taken."""
        cursor, key = self._database.cursor, self._database.key
        tied = sa.and_(cursor == position.cursor, key <= position.key)
        up_to_last = sa.and_(cursor <= position.cursor, sa.or_(cursor < position.cursor, tied))
        return sa.and_(self.from_floor(position), up_to_last)

    def from_floor(self, position: Position) -> sa.ColumnElement[bool]:
        """Rows from the window's start on."""
        return sa.true() if position.floor is None else self._database.cursor >= position.floor

    def read(self, condition: sa.ColumnElement[bool] | None) -> Iterator[tuple[Any, Any, bytes]]:
        """Yield the rows that meet a condition."""
        names, (cursor_at, key_at) = self._database.columns, self._at
        for row in self._database.rows(condition):
            if row[key_at] is None:
                typed(None, where=self._database.where)  # a null is neither before nor behind a key: it would be lost
            record = dict(zip(names, row, strict=True))
            yield row[cursor_at], row[key_at], json_line(record, where=self._database.where)
