"""The commands `kesheng alerts …`: see alerts, and say what is to become of them."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(help="See alerts; acknowledge, mute, resolve, judge them; try a channel.", no_args_is_help=True)

AlertId = Annotated[
    str, typer.Argument(metavar="ID", help="An alert's id, or its first letters where no other has them.")
]
By = Annotated[str | None, typer.Option("--by", help="Who decides; the user of this machine if not given.")]
Until = Annotated[str | None, typer.Option("--until", help="Local day or time, as 2026-03-08 or '2026-03-08 09:00'.")]
Why = Annotated[str, typer.Option("--why", help="Why; stands with the alert.")]


@app.command("list")
def list_(
    everything: Annotated[bool, typer.Option("--all", help="Muted, resolved and false ones too.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="The newest so many.")] = 50,
) -> None:
    """List alerts as a table, newest first: severity, state, what, since when, last seen, contacts, owner, messages."""
    from jobs.alerts_review import listed

    typer.echo(listed(everything=everything, limit=limit))


@app.command()
def show(alert: AlertId) -> None:
    """Show one alert: its message, numbers, history, comments, and what became of its messages."""
    from jobs.alerts_review import shown

    typer.echo(shown(alert))


@app.command()
def ack(alert: AlertId, by: By = None) -> None:
    """Say that you look after it: no first message goes out any more, you are its owner."""
    from jobs.alerts_decide import decide

    typer.echo(decide("acknowledge", alert, by=by))


@app.command()
def resolve(alert: AlertId, by: By = None) -> None:
    """Say that it is over."""
    from jobs.alerts_decide import decide

    typer.echo(decide("resolve", alert, by=by))


@app.command("false-alarm")
def false_alarm(alert: AlertId, by: By = None) -> None:
    """Say that it is 正常波动: the next runs expect the like of this key, and its rule's precision falls."""
    from jobs.alerts_decide import decide

    typer.echo(decide("false_alarm", alert, by=by))


@app.command()
def reopen(alert: AlertId, by: By = None) -> None:
    """Take back what was decided: the alert is open again."""
    from jobs.alerts_decide import decide

    typer.echo(decide("reopen", alert, by=by))


@app.command()
def assign(alert: AlertId, to: Annotated[str, typer.Argument(help="Who looks after it.")], by: By = None) -> None:
    """Give it to somebody."""
    from jobs.alerts_decide import assign_to

    typer.echo(assign_to(alert, to, by=by))


@app.command()
def comment(alert: AlertId, text: Annotated[str, typer.Argument(help="What to note.")], by: By = None) -> None:
    """Note something for the next one on duty; phone numbers and the like are masked."""
    from jobs.alerts_decide import comment_on

    typer.echo(comment_on(alert, text, by=by))


@app.command()
def mute(alert: AlertId, until: Until = None, why: Why = "", by: By = None) -> None:
    """Silence an alert, and what begins of its kind, key and channel until then; for a week if not said."""
    from jobs.alerts_decide import mute_alert

    typer.echo(mute_alert(alert, until, why=why, by=by))


@app.command("mute-key")
def mute_key(
    key: Annotated[str | None, typer.Option(help="Word, topic_id, or what `show` says is the key.")] = None,
    channel: Annotated[str | None, typer.Option(help="Channel as in the data, as wechat; * where it is all.")] = None,
    kind: Annotated[str | None, typer.Option(help="keyword, topic, category, volume, negative, sentiment.")] = None,
    until: Until = None,
    why: Why = "",
    by: By = None,
) -> None:
    """Silence what begins until then of a key, channel, kind, or what has all that is given; alerts there are stay."""
    from jobs.alerts_decide import mute_matter

    typer.echo(mute_matter({"kind": kind, "key": key, "channel": channel}, until, why=why, by=by))


@app.command()
def unmute(
    alert: Annotated[str | None, typer.Argument(metavar="[ID]", help="An alert: all mutes that cover it.")] = None,
    number: Annotated[int | None, typer.Option("--number", help="One mute, as `mutes` numbers it.")] = None,
    by: By = None,
) -> None:
    """Let mutes hold no longer."""
    from jobs.alerts_decide import unmute as undo

    typer.echo(undo(alert, number, by=by))


@app.command()
def mutes(everything: Annotated[bool, typer.Option("--all", help="Past ones too.")] = False) -> None:
    """List mutes: what, until when, by whom and why."""
    from jobs.alerts_review import listed_mutes

    typer.echo(listed_mutes(everything=everything))


@app.command()
def precision() -> None:
    """Show how often each kind of alert was right by people's verdicts, with an interval."""
    from jobs.alerts_review import precision_table

    typer.echo(precision_table())


@app.command("test-channel")
def test_channel(
    name: Annotated[str, typer.Argument(help="A channel of notify.channels, console or webhook.")],
) -> None:
    """Send a message over one channel that says it is a test."""
    from jobs.alerts_decide import try_channel

    said, exit_code = try_channel(name)
    typer.echo(said, err=exit_code != 0)
    raise typer.Exit(exit_code)
