"""The whole way of the data from landing to the inbox, in one Spark session: what `kesheng run` does."""

from __future__ import annotations

from contextlib import ExitStack

from analytics.settings import Settings, load_settings
from jobs import alert, notify, publish
from jobs.progress import job_progress, step
from jobs.session import spark_session
from jobs.stage import DAILY, jobs_of, run_jobs
from jobs.window import Window

_AFTER = ("alert", "publish", "notify")
"""What follows the Spark jobs; plain Python."""


def run_whole(job: str, day: str, to: str | None, *, send: bool) -> None:
    """Run `job` (a job or stage; everything where it is empty) over the local days `day` to `to`."""
    settings, window = load_settings(), Window.parse(day, to)
    if job not in _AFTER:
        names = jobs_of(job) if job else DAILY
        with ExitStack() as stack:
            with step("Spark"):
                spark = stack.enter_context(
                    spark_session(f"kesheng run {window.first}..{window.last}", log=settings.spark_log)
                )
            run_jobs(spark, names, settings, window, job_progress)
    for name in _AFTER if not job else (job,) * (job in _AFTER):
        with step(name):
            _finish(name, settings, window, send=send)


def _finish(name: str, settings: Settings, window: Window, *, send: bool) -> None:
    if name == "alert":
        alert.run(settings, window.first, window.last, send=send)
    elif name == "publish":
        publish.run(settings)
    else:
        notify.run(settings)
