"""The commands `kesheng rules …`: which categories there are, and what a rule file finds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="List the categories of contacts, and try the rules that find them.", no_args_is_help=True)


@app.command("list")
def list_rules() -> None:
    """List all categories, the site's own included: name, label, kind, severity, how many words, which file."""
    from analytics.settings import load_settings
    from jobs.rule_list import print_categories

    print_categories(load_settings())


@app.command()
def test(
    file: Annotated[Path, typer.Argument(help="A rule file, TOML.")],
    on: Annotated[Path | None, typer.Option("--on", help="Text to count on: csv, xlsx, jsonl or parquet.")] = None,
    text: Annotated[str | None, typer.Option("--text", help="Its column of the text; guessed if not given.")] = None,
    day: Annotated[str | None, typer.Option("--day", help="Count on the lake's contacts of this local day.")] = None,
    to: Annotated[str | None, typer.Option("--to", help="Last local day; the same day if not given.")] = None,
    show: Annotated[int, typer.Option("--show", min=0, help="Found sentences to show of each category, masked.")] = 0,
) -> None:
    """Try a rule file on the sentences in it; with --on or --day, count what it finds there. Exit 2 if one is wrong."""
    from analytics.settings import load_settings
    from jobs.rule_trials import Sample, try_file

    is_right = try_file(load_settings(), file, Sample(on, text, day, to, show))
    raise typer.Exit(0 if is_right else 2)
