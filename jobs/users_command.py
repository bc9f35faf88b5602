"""The commands `kesheng users …`: who may sign in to the dashboards, and who looked at which verbatims."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from analytics.errors import ConfigError

if TYPE_CHECKING:  # what a command needs it imports itself: the help of all commands need not wait for it
    from analytics.access import Users
    from analytics.access.places import Places
    from analytics.access.roles import Role

app = typer.Typer(help="Say who may sign in to the dashboards; see who looked at what.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="What they sign in with.")]
RoleName = Annotated[str, typer.Option("--role", help="A role of data/views or {home}/views; kesheng users roles.")]
FromStdin = Annotated[bool, typer.Option("--stdin", help="Read the password from the first line of stdin.")]


@app.command()
def add(
    name: Name,
    role: RoleName,
    stdin: FromStdin = False,
    no_password: Annotated[bool, typer.Option("--no-password", help="For programs, which come with tokens.")] = False,
) -> None:
    """Add a user; the password is asked for, never an argument that others could read."""
    _must_be_role(role)
    _users().add(name, role, "" if no_password else _password(stdin=stdin))
    typer.echo(f"{name} may sign in as {role}")


@app.command("list")
def list_users() -> None:
    """List users: name, role, whether they have a password, labels of their tokens."""
    roles = _roles()
    for user in _users().all().values():
        how = "password" if user.password else "no password"
        said = "" if user.role in roles else " (no such role: cannot sign in)"
        typer.echo("\t".join([user.name, user.role + said, how, ", ".join(sorted(user.tokens)) or "no tokens"]))


@app.command()
def roles() -> None:
    """List roles: name, label, pages, whether they decide, row limits."""
    for role in _roles().values():
        limits = "; ".join(f"{column}: {', '.join(values)}" for column, values in role.limits.by_column.items())
        decides = "decides" if role.may_decide else "looks"
        pages = " ".join(role.pages) or "all pages"
        typer.echo("\t".join([role.name, role.label, pages, decides, limits or "all contacts"]))


@app.command()
def remove(name: Name) -> None:
    """Remove a user: their sessions and tokens end at once."""
    _users().remove(name)
    typer.echo(f"{name} is removed")


@app.command()
def password(name: Name, stdin: FromStdin = False) -> None:
    """Give a user a new password: their open sessions end."""
    users = _users()
    users.must_have(name)
    users.set_password(name, _password(stdin=stdin))
    typer.echo(f"{name} has a new password")


@app.command()
def role(name: Name, role: Annotated[str, typer.Argument(help="Their new role.")]) -> None:
    """Give a user another role: their open sessions end."""
    _must_be_role(role)
    _users().set_role(name, role)
    typer.echo(f"{name} is {role}")


@app.command()
def token(
    name: Name,
    label: Annotated[str, typer.Option("--label", help="What it is for; one of the same label is replaced.")] = "api",
    contacts: Annotated[bool, typer.Option("--contacts", help="It may read customers' masked words, too.")] = False,
    drop: Annotated[bool, typer.Option("--drop", help="Make the token of this label worthless.")] = False,
) -> None:
    """Print a new token of the HTTP API for a user, once; it sees what the user's role sees."""
    users = _users()
    if drop:
        users.drop_token(name, label)
        typer.echo(f"token {label} of {name} is worthless now")
    else:
        typer.echo(users.new_token(name, label, contacts=contacts))


@app.command()
def looked(
    contact: Annotated[str | None, typer.Option("--contact", help="Looks that showed this contact.")] = None,
    user: Annotated[str | None, typer.Option("--user", help="Looks of this user.")] = None,
) -> None:
    """Print who looked at which verbatims, oldest first: time (UTC), user, kind, number of contacts, selection."""
    from analytics.access import LookLog

    for look in LookLog(_places().looks).read(contact=contact, user=user):
        typer.echo("\t".join([look.at, look.viewer, look.kind, str(len(look.contact_ids)), look.selection]))


def _password(*, stdin: bool) -> str:
    if stdin:
        return sys.stdin.readline().rstrip("\n")
    if not sys.stdin.isatty():
        raise ConfigError("password: expected a terminal to ask on; in a script give --stdin")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))


def _users() -> Users:
    from analytics.access import Users

    return Users(_places().users)


def _must_be_role(name: str) -> None:
    from analytics.access.roles import role_of

    role_of(_roles(), name)


def _places() -> Places:
    from analytics.access.places import Places
    from analytics.settings import load_settings

    return Places(load_settings().home)


def _roles() -> dict[str, Role]:
    from analytics.access.roles import load_roles

    return load_roles(_places().views)
