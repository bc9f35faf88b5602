"""Write a weekly report: `python -m dashboards.weekly OUT.html [--week 2026-W37] [--role NAME] [--language en]`.

The last line of stdout is JSON: where the page is, its title, its findings as text.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from analytics.access import LookLog
from analytics.access.places import Places
from analytics.access.roles import load_roles, role_of
from analytics.errors import InputFileError, KeshengError
from analytics.kpi_catalog import load_indicators
from analytics.settings import Settings, load_settings
from dashboards.access.grant import Access
from dashboards.pages import PAGES
from dashboards.preferences import Preferences
from dashboards.site import Site
from dashboards.weekly.week import asked_week
from dashboards.weekly.write import Report, make


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the report; return the exit code."""
    found = _parser().parse_args(arguments)
    try:
        report = _made(found, load_settings())
        out = _written(report, _place(found, report))
    except KeshengError as error:
        sys.stderr.write(f"kesheng: {error}\n")
        return error.exit_code
    told = {"path": str(out), "week": report.week.name, "title": report.title, "lines": report.lines,
            "until": report.until, "waits": report.waits}  # fmt: skip
    sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
    return 0


def _made(found: argparse.Namespace, settings: Settings) -> Report:
    week = asked_week(found.week, found.start, found.end)
    warehouse = found.warehouse or settings.warehouse
    if not warehouse.is_file():
        raise InputFileError(f"report: expected a warehouse at {warehouse}, found none; run `kesheng run` first")
    places = Places(settings.home)
    roles = load_roles(places.views)
    role = role_of(roles, found.role) if found.role else None
    site = Site(
        warehouse, found.inbox or settings.inbox_url, settings.timezone, PAGES, leave_out=settings.flags.leave_out,
        indicators=load_indicators(settings.kpis_folder),
    )  # fmt: skip
    return make(
        site,
        week,
        access=Access(roles=roles, looks=LookLog(places.looks)),
        role=role,
        preferences=Preferences(language=found.language),
    )


def _place(found: argparse.Namespace, report: Report) -> Path:
    """Return the file: the one asked for, or one of the week, role and language in the folder asked for."""
    out: Path = found.out
    if out.suffix.lower() in (".html", ".htm"):
        return out
    parts = [report.week.name, found.role or "", "en" if found.language == "en" else ""]
    return out / f"{'-'.join(part for part in parts if part)}.html"


def _written(report: Report, out: Path) -> Path:
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(report.page, encoding="utf-8")
    except OSError as error:
        raise InputFileError(f"report: cannot write {out}: {error.strerror}; name another with --out") from error
    return out.resolve()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m dashboards.weekly", description="Write a weekly report.")
    parser.add_argument("out", type=Path, help="HTML file to write, or a folder for it")
    parser.add_argument("--week", help="as 2026-W37; the last whole one of the data if not given")
    parser.add_argument("--from", dest="start", help="first local day, in place of a week")
    parser.add_argument("--to", dest="end", help="last local day")
    parser.add_argument("--role", help="whose rows: a role of data/views or of the site")
    parser.add_argument("--language", choices=("zh-CN", "en"), default="zh-CN")
    parser.add_argument("--warehouse", type=Path, help="DuckDB file (default: the published one)")
    parser.add_argument("--inbox", help="SQLAlchemy address of the inbox (default: the project's)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
