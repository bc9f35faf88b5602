"""Run jobs, alone or several in one Spark session.

    python -m jobs.stage understand --day 2026-03-01 --to 2026-03-07
    spark-submit jobs/stage.py conform --day 2026-03-01

A stage is a list of jobs that share a session, because each start of the JVM costs 5 to 15 seconds.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import time
from collections.abc import Callable, Sequence
from typing import Protocol

from pyspark.sql import SparkSession

from analytics.errors import KeshengError
from analytics.settings import Settings, load_settings
from jobs.full_disk import full_disk_named
from jobs.lake import Lake
from jobs.lake_lock import writing_lake
from jobs.run_log import Counts, recorded
from jobs.session import spark_session
from jobs.stages import DAILY, STAGES, jobs_of
from jobs.window import Window
from jobs.zone import check_zone

__all__ = ["DAILY", "STAGES", "jobs_of", "main", "run_jobs"]

Progress = Callable[[str, float | None], None]
"""Called with a job's name and None when it starts, and with its seconds when it is done."""


class JobModule(Protocol):
    """What a job's file offers."""

    def run(self, spark: SparkSession, lake: Lake, settings: Settings, window: Window, counts: Counts) -> None:
        """Read declared tables, call analytics, replace the window's days of declared tables."""


def run_jobs(
    spark: SparkSession,
    jobs: Sequence[str],
    settings: Settings,
    window: Window,
    progress: Progress | None = None,
    *,
    lake: Lake | None = None,
) -> None:
    """Run `jobs` in order over `window`, each recorded in the table `run`; the lake is the settings' if not given."""
    lake = lake or Lake(settings.lake)
    for job in jobs:
        began = time.monotonic()
        if progress:
            progress(job, None)
        module: JobModule = importlib.import_module(f"jobs.{job}")
        with recorded(job, window, settings.lake) as counts:
            module.run(spark, lake, settings, window, counts)
        if progress:
            progress(job, time.monotonic() - began)


def main(arguments: Sequence[str] | None = None, job: str | None = None) -> int:
    """Run the command line; return the exit code. `job` is set by `python -m jobs.<job>`."""
    parser = argparse.ArgumentParser(description="Run a Kesheng job or stage over local days.")
    if job is None:
        parser.add_argument("stage", help=f"one of {', '.join([*STAGES, *DAILY])}")
    parser.add_argument("--day", required=True, help="first local day, as 2026-03-01")
    parser.add_argument("--to", help="last local day; the same day if not given")
    given = parser.parse_args(arguments)
    try:
        names = jobs_of(job or given.stage)
        window = Window.parse(given.day, given.to)
        settings, title = load_settings(), f"kesheng {job or given.stage} {window.first}..{window.last}"
        check_zone(settings)
        with full_disk_named(settings.home), writing_lake(settings, title), spark_session(title) as spark:
            run_jobs(spark, names, settings, window, _say)
    except KeshengError as error:
        sys.stderr.write(f"kesheng: {error}\n")
        return error.exit_code
    return 0


def _say(job: str, seconds: float | None) -> None:
    sys.stderr.write(f"job {job} {'running' if seconds is None else f'done {seconds:.1f} s'}\n")


if __name__ == "__main__":
    sys.exit(main())
