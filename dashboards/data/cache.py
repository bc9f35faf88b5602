"""Answers of the warehouse, kept until the next publication: twenty people who ask the same have it computed once."""

from __future__ import annotations

import datetime as dt
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Protocol

import numpy as np
import pandas as pd

from analytics.access.limits import Limits

MAX_BYTES = 256 * 2**20
"""Of all frames kept together; a page's frames are some hundred kilobytes."""
_LARGEST_PART = 8
"""A frame larger than this part of the whole is not kept: it would drive out everything else."""
_NO_LIMITS = Limits()

Parameters = Sequence[object] | Mapping[str, object] | None


class VersionedReader(Protocol):
    """What is asked of `analytics.warehouse.WarehouseReader`."""

    @property
    def path(self) -> Path:
        """The published file."""

    @property
    def exists(self) -> bool:
        """Whether something was published."""

    @property
    def version(self) -> str:
        """A text that changes with each publication."""

    def query(self, sql: str, parameters: Parameters = None, *, limits: Limits) -> pd.DataFrame:
        """Run one statement over the contacts that the limits admit."""


class CachedReader:
    """A reader that remembers answers by publication, limits, statement and parameters. Safe in many threads.

    An answer that is being computed is waited for, not computed again. Every caller gets a frame of its own. Only
    statements whose answer is the same each time belong here: no `random()` or `now()`.

    Parameters
    ----------
    reader : VersionedReader
        The warehouse.
    max_bytes : int
        Bound of what is kept; the answers not asked for longest go first.
    """

    def __init__(self, reader: VersionedReader, max_bytes: int = MAX_BYTES) -> None:
        self._reader = reader
        self._max_bytes = max_bytes
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, tuple[pd.DataFrame, int]] = OrderedDict()
        self._under_way: dict[Hashable, Future[pd.DataFrame]] = {}
        self._version = ""
        self._n_bytes = 0

    @property
    def path(self) -> Path:
        """The published file."""
        return self._reader.path

    @property
    def exists(self) -> bool:
        """Whether something was published."""
        return self._reader.exists

    @property
    def version(self) -> str:
        """A text that changes with each publication."""
        return self._reader.version

    @property
    def n_bytes(self) -> int:
        """Bytes of what is kept."""
        return self._n_bytes

    def query(self, sql: str, parameters: Parameters = None, *, limits: Limits = _NO_LIMITS) -> pd.DataFrame:
        """Return all rows of one statement over the contacts that the limits admit, in a frame of the caller's own."""
        version = self._reader.version
        key = (version, limits, sql, _frozen(parameters))
        with self._lock:
            self._forget_older(version)
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key][0].copy()
            waiting = self._under_way.get(key)
            mine: Future[pd.DataFrame] = Future()
            if waiting is None:
                self._under_way[key] = mine
        if waiting is not None:
            return waiting.result().copy()
        return self._compute(key, mine, lambda: self._reader.query(sql, parameters, limits=limits))

    def _compute(
        self, key: tuple[Hashable, ...], mine: Future[pd.DataFrame], ask: Callable[[], pd.DataFrame]
    ) -> pd.DataFrame:
        try:
            frame = _guarded(ask())
            with self._lock:
                if key[0] == self._version:
                    self._keep(key, frame)
            mine.set_result(frame)
        finally:
            with self._lock:
                del self._under_way[key]
            if not mine.done():  # whoever waits meets the same error
                mine.set_exception(sys.exception())
        return frame.copy()

    def _keep(self, key: Hashable, frame: pd.DataFrame) -> None:
        n_bytes = _size(frame)
        if n_bytes > self._max_bytes // _LARGEST_PART:
            return
        self._kept[key] = (frame, n_bytes)
        self._n_bytes += n_bytes
        while self._n_bytes > self._max_bytes:
            self._n_bytes -= self._kept.popitem(last=False)[1][1]

    def _forget_older(self, version: str) -> None:
        """Drop what an earlier publication said: it may hold words that were erased since."""
        if version != self._version:
            self._kept.clear()
            self._n_bytes, self._version = 0, version


def _frozen(value: object) -> Hashable:
    """Return parameters as a key: 1, 1.0 and true are not the same, nor are a date and its text."""
    if isinstance(value, Mapping):
        return tuple(sorted((str(name), _frozen(part)) for name, part in value.items()))
    if isinstance(value, list | tuple | set | frozenset | np.ndarray):
        return (type(value).__name__, *(_frozen(part) for part in value))
    if isinstance(value, str | bytes | int | float | dt.date | dt.timedelta | None):
        return (type(value).__name__, value)
    return (type(value).__name__, repr(value))


def _guarded(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with the lists in its cells made read only: copies of a frame share them."""
    for name in frame.select_dtypes(object):
        for value in frame[name]:
            if isinstance(value, np.ndarray):
                value.flags.writeable = False
    return frame


def _size(frame: pd.DataFrame) -> int:
    arrays = [value for name in frame.select_dtypes(object) for value in frame[name] if isinstance(value, np.ndarray)]
    lists = sum(value.nbytes + sum(sys.getsizeof(part) for part in value) for value in arrays)
    return int(frame.memory_usage(deep=True).sum()) + lists
