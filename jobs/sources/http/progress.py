"""Where a collection of an interface stands: in which run, at which page, and what of it was taken already.

A run goes through all pages once. It asks for what changed since the last run where the interface can do that; records
of that very time come again then, and those that were taken are told by digest. Digests cover key and content, so a
record that changed twice within a second is not mistaken for its former self.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from jobs.sources.http.page import at_path
from jobs.sources.json_line import digest_of, packed, unpacked

MAX_REMEMBERED = 5_000
"""Records that a cursor remembers of each sort, newest first (53 kB); of more, some come a second time."""

Position = dict[str, Any]


@dataclass(frozen=True)
class Record:
    """A record of a page, its digest, and its time of change (None if it has none)."""

    value: Any
    digest: int
    since: str | int | float | None


def record_of(value: Any, since_path: str) -> Record:
    """Return a record with what tells it apart; the order of its fields does not count.

    Examples
    --------
    >>> one, other = record_of({"id": 1, "at": 7}, "at"), record_of({"at": 7, "id": 1}, "at")
    >>> one.digest == other.digest, one.since
    (True, 7)
    """
    since = at_path(value, since_path) if since_path else None
    known = isinstance(since, str | int | float) and not isinstance(since, bool) and since != ""
    return Record(value, digest_of(json.dumps(value, sort_keys=True).encode()), since if known else None)


def moment(since: str | int | float | None) -> tuple[int, float, str]:
    """Return what times of change are ordered by: numbers, else times by the instant, else text.

    Examples
    --------
    >>> moment("2026-03-01T10:00:00+08:00") == moment("2026-03-01T02:00:00Z"), moment("9") < moment(10), moment(None)
    (True, True, (0, 0.0, ''))
    """
    if since is None:
        return (0, 0.0, "")
    try:
        return (1, float(since), "")
    except ValueError:
        pass
    try:
        at = dt.datetime.fromisoformat(str(since))
    except ValueError:
        return (3, 0.0, str(since))
    at = at if at.tzinfo else at.replace(tzinfo=dt.UTC)
    return (2, (at - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) / dt.timedelta(seconds=1), "")


class Progress:
    """What has been taken, in this run and at the edge of the last.

    Parameters
    ----------
    stored : mapping or None
        What `to_json` wrote with the last piece; None: a first run.

    Attributes
    ----------
    asked : str, int, float or None
        Time of change that this run asks from.
    position : dict or None
        Page to go on at; None: the first one.
    n_pieces : int
        Pieces so far.
    """

    def __init__(self, stored: Mapping[str, Any] | None) -> None:
        state = stored or {}
        self.position: Position | None = state.get("position")
        self.n_pieces: int = state.get("n_pieces", 0)
        self._highest: str | int | float | None = state.get("since")
        self._at_highest = _digests(state.get("at_since"))
        self.asked: str | int | float | None = state.get("asked")
        self._edge = _digests(state.get("edge"))
        self._recent = _digests(state.get("recent"))
        if self.position is None:
            self._begin()

    def begin_again(self) -> None:
        """Begin a run at its first page, asking from the latest time of change seen."""
        self.position = None
        self._recent = {}
        self._begin()

    def _begin(self) -> None:
        self.asked, self._edge = self._highest, dict(self._at_highest)

    def new_of(self, records: Iterable[Record]) -> list[Record]:
        """Return the records that were not taken, each once."""
        found = {
            record.digest: record
            for record in records
            if record.digest not in self._recent and record.digest not in self._edge
        }
        return list(found.values())

    def take(self, records: Iterable[Record]) -> None:
        """Enter records as taken."""
        for record in records:
            self._recent[record.digest] = None
            if moment(record.since) > moment(self._highest):
                self._highest, self._at_highest = record.since, {}
            if record.since is not None and moment(record.since) == moment(self._highest):
                self._at_highest[record.digest] = None

    def to_json(self, position: Position | None) -> dict[str, Any]:
        """Return it as JSON: the run goes on at `position`, or is done if that is None."""
        state = {"n_pieces": self.n_pieces, "since": self._highest, "at_since": _packed(self._at_highest)}
        if position is None:
            return {**state, "position": None}
        run = {"asked": self.asked, "edge": _packed(self._edge), "recent": _packed(self._recent)}
        return {**state, "position": position, **run}


def _digests(text: str | None) -> dict[int, None]:
    """Return digests in their order; a dict, as sets have none."""
    return dict.fromkeys(unpacked(text or ""))


def _packed(digests: Mapping[int, None]) -> str:
    return packed(list(digests)[-MAX_REMEMBERED:])
