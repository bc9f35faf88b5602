"""The commands `kesheng train …`: the mood model, shipped or of the site."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(help="Train the mood model; learn from the site's own ratings and corrections.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Train the mood model; learn from the site's own ratings and corrections."""


@app.command()
def sentiment(
    site: Annotated[bool, typer.Option("--site", help="Learn from this site's labels; install if better.")] = False,
    use: Annotated[str | None, typer.Option("--use", help="Switch to a model that is there: shipped or site.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Train the shipped model anew; compare the bytes.")] = False,
) -> None:
    """Train the shipped mood model and show its card; with --site adapt it and show before and after."""
    from jobs import train_sentiment

    typer.echo(train_sentiment.run(site=site, use=use, force=force))
