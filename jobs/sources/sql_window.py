"""Where a collection of a database stands, such that late and equal cursors neither get lost nor come twice.

A cursor column alone does not tell what is new: two transactions can write the same time of change, and one that
began earlier can commit later, with a smaller one. So the last rows that were taken are remembered (the window); the
next collection reads from the window's start and skips those it knows.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from analytics.errors import ConfigError
from jobs.sources.json_line import packed, unpacked

MAX_REMEMBERED = 10_000
"""Rows of a window that a cursor holds one by one (107 kB); of more it holds the number and the sum of digests."""


def typed(value: Any, *, where: str) -> dict[str, str]:
    """Return a cursor's value as JSON with its type, so that it compares right when it comes back.

    Raises
    ------
    ConfigError
        If values of this type have no order that a database and we share.

    Examples
    --------
    >>> typed(Decimal("7.10"), where="orders"), untyped({"type": "int", "value": "7"})
    ({'type': 'Decimal', 'value': '7.10'}, 7)
    """
    if isinstance(value, dt.datetime):
        at = value if value.tzinfo is None else value.astimezone(dt.UTC)
        return {"type": "datetime", "value": at.isoformat()}
    if isinstance(value, bytes | bytearray | memoryview):
        return {"type": "bytes", "value": bytes(value).hex()}
    if isinstance(value, dt.date):
        return {"type": "date", "value": value.isoformat()}
    for kind in (int, float, Decimal, str, uuid.UUID):
        if isinstance(value, kind):
            return {"type": kind.__name__, "value": repr(value) if kind is float else str(value)}
    raise ConfigError(
        f"{where}: cursor and key must be columns of numbers, times, text or uuids, without nulls; got a value of type"
        f" {type(value).__name__}; give another column, or a query that makes one with coalesce or cast"
    )


def untyped(stored: Mapping[str, str]) -> Any:
    """Return the value that `typed` wrote."""
    readers: dict[str, Any] = {
        "datetime": dt.datetime.fromisoformat,
        "date": dt.date.fromisoformat,
        "bytes": bytes.fromhex,
        "int": int,
        "float": float,
        "Decimal": Decimal,
        "str": str,
        "UUID": uuid.UUID,
    }
    return readers[stored["type"]](stored["value"])


@dataclass(frozen=True)
class Position:
    """Where a collection stands.

    Attributes
    ----------
    floor : object or None
        Cursor at which the window begins; None while it holds every row.
    cursor, key : object
        Of the last row taken, in the order of (cursor, key).
    n_window, sum_window : int
        Number of rows taken from `floor` on, and the sum of their digests modulo 2^64.
    remembered : frozenset of int or None
        These digests; None if they are more than `MAX_REMEMBERED`.
    n_pieces : int
        Pieces so far.
    """

    floor: Any
    cursor: Any
    key: Any
    n_window: int
    sum_window: int
    remembered: frozenset[int] | None
    n_pieces: int

    def to_json(self, where: str) -> dict[str, Any]:
        """Return it as JSON."""
        ends = {name: typed(getattr(self, name), where=where) for name in ("cursor", "key")}
        floor = None if self.floor is None else typed(self.floor, where=where)
        window = {"n": self.n_window, "sum": self.sum_window}
        known = None if self.remembered is None else packed(sorted(self.remembered))
        return {**ends, "floor": floor, "window": window, "remembered": known, "n_pieces": self.n_pieces}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Position:
        """Return what `to_json` wrote."""
        known = stored["remembered"]
        return cls(
            floor=None if stored["floor"] is None else untyped(stored["floor"]),
            cursor=untyped(stored["cursor"]),
            key=untyped(stored["key"]),
            n_window=stored["window"]["n"],
            sum_window=stored["window"]["sum"],
            remembered=None if known is None else frozenset(unpacked(known)),
            n_pieces=stored["n_pieces"],
        )


@dataclass
class _Group:
    """Digests of the rows that share a cursor."""

    cursor: Any
    digests: list[int]


class Window:
    """The rows taken last: those within `lag_seconds` of the last one, the last `lag_rows`, and ties in any case.

    Parameters
    ----------
    lag_seconds, lag_rows : float, int
        How far it reaches back.
    where : str
        How to call the source in an error.

    Examples
    --------
    >>> window = Window(lag_seconds=0, lag_rows=2, where="orders")
    >>> for cursor, key in ((1, "a"), (2, "b"), (2, "c"), (3, "d")):
    ...     window.take(cursor, key, digest=ord(key))
    >>> position = window.position(n_pieces=1)
    >>> position.floor, position.cursor, position.key, sorted(map(chr, position.remembered))
    (2, 3, 'd', ['b', 'c', 'd'])
    """

    def __init__(self, *, lag_seconds: float, lag_rows: int, where: str) -> None:
        self._lag = dt.timedelta(seconds=lag_seconds)
        self._lag_rows = lag_rows
        self._where = where
        self._groups: deque[_Group] = deque()
        self._n_rows = 0
        self._last: tuple[Any, Any] | None = None
        self._floor: Any = None
        self._known: frozenset[int] = frozenset()
        self._unseen: set[int] = set()

    def resume(self, position: Position, known: frozenset[int]) -> None:
        """Begin with the rows `known` of a window; call `reread` on all its rows, then `reread_done`."""
        self._known, self._unseen = known, set(known)
        self._floor, self._last = position.floor, (position.cursor, position.key)

    def reread(self, cursor: Any, digest: int) -> bool:
        """Meet a row of the resumed window; return whether it is new."""
        self._unseen.discard(digest)
        self._append(cursor, digest)
        return digest not in self._known

    def reread_done(self) -> None:
        """Forget the rows that are no longer there: they have changed since and come again further on."""
        self._unseen = set()

    def take(self, cursor: Any, key: Any, digest: int) -> None:
        """Meet a row beyond the last one."""
        since = self._since(cursor) if self._lag else None
        self._append(cursor, digest)
        self._last = (cursor, key)
        while len(self._groups) > 1 and self._n_rows - len(self._groups[0].digests) >= self._lag_rows:
            if since is not None and self._groups[0].cursor >= since:
                break
            self._n_rows -= len(self._groups.popleft().digests)
            self._floor = self._groups[0].cursor

    def position(self, n_pieces: int) -> Position | None:
        """Return where the collection stands; None before the first row."""
        if self._last is None:
            return None
        digests = [*self._unseen, *(digest for group in self._groups for digest in group.digests)]
        return Position(
            floor=self._floor,
            cursor=self._last[0],
            key=self._last[1],
            n_window=len(digests),
            sum_window=sum_of(digests),
            remembered=frozenset(digests) if len(digests) <= MAX_REMEMBERED else None,
            n_pieces=n_pieces,
        )

    def _append(self, cursor: Any, digest: int) -> None:
        if not self._groups or self._groups[-1].cursor != cursor:
            self._groups.append(_Group(cursor, []))
        self._groups[-1].digests.append(digest)
        self._n_rows += 1

    def _since(self, cursor: Any) -> Any:
        if not isinstance(cursor, dt.date):
            raise ConfigError(
                f"{self._where}: sql.lag_seconds needs a cursor of times, got values of type {type(cursor).__name__};"
                " leave it out and set sql.lag_rows: how many rows before the last are read again"
            )
        return cursor - self._lag


def sum_of(digests: Iterable[int]) -> int:
    """Return the sum of digests modulo 2^64: the same for the same rows in any order."""
    return sum(digests) % (1 << 64)
