"""Which local days were made with other dictionaries, models or rules than a run would use now.

Nothing is kept for this: table `run` has what each job used on each day (`inputs`), and each job's module says by
`inputs(settings)` what it would use. A job without that function depends on its tables alone.
"""

from __future__ import annotations

import datetime as dt
import importlib.util
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from analytics.schema import UNDATED_DAY
from analytics.settings import Settings
from jobs.pending import done_runs
from jobs.retention import forgotten_before
from jobs.stage import DAILY
from jobs.window import Window

Inputs = Mapping[str, str]
NEVER_RAN = "never ran"


@dataclass(frozen=True)
class StaleDay:
    """One day that a run now would make otherwise.

    Attributes
    ----------
    day : date
        Local day.
    changes : dict of str to tuple of str
        Job, in order of `DAILY`, to the names of its inputs that changed; `NEVER_RAN` for a job that came later.
    """

    day: dt.date
    changes: Mapping[str, tuple[str, ...]]

    @property
    def first_job(self) -> str:
        """The job from which on the day is to be run again."""
        return next(iter(self.changes))

    @property
    def reason(self) -> str:
        """Jobs and what changed for them, as "segment: dictionary; sentiment: model"."""
        return "; ".join(f"{job}: {', '.join(names)}" for job, names in self.changes.items())


def stale_days(settings: Settings, current: Mapping[str, Inputs] | None = None) -> list[StaleDay]:
    """Return the days to be run again, in order; days whose records retention deleted are none.

    Parameters
    ----------
    settings : Settings
        Where the lake is, and what a run would use.
    current : mapping of str to mapping, optional
        Inputs by job; those of `current_inputs` if not given.
    """
    current = current_inputs(settings) if current is None else current
    used: dict[dt.date, dict[str, Inputs]] = {}
    for row in done_runs(settings.lake):  # oldest first, so that the last run of a day stands
        for day in Window(row["window_start"], row["window_end"]).days:
            used.setdefault(day, {})[row["job"]] = json.loads(row["inputs"] or "{}")
    first = forgotten_before(settings)
    kept = [day for day in sorted(used) if day == UNDATED_DAY or day >= first]
    found = [StaleDay(day, _changes(used[day], current)) for day in kept]
    return [day for day in found if day.changes]


def current_inputs(settings: Settings, jobs: Collection[str] = DAILY) -> dict[str, Inputs]:
    """Return what each of the daily `jobs` that says so would use now, in order of `DAILY`.

    Asking `sentiment` makes its model where there is none yet.

    Raises
    ------
    ConfigError
        If a list, a rule or a model that a run would read cannot be read.
    """
    return {job: importlib.import_module(f"jobs.{job}").inputs(settings) for job in _asked(jobs)}


def first_job(days: Sequence[StaleDay]) -> str:
    """Return the job from which on all these days are to be run: the earliest that any of them needs."""
    return min((day.first_job for day in days), key=DAILY.index)


def _asked(jobs: Collection[str]) -> list[str]:
    return [job for job in DAILY if job in jobs and _says_inputs(job)]


def _says_inputs(job: str) -> bool:
    """Look into the source: importing all jobs to ask them takes ten seconds, most of them for jobs without inputs."""
    spec = importlib.util.find_spec(f"jobs.{job}")
    return spec is not None and "\ndef inputs(" in Path(str(spec.origin)).read_text(encoding="utf-8")


def _changes(used: Mapping[str, Inputs], current: Mapping[str, Inputs]) -> dict[str, tuple[str, ...]]:
    """Job to changed inputs; a day that none of these jobs has worked on is not stale but pending."""
    if not used.keys() & current.keys():
        return {}
    changes: dict[str, tuple[str, ...]] = {}
    for job, now in current.items():
        before = used.get(job)
        if before is None:
            changes[job] = (NEVER_RAN,)
        elif changed := tuple(name for name, value in now.items() if before.get(name) != value):
            changes[job] = changed
    return changes
