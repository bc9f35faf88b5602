"""Which local days a killed run left half-worked, and whether the warehouse is behind the lake.

Nothing is kept for this. The events of lineage tell which jobs began and did not end; the table `run` tells of days on
which a job was done and those after it were not: the run was killed between two jobs.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

from analytics.settings import Settings
from jobs.pending import done_runs
from jobs.sources.manifest import manifest
from jobs.stage import DAILY
from jobs.window import Window

LAST = "alert"
"""The job that ends the work on a day; the warehouse and the messages are of all days."""
_OF_A_DAY = (*DAILY, LAST)


def cut_off_days(settings: Settings, *, damaged: Collection[Path] = ()) -> list[dt.date]:
    """Return the days whose work did not come to its end and was not done again; of days that landing knows.

    Parameters
    ----------
    damaged : collection of Path
        Files of the lake that cannot be read.
    """
    known = {day for file in manifest(settings.landing) for day in file.days}
    rows = done_runs(settings.lake, damaged=damaged)
    return sorted((_begun_only(settings.home / "lineage") | _between_jobs(rows)) & known)


def is_publication_behind(settings: Settings, *, damaged: Collection[Path] = ()) -> bool:
    """Return whether work on some day was ended after the last publication."""
    last = dict.fromkeys(("publish", LAST), dt.datetime.min.replace(tzinfo=dt.UTC))
    for row in done_runs(settings.lake, damaged=damaged):
        last[row["job"]] = row["finished_at"]
    return last[LAST] > last["publish"]


def _begun_only(folder: Path) -> set[dt.date]:
    """Return the days of jobs that began, and neither ended nor were done again."""
    open_runs: dict[str, tuple[str, set[dt.date]]] = {}
    for event in _events(folder):
        job, run_id = event["job"]["name"], event["run"]["runId"]
        days = _days(event)
        if job not in _OF_A_DAY or not days:
            continue
        if event["eventType"] == "START":
            open_runs[run_id] = (job, days)
            continue
        open_runs.pop(run_id, None)
        if event["eventType"] == "COMPLETE":
            for other, (same_job, left) in list(open_runs.items()):
                if same_job == job:
                    open_runs[other] = (job, left - days)
    return {day for _, days in open_runs.values() for day in days}


def _between_jobs(rows: Sequence[dict[str, Any]]) -> set[dt.date]:
    """Return the days on which a job was done later than the last one of them all.

    Examples
    --------
    >>> first, second = dt.date(2026, 3, 1), dt.date(2026, 3, 2)
    >>> row = {"job": "alert", "window_start": first, "window_end": first}
    >>> kpi = {"job": "kpi", "window_start": first, "window_end": second}
    >>> _between_jobs([kpi, row]) == {second}, _between_jobs([kpi, row, kpi]) == {first, second}
    (True, True)
    """
    is_open: dict[dt.date, bool] = {}
    for row in rows:  # in order of their end
        if row["job"] in _OF_A_DAY:
            for day in Window(row["window_start"], row["window_end"]).days:
                is_open[day] = row["job"] != LAST
    return {day for day, still in is_open.items() if still}


def _events(folder: Path) -> Iterator[dict[str, Any]]:
    for file in sorted(folder.glob("*.ndjson")):
        for line in file.read_text("utf-8").splitlines():
            try:
                yield json.loads(line)
            except ValueError:  # cut off by the crash that is to be repaired
                continue


def _days(event: dict[str, Any]) -> set[dt.date]:
    nominal = event["run"].get("facets", {}).get("nominalTime")
    if not nominal:
        return set()
    first, after = (dt.date.fromisoformat(nominal[f"nominal{end}Time"][:10]) for end in ("Start", "End"))
    return {first + dt.timedelta(days=n) for n in range((after - first).days)}
