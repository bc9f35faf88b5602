"""The weekly report: written by the dashboards, which run as a program of their own, and sent by mail once a week.

`python -m jobs.report` writes the last whole week's report, and mails it where the settings name readers.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import logging
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from zoneinfo import ZoneInfo

from analytics.errors import ConfigError, KeshengError, StageError
from analytics.settings import PROJECT, Settings, load_settings
from jobs.report_letters import mail_letters

_log = logging.getLogger(__name__)
_EXIT_USER_MUST_ACT = 2


@dataclass(frozen=True)
class Asked:
    """Which report: a week, or days; whose rows; in which language; where it goes. None and '' mean the default."""

    week: str | None = None
    start: str | None = None
    end: str | None = None
    role: str = ""
    language: str = "zh-CN"
    out: Path | None = None


@dataclass(frozen=True)
class Written:
    """A report that was written.

    Attributes
    ----------
    path : Path
        The page.
    week : str
        Its days, as 2026-W37.
    title : str
    lines : tuple of str
        Its findings.
    until : str
        Last day of the data where it ends before the week does; '' where the week is whole.
    waits : bool
        Whether the rest may still come: nothing was published since the week ended.
    """

    path: Path
    week: str
    title: str
    lines: tuple[str, ...]
    until: str
    waits: bool


def write_report(settings: Settings, asked: Asked) -> Written:
    """Write a report and return where it is; in `{home}/reports` if nothing else is asked for.

    Raises
    ------
    ConfigError
        If the days, the role or the place are none, with what is to be changed.
    StageError
        If the program that writes it fails.
    """
    options = {"--week": asked.week, "--from": asked.start, "--to": asked.end, "--role": asked.role or None}
    given = [part for name, value in options.items() if value is not None for part in (name, value)]
    out = asked.out or settings.home / "reports"
    command = [sys.executable, "-m", "dashboards.weekly", str(out.absolute()), *given, "--language", asked.language]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, encoding="utf-8", check=False)
    said = (done.stderr.strip().splitlines() or ["it said nothing"])[-1].removeprefix("kesheng: ")
    if done.returncode == _EXIT_USER_MUST_ACT:
        raise ConfigError(said)
    if done.returncode != 0:
        raise StageError(f"report: the program that writes it ended with exit code {done.returncode}: {said}")
    told = json.loads(done.stdout.strip().rpartition("\n")[2])
    return Written(Path(told["path"]), told["week"], told["title"], tuple(told["lines"]), told["until"], told["waits"])


def mail_reports(settings: Settings, asked: Asked, environ: Mapping[str, str]) -> list[str]:
    """Write and mail a week's report to all readers of the settings; return a line for each mail.

    Without days asked for it is the last calendar week by the clock, whatever the data has. A mail that
    went out is not sent again: the folder `{home}/reports/sent` remembers.

    Raises
    ------
    ConfigError
        If the settings name no readers or no mail channel.
    StageError
        If the data ends before the week does, or a mail could not be sent.
    """
    letters = settings.reports.all_letters
    if not letters:
        raise ConfigError("reports.to: expected somebody who gets the report, got nobody; see docs/reports.md")
    reports = []
    for letter in letters:
        one = replace(by_the_clock(settings, asked), role=letter.role, language=letter.language, out=None)
        report = write_report(settings, one)
        if report.waits:
            raise StageError(
                f"report: expected the whole of {report.week} to be published, got it until {report.until}; nothing was"
                " mailed; run it again when the days are published"
            )
        reports.append((letter, report))
    return mail_letters(settings, reports, environ)


def by_the_clock(settings: Settings, asked: Asked) -> Asked:
    """Return what was asked, the calendar week before today's where no days were."""
    if asked.week or asked.start or asked.end:
        return asked
    year, week, _ = (dt.datetime.now(ZoneInfo(settings.timezone)) - dt.timedelta(days=7)).isocalendar()
    return replace(asked, week=f"{year}-W{week:02}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the report, mail it where somebody reads it; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m jobs.report", description="Write and mail the weekly report.")
    parser.add_argument("--week", help="as 2026-W37; the one before today's if not given")
    asked = Asked(week=parser.parse_args(arguments).week)
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    try:
        settings = load_settings()
        if settings.reports.all_letters:
            for line in mail_reports(settings, asked, os.environ):
                _log.info("%s", line)
        else:
            _log.info(
                "report: %s; nobody is named in reports.to", write_report(settings, by_the_clock(settings, asked)).path
            )
    except KeshengError as error:
        sys.stderr.write(f"kesheng: {error}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
