"""What is lost when a job is killed: kill -9 at random moments, run again, compare with an undisturbed run.

``python -m benchmarks.faults [--jobs JOB ...] [--kills 20] [--keep DIR]`` makes a small home (three simulated days, two
of them analysed), and kills every job of the third day so often: two thirds of the kills at random times of its run,
one third when it is about to make, move or delete something in the lake. After every fourth kill the job is run to its
end, and all rows of landing, lake, warehouse and inbox are compared with those of an undisturbed run. Prints Markdown.
"""

from __future__ import annotations

import argparse
import importlib
import itertools
import random
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from analytics.settings import Settings, load_settings
from benchmarks.faults_home import go_back
from benchmarks.faults_kill import HEAD, Tally, run_forked
from benchmarks.faults_plain import PLAIN, plain_trial, prepare_plain
from benchmarks.faults_spark import JobWork, start_jvm
from benchmarks.faults_trials import Trial
from jobs import alert, publish
from jobs.collect import collect_source
from jobs.demo import simulate_centre
from jobs.stage import DAILY
from jobs.window import Window

FIRST, OLD, NEW = "2026-03-01", Window.parse("2026-03-01", "2026-03-02"), Window.parse("2026-03-03")
SEED = 20260303
_COMMITS = {"conform": 28, "topics": 36, "sentiment": 14, "flag": 14, "kpi": 14, "categorise": 14}
"""About how many commits a job makes; others write one table, which is seven."""


@dataclass(frozen=True)
class Place:
    """Where the trials are: the home that is tried on, and what it was before each job of the third day."""

    root: Path

    @property
    def settings(self) -> Settings:
        """Those of the home that is tried on."""
        return load_settings(home=self.root / "home")

    @property
    def log(self) -> Path:
        """What the killed ones said."""
        return self.root / "log.txt"

    def state(self, job: str) -> Path:
        """Return the home as it was before a job."""
        return self.root / "states" / job

    def keep(self, job: str) -> None:
        """Keep the home as what it is before a job."""
        private = self.state(f".{job}")
        shutil.rmtree(private, ignore_errors=True)
        shutil.copytree(self.settings.home, private)
        private.rename(self.state(job))


def prepare(place: Place, contacts: int, last: str) -> None:
    """Make the home before each job up to `last`, going on with what is there."""
    settings = place.settings
    if not place.state(DAILY[0]).exists():
        simulate_centre(settings.home / "demo", days=3, contacts_per_day=contacts, first_day=FIRST, seed=SEED)
        run_forked(lambda: _collected(settings), place.log)
        run_forked(JobWork(settings, DAILY, OLD), place.log)
        run_forked(lambda: _ended(settings, OLD), place.log)
        place.keep(DAILY[0])
    for job, following in itertools.pairwise(DAILY):
        if job == last:
            return
        if not place.state(following).exists():
            go_back(place.state(job), settings.home)
            run_forked(JobWork(settings, [job], NEW), place.log)
            place.keep(following)


def _collected(settings: Settings) -> None:
    collect_source("all", settings)


def _ended(settings: Settings, window: Window) -> None:
    alert.run(settings, window.first, window.last, send=False)
    publish.run(settings)


def spark_trial(place: Place, job: str) -> Trial:
    """Return the trial of a Spark job on the third day."""
    settings = place.settings
    return Trial(
        job,
        settings,
        place.state(job),
        lambda commit: JobWork(settings, [job], NEW, commit),
        place.log,
        commits=_COMMITS.get(job, 7),
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the arguments, try the jobs, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", nargs="*", default=[*DAILY, *PLAIN])
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--contacts", type=int, default=120, help="a day")
    parser.add_argument("--keep", type=Path, help="folder for what is made; it is not removed, and gone on with")
    given = parser.parse_args(arguments)
    place = Place(given.keep or Path(tempfile.mkdtemp(prefix="kesheng-faults-")))
    place.state("").mkdir(parents=True, exist_ok=True)
    for job in DAILY:  # once, before the forks
        importlib.import_module(f"jobs.{job}")
    try:
        if any(job in DAILY for job in given.jobs) or not place.state(DAILY[0]).exists():
            start_jvm()
        print(HEAD, flush=True)
        for job in given.jobs:
            prepare(place, given.contacts, job if job in DAILY else DAILY[0])
            if job in PLAIN:
                prepare_plain(place, place.state(DAILY[0]), OLD)
            trial = spark_trial(place, job) if job in DAILY else plain_trial(place, job, OLD)
            _print(trial.killed(given.kills, random.Random(f"{SEED}-{job}")))
    finally:
        if given.keep is None:
            shutil.rmtree(place.root, ignore_errors=True)


def _print(tally: Tally) -> None:
    print(tally.row(), flush=True)
    if tally.differing:
        print(f"{tally.job}: differs in {', '.join(tally.differing)}", file=sys.stderr)


if __name__ == "__main__":
    main()
