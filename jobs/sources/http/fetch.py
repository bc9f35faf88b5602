"""Collect the records of an interface, page by page, each version once."""

from __future__ import annotations

import datetime as dt
import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import httpx

from analytics.errors import ConfigError, StageError
from analytics.source_settings import HttpSettings
from jobs.sources.fetched import Fetched
from jobs.sources.http.client import PageReader, RefusedError
from jobs.sources.http.page import MISSING, Page, at_path, names_at_top
from jobs.sources.http.paging import Paging
from jobs.sources.http.progress import Position, Progress, Record, record_of
from jobs.sources.json_line import json_line

_MAX_REPEATED_PAGES = 3
_MAX_EMPTY_PAGES = 1_000
_EXPIRED = (400, 404, 410, 422)
"""Answers to a cursor that was good once."""


def utc_now() -> dt.datetime:
    """Return the time."""
    return dt.datetime.now(dt.UTC)


def fetch_http(
    settings: HttpSettings,
    cursor: Mapping[str, Any] | None,
    *,
    client: httpx.Client | None = None,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], dt.datetime] = utc_now,
    environ: Mapping[str, str] = os.environ,
) -> Iterator[Fetched]:
    """Yield the records that are new or changed since `cursor`, whole pages of them, about `batch_records` a piece.

    Parameters
    ----------
    settings : HttpSettings
        The interface and its paging.
    cursor : mapping or None
        That of the last piece landed; None, or one of another address or paging: everything.
    client : httpx.Client, optional
        Sends the requests; one with checks of certificates and `timeout_seconds` if not given.
    sleep, clock : callable
        How to wait, in seconds, and what time it is, for Retry-After.
    environ : mapping of str to str
        The environment, for `${NAME}` in address, headers and parameters.

    Yields
    ------
    Fetched
        A record that was taken and is the same comes no second time within a run, nor in the next if the interface
        is asked by time of change. An interface that is not is read as a whole by each collection.

    Raises
    ------
    ConfigError
        If a variable is not set, access is refused, pages are not as configured, or lead in a circle.
    StageError
        If the interface does not answer, or asks for more patience than `max_wait_seconds`.
    """
    read_from = [settings.url, settings.paging, settings.since_path]
    progress = Progress(cursor if cursor is not None and cursor.get("of") == read_from else None)
    paging = Paging(settings, environ)
    with PageReader(settings, client=client, sleep=sleep, clock=clock, environ=environ) as reader:
        while True:
            resumed, n_pieces = progress.position is not None, progress.n_pieces
            for data, position in _Run(settings, reader, paging, progress).pieces():
                progress.n_pieces += 1
                state = progress.to_json(position)
                yield Fetched(f"{progress.n_pieces:06d}.jsonl", data, {"of": read_from, **state})
            if not resumed or progress.n_pieces > n_pieces:
                return
            # The run that was broken off held nothing more, so no piece says that it is done: what is new needs a run.
            progress.begin_again()


class _Run:
    """One way through the pages, from the first or from where the last run was broken off."""

    def __init__(self, settings: HttpSettings, reader: PageReader, paging: Paging, progress: Progress) -> None:
        self._settings = settings
        self._reader = reader
        self._paging = paging
        self._progress = progress
        self._met: set[int] = set()
        self._visited: set[str] = set()
        self._n_repeated = self._n_empty = 0

    def pieces(self) -> Iterator[tuple[bytes, Position | None]]:
        """Yield pieces with the position behind each; None behind the last.

        A piece is held back until a page with more records is there, so that the last one always says that the run is
        done: a run without an end would be resumed for ever, and never ask for what is new.
        """
        piece: list[bytes] = []
        position: Position | None = self._start()
        while position is not None:
            page, records = self._page_at(position)
            new = self._progress.new_of(records)
            if piece and new and len(piece) + len(new) > self._settings.batch_records:
                yield b"".join(piece), position
                piece = []
            self._progress.take(new)
            piece += [json_line(record.value, where=self._reader.where) for record in new]
            position = self._paging.next(position, page)
        if piece:
            yield b"".join(piece), None

    def _start(self) -> Position:
        """Return the position to begin at: that of a broken run, if the interface still knows it."""
        stored = self._progress.position
        if stored is None:
            return self._paging.first()
        position = self._paging.resumed(stored)
        try:
            self._reader.read(*self._paging.request(position, self._progress.asked))
        except RefusedError as error:
            if error.status not in _EXPIRED:
                raise
            return self._paging.first()
        return position

    def _page_at(self, position: Position) -> tuple[Page, list[Record]]:
        """Return a page; one that brings nothing but what this run has met is asked for once more before it counts."""
        for _ in range(2):
            page = self._reader.read(*self._paging.request(position, self._progress.asked))
            records = [record_of(value, self._settings.since_path) for value in page.records]
            self._check_paths(page)
            digests = {record.digest for record in records}
            repeated = bool(digests) and digests <= self._met
            if not repeated:
                break
        self._met |= digests
        self._refuse_circles(position, page, repeated=repeated)
        return page, records

    def _refuse_circles(self, position: Position, page: Page, *, repeated: bool) -> None:
        following = self._paging.next(position, page)
        self._visited.add(_named(position))
        circle = following is not None and _named(following) in self._visited
        self._n_repeated = self._n_repeated + 1 if repeated or circle else 0
        self._n_empty = 0 if page.records else self._n_empty + 1
        if self._n_repeated >= _MAX_REPEATED_PAGES:
            raise ConfigError(
                f"{self._reader.where}: gives the same pages again and again, expected each once and an end; check"
                f" http.paging ({self._settings.paging}) and the names of its path and parameter"
            )
        if self._n_empty >= _MAX_EMPTY_PAGES:
            raise StageError(f"{self._reader.where}: {_MAX_EMPTY_PAGES} pages in a row without a record, and no end")

    def _check_paths(self, page: Page) -> None:
        """Refuse a page on which no record has what the settings name: a path is misspelt. One record may lack it."""
        for role in ("key", "since_path"):
            path = getattr(self._settings, role)
            if path and page.records and all(at_path(record, path) in (MISSING, None) for record in page.records):
                raise ConfigError(
                    f"{self._reader.where}: no record of a page has {path!r} (http.{role}); a record is"
                    f" {names_at_top(page.records[0])}"
                )


def _named(position: Position) -> str:
    return json.dumps(position, sort_keys=True)
