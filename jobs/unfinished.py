"""unfinished: the local days that have records in landing which did not go all the way to the inbox yet.

    python -m jobs.unfinished

Stdout has one line, `{"days": ["2026-03-01"]}`. A day is finished when, after its last file came, `conform`, the last
job of each stage and `alert` were done over it, one after the other. So a day that was announced while a run went on,
or whose run failed or was killed half-way, is among them until a run brings it through.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from analytics.errors import KeshengError
from analytics.settings import Settings, load_settings
from jobs.pending import done_runs
from jobs.sources.manifest import manifest

MILESTONES = ("conform", "topics", "person_tag", "alert")
"""The last job of each stage, in order, and what follows them (`jobs.stage.STAGES`)."""

_Pass = tuple[dt.datetime, dt.datetime]
"""When a job began and ended over a day."""


def unfinished_days(settings: Settings) -> list[dt.date]:
    """Return the days to be worked through, in order."""
    came: dict[dt.date, dt.datetime] = {}
    for file in manifest(settings.landing):
        for day in file.days:
            came[day] = max(came.get(day, file.collected_at), file.collected_at)
    passes = _passes(done_runs(settings.lake), frozenset(came))
    return [day for day in sorted(came) if not is_through(came[day], passes[day])]


def is_through(came: dt.datetime, passes: Mapping[str, Sequence[_Pass]]) -> bool:
    """Return whether each milestone began after the one before it ended, the first after the last file came.

    Examples
    --------
    >>> at = [dt.datetime(2026, 3, 1, hour, tzinfo=dt.UTC) for hour in range(10)]
    >>> passes = {job: [(at[n], at[n + 1])] for n, job in enumerate(MILESTONES, 1)}
    >>> is_through(at[0], passes), is_through(at[2], passes)
    (True, False)
    """
    since = came
    for job in MILESTONES:
        ends = [ended for began, ended in passes.get(job, ()) if began >= since]
        if not ends:
            return False
        since = min(ends)
    return True


def main() -> int:
    """Run the command line."""
    try:
        days = unfinished_days(load_settings())
    except KeshengError as error:
        sys.stderr.write(f"kesheng: {error}\n")
        return error.exit_code
    sys.stdout.write(json.dumps({"days": [day.isoformat() for day in days]}) + "\n")
    return 0


def _passes(runs: Iterable[Mapping[str, Any]], days: frozenset[dt.date]) -> dict[dt.date, dict[str, list[_Pass]]]:
    found: dict[dt.date, dict[str, list[_Pass]]] = defaultdict(lambda: defaultdict(list))
    for run in runs:
        if run["job"] not in MILESTONES:
            continue
        times = run["finished_at"] - dt.timedelta(seconds=run["seconds"]), run["finished_at"]
        for offset in range((run["window_end"] - run["window_start"]).days + 1):
            day = run["window_start"] + dt.timedelta(days=offset)
            if day in days:
                found[day][run["job"]].append(times)
    return found


if __name__ == "__main__":
    sys.exit(main())
