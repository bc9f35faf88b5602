"""One self-contained page about one warehouse: `python -m dashboards.report WAREHOUSE OUT.html [--title …]`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import duckdb
import jinja2
from markupsafe import Markup

from analytics.errors import InputFileError, KeshengError
from analytics.settings import load_settings
from analytics.warehouse import open_reader
from dashboards import report_parts as parts
from dashboards.data.source import Source, extent
from dashboards.language import msg, say
from dashboards.preferences import current

_TEMPLATES = Path(__file__).parent / "templates"
DEFAULT_TITLE = msg("客户声音分析报告")


def render(source: Source, title: str = DEFAULT_TITLE) -> str:
    """Return the page. All text is escaped; plotly stands in it once; nothing is asked of another host.

    Parameters
    ----------
    source : Source
        The warehouse and the zone for times.
    title : str
        Heading of the page.
    """
    known = extent(source)
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(_TEMPLATES), autoescape=True, trim_blocks=True)
    css = (_TEMPLATES / "report.css").read_text(encoding="utf-8")
    return environment.get_template("report.html.j2").render(
        title=title,
        say=say,
        language=current().language,
        css=Markup(css),
        n_contacts=f"{known.n_contacts:,}",
        topics=parts.topics_part(source),
        rejected=parts.rejected_part(source),
        **parts.read_part(source, known),
        **parts.course_part(source, known),
        **parts.spikes_part(source, known),
        **parts.dips_part(source, known),
    )


def write(
    warehouse: Path, out: Path, *, title: str = DEFAULT_TITLE, zone: str = "Asia/Shanghai", leave_out: bool = True
) -> Path:
    """Write the page for a warehouse file and return its path.

    Raises
    ------
    InputFileError
        If the warehouse is missing or is none, or the page cannot be written.
    """
    if not warehouse.is_file():
        raise InputFileError(f"report: expected a warehouse at {warehouse}, found none; run `kesheng run` first")
    try:
        with open_reader(warehouse) as reader:
            page = render(Source(reader, zone, leave_out=leave_out), title)
    except duckdb.Error as error:
        raise InputFileError(f"report: {warehouse} is not a published warehouse ({type(error).__name__})") from error
    try:
        out.write_text(page, encoding="utf-8")
    except OSError as error:
        raise InputFileError(
            f"report: cannot write {out}: {error.strerror}; give a path that can be written"
        ) from error
    return out


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the report; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m dashboards.report", description="Write one self-contained page.")
    parser.add_argument("warehouse", type=Path, help="published DuckDB file")
    parser.add_argument("out", type=Path, help="HTML file to write")
    parser.add_argument("--title", default=DEFAULT_TITLE, help="heading of the page")
    found = parser.parse_args(arguments)
    try:
        settings = load_settings()
        write(found.warehouse, found.out, title=found.title, zone=settings.timezone, leave_out=settings.flags.leave_out)
    except KeshengError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
