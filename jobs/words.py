"""The commands `kesheng words …`: see found words, take them into the dictionary or refuse them."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(help="See found words; take them into the dictionary, or refuse them.", no_args_is_help=True)

Words = Annotated[list[str], typer.Argument(metavar="WORD...", help="Words as `kesheng words list` prints them.")]
By = Annotated[str | None, typer.Option("--by", help="Who decides; the user of this machine if not given.")]


@app.command("list")
def list_(
    day: Annotated[
        str | None, typer.Option("--day", help="Local day they were found on, as 2026-03-01; all if not given.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Those already decided too.")] = False,
) -> None:
    """List found words as a table: contacts, usual count, probability by chance, channels, decision."""
    from jobs.word_review import listed

    typer.echo(listed(day, everything=everything))


@app.command()
def accept(words: Words, by: By = None) -> None:
    """Write words into the site's word list: from the next run on they are cut whole."""
    from jobs.word_review import accepted

    typer.echo(accepted(words, by))


@app.command()
def reject(words: Words, by: By = None) -> None:
    """Refuse words: they are never proposed again; an accepted one leaves the word list."""
    from jobs.word_review import rejected

    typer.echo(rejected(words, by))
