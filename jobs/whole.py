"""The whole way of the data from landing to the inbox, in one Spark session: what `kesheng run` does."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack

from analytics.errors import ConfigError
from analytics.settings import Settings, load_settings
from jobs import alert, notify, publish
from jobs.lake_lock import writing_lake
from jobs.pending import pending_days, windows_of
from jobs.progress import console, job_progress, step
from jobs.retention import refuse_forgotten_days
from jobs.session import spark_session
from jobs.stage import DAILY, jobs_of, run_jobs
from jobs.stale import first_job, stale_days
from jobs.window import Window
from jobs.zone import check_zone

_AFTER = ("alert", "publish", "notify")
"""What follows the Spark jobs; plain Python."""


def run_whole(job: str, day: str | None, to: str | None, *, send: bool, stale: bool = False) -> None:
    """Run `job` (a job or stage; everything where it is empty) over the local days `day` to `to`.

    Without `day`, over the days that have something new in landing, and no others (`publish` and `notify` need none);
    with `stale`, over those made with other dictionaries, models or rules, from the first job on that used them.
    """
    settings = load_settings()
    if stale:
        if job or day or to:
            raise ConfigError("--stale finds jobs and days by itself; give it without a job, --day and --to")
        return _run_stale(settings, send=send)
    if job in ("publish", "notify") and not (day or to):  # the warehouse is built whole; all that is due goes out
        with step(job):
            _finish(job, settings, (), send=send)
        return
    run_windows(settings, _asked(day, to) or _pending(settings, job), job, send=send)


def run_windows(
    settings: Settings, windows: Sequence[Window], job: str = "", *, send: bool = False, begin: str = DAILY[0]
) -> None:
    """Run `job` over each window, then alert each, publish once and notify once; nothing where there is no window.

    Without `job`, all daily jobs from `begin` on.
    """
    if not windows:
        return
    title = f"kesheng run {windows[0].first}..{windows[-1].last}"
    with writing_lake(settings, title):
        refuse_forgotten_days(settings, windows)  # only now: who had the lake before may have deleted some
        check_zone(settings)
        _run_windows(settings, windows, job, send=send, begin=begin, title=title)


def _run_windows(
    settings: Settings, windows: Sequence[Window], job: str, *, send: bool, begin: str, title: str
) -> None:
    if job not in _AFTER:
        names = jobs_of(job) if job else DAILY[DAILY.index(begin) :]
        with ExitStack() as stack:
            with step("Spark"):
                spark = stack.enter_context(spark_session(title, log=settings.spark_log))
            for window in windows:
                run_jobs(spark, names, settings, window, job_progress)
    for name in _AFTER if not job else (job,) * (job in _AFTER):
        with step(name):
            _finish(name, settings, windows, send=send)


def _asked(day: str | None, to: str | None) -> list[Window]:
    if to and not day:
        raise ConfigError(f"--to {to} needs --day, the first day; give both, or none for what is new")
    return [Window.parse(day, to)] if day else []


def _pending(settings: Settings, job: str) -> list[Window]:
    """Return the windows of what is new, and say which they are and why."""
    if job and job != "conform":
        raise ConfigError(f"run {job}: name the days with --day and --to; only a whole run finds what is new by itself")
    days = pending_days(settings)
    if not days:
        console.print("landing 里没有新记录，无需重算。要重算某天：kesheng run --day 2026-03-01")
        return []
    for window in windows_of(days):
        n_files = sum(days[day] for day in window.days)
        dates = f"{window.first}" if window.n_days == 1 else f"{window.first} 至 {window.last}"
        console.print(f"重算 {dates}（{window.n_days} 天，{n_files} 个新文件涉及）")
    return windows_of(days)


def _run_stale(settings: Settings, *, send: bool) -> None:
    """Run the stale days again, and say which they are and why."""
    days = stale_days(settings)
    if not days:
        console.print("所有日期都是用当前的词典、模型和规则算的，无需重算。")
        return
    begin, windows = first_job(days), windows_of(day.day for day in days)
    for reason in sorted({day.reason for day in days}):
        of_reason = [day.day for day in days if day.reason == reason]
        console.print(f"过期 {len(of_reason)} 天（{of_reason[0]} 至 {of_reason[-1]}）：{reason}")
    console.print(f"从 {begin} 起重算 {len(days)} 天")
    run_windows(settings, windows, send=send, begin=begin)


def _finish(name: str, settings: Settings, windows: Sequence[Window], *, send: bool) -> None:
    if name == "alert":
        for window in windows:
            alert.run(settings, window.first, window.last, send=send)
    elif name == "publish":
        publish.run(settings)
    else:
        notify.run(settings)
