"""The commands `kesheng person …`: who a person is, and merging or taking apart by hand."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(help="Show who is speaking; merge persons or take them apart by hand.", no_args_is_help=True)

_KEY_HELP = "person_id, contact_id, or a phone, e-mail, openid, login, order or device as written."
Key = Annotated[str, typer.Argument(help=_KEY_HELP)]
Why = Annotated[str, typer.Option("--why", help="The reason, for those who read it later.")]
By = Annotated[str | None, typer.Option("--by", help="Who decides; the user of this machine if not given.")]


@app.command()
def show(key: Key) -> None:
    """Show a person's contacts, by what each is linked, and how sure that is; never a phone or account itself."""
    from jobs.person_decisions import describe

    typer.echo(describe(key))


@app.command()
def merge(one: Key, other: Key, why: Why, by: By = None) -> None:
    """Decide that two persons are one; holds from the next run on."""
    from jobs.person_decisions import decide_merge

    typer.echo(decide_merge(one, other, why, by))


@app.command()
def split(
    key: Key,
    why: Why,
    contact: Annotated[str | None, typer.Option("--contact", help="The contact to take out.")] = None,
    identifier: Annotated[
        str | None, typer.Option("--identifier", help="The identifier to take out, kind:hash as show prints it.")
    ] = None,
    by: By = None,
) -> None:
    """Take a contact, or an identifier that others use too, out of a person; holds from the next run on."""
    from jobs.person_decisions import decide_split

    typer.echo(decide_split(key, contact, identifier, why, by))


@app.command()
def undo(decision: Annotated[int, typer.Argument(help="Number of the decision.")]) -> None:
    """Withdraw a decision: after the next run everything is as if it had never been made."""
    from jobs.person_decisions import withdraw

    typer.echo(withdraw(decision))


@app.command()
def decisions() -> None:
    """List all decisions, the withdrawn ones too."""
    from jobs.person_decisions import listed

    typer.echo(listed())
