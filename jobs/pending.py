"""Which local days have records in landing that no conform has read yet.

The manifest says when each file came and which days it touches, table `run` which files each conform read and which
days it covered.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq

from analytics.schema import TABLES
from analytics.settings import Settings
from jobs.sources.manifest import LandedFile, manifest
from jobs.window import Window


@dataclass(frozen=True)
class _Pass:
    """One conform that was done: its days, when it began to read landing, and the newest file of each source in it."""

    window: Window
    began: dt.datetime
    landed: Mapping[str, dt.datetime] | None

    def has_read(self, file: LandedFile) -> bool:
        """Return whether it read a file, if the file says something of its days."""
        if self.landed is None:  # made by a version that did not note it
            return self.began > file.collected_at
        return file.source in self.landed and file.collected_at <= self.landed[file.source]


def pending_days(settings: Settings) -> dict[dt.date, int]:
    """Return the days to be worked through, each with the number of files that came for it since it last was."""
    passes = _passes(settings.lake)
    found: dict[dt.date, int] = {}
    for file in manifest(settings.landing):
        for day in _unread(file, passes):
            found[day] = found.get(day, 0) + 1
    return dict(sorted(found.items()))


def windows_of(days: Iterable[dt.date]) -> list[Window]:
    """Return the windows that cover the days and no others, in order.

    Examples
    --------
    >>> days = [dt.date(2026, 3, 1), dt.date(2026, 3, 2), dt.date(2026, 3, 9)]
    >>> [(str(window.first), window.n_days) for window in windows_of(days)]
    [('2026-03-01', 2), ('2026-03-09', 1)]
    """
    windows: list[Window] = []
    for day in sorted(set(days)):
        if windows and (day - windows[-1].last).days == 1:
            windows[-1] = Window(windows[-1].first, day)
        else:
            windows.append(Window(day, day))
    return windows


def newest_landed(files: Iterable[LandedFile]) -> str:
    """Return what a conform notes of the landing files it reads: the newest of each source, as JSON.

    The clock of a conform does not tell which files it read: it may be set back. Times of collection do, since each
    file of a source gets a later one than the file before, whatever the clock says.
    """
    newest: dict[str, str] = {}
    for file in sorted(files, key=lambda file: file.collected_at):
        newest[file.source] = file.collected_at.isoformat()
    return json.dumps(newest, sort_keys=True)


def _landed(inputs: Mapping[str, str]) -> dict[str, dt.datetime] | None:
    if "landed" not in inputs:
        return None
    return {source: dt.datetime.fromisoformat(at) for source, at in json.loads(inputs["landed"]).items()}


def _unread(file: LandedFile, passes: Sequence[_Pass]) -> list[dt.date]:
    later = [done.window for done in passes if done.has_read(file)]
    return [day for day in file.days if not any(window.first <= day <= window.last for window in later)]


def done_runs(lake: Path, job: str | None = None, *, damaged: Collection[Path] = ()) -> list[dict[str, Any]]:
    """Return the rows of table `run` that went well, of one job or of all, in order of `finished_at`.

    Files known to be `damaged` are left out.
    """
    files = sorted({*(lake / "run").glob("[!_]*.parquet")} - {*damaged})
    if not files:
        return []
    rows = pq.read_table([str(file) for file in files], schema=TABLES["run"].arrow())
    done = rows.filter(pc.field("status") == "done")
    done = done if job is None else done.filter(pc.field("job") == job)
    found: list[dict[str, Any]] = done.sort_by("finished_at").to_pylist()
    return found


def _passes(lake: Path) -> list[_Pass]:
    return [
        _Pass(
            Window(row["window_start"], row["window_end"]),
            row["finished_at"] - dt.timedelta(seconds=row["seconds"]),
            _landed(json.loads(row["inputs"] or "{}")),
        )
        for row in done_runs(lake, "conform")
    ]
