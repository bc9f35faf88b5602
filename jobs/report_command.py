"""The command `kesheng report`: the weekly report as a page, and by mail."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from analytics.errors import ConfigError

app = typer.Typer()
LANGUAGES = ("zh-CN", "en")


@app.command()
def report(  # noqa: PLR0913
    week: Annotated[
        str | None, typer.Option("--week", help="As 2026-W37; the last whole week of the data if not given.")
    ] = None,
    start: Annotated[str | None, typer.Option("--from", help="First local day, in place of a week.")] = None,
    end: Annotated[str | None, typer.Option("--to", help="Last local day.")] = None,
    role: Annotated[str, typer.Option("--role", help="Whose rows: a role, as kesheng users roles lists them.")] = "",
    language: Annotated[str, typer.Option("--language", help="zh-CN or en.")] = "zh-CN",
    out: Annotated[Path | None, typer.Option("--out", help="HTML file; {home}/reports/WEEK.html if not given.")] = None,
    mail: Annotated[bool, typer.Option("--mail", help="Mail it to those of [reports]; each week once.")] = False,
) -> None:
    """Write the weekly report: one page that stands alone and prints well; with --mail send it to its readers."""
    from analytics.settings import load_settings

    if language not in LANGUAGES:
        raise ConfigError(f"--language: expected {' or '.join(LANGUAGES)}, got {language!r}")
    if mail and (role or out or language != LANGUAGES[0]):
        raise ConfigError(
            "--mail: readers, roles and languages stand in [reports]; leave out --role, --language, --out"
        )
    settings = load_settings()
    if not settings.warehouse.exists():  # said before the program that draws pages is started
        raise ConfigError(f"no warehouse at {settings.warehouse}; run kesheng run, or kesheng demo, first")
    from jobs.report import Asked, mail_reports, write_report

    asked = Asked(week, start, end, role, language, out)
    if mail:
        for line in mail_reports(settings, asked, os.environ):
            typer.echo(line)
    else:
        typer.echo(str(write_report(settings, asked).path))
