"""The commands `kesheng topics …`: see topics, and decide what they are called and what belongs together."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(help="See topics; decide their names, merges, splits and touchpoints.", no_args_is_help=True)

Topic = Annotated[str, typer.Argument(metavar="ID", help="A topic_id, or the name of a topic.")]
By = Annotated[str | None, typer.Option("--by", help="Who decides; the user of this machine if not given.")]
Why = Annotated[str, typer.Option("--why", help="Why; stands in the topic's history.")]


@app.command("list")
def list_(
    everything: Annotated[bool, typer.Option("--all", help="Dormant, merged and hidden topics too.")] = False,
) -> None:
    """List topics as a table: state, touchpoint, contacts, share of the last 7 days, change, first and last day."""
    from jobs.topic_review import listed

    typer.echo(listed(everything=everything))


@app.command()
def show(topic: Topic) -> None:
    """Show one topic: words, events, decisions, contacts a week, and typical sentences (masked)."""
    from jobs.topic_review import shown

    typer.echo(shown(topic))


@app.command()
def history(
    topic: Annotated[str | None, typer.Argument(metavar="[ID]", help="One topic; all if not given.")] = None,
) -> None:
    """List what happened to topics and what people decided, with the numbers of the decisions."""
    from jobs.topic_review import history_of

    typer.echo(history_of(topic))


@app.command()
def rename(
    topic: Topic, name: Annotated[str, typer.Argument(help="The new name.")], why: Why = "", by: By = None
) -> None:
    """Give a topic a name that every refit keeps."""
    from jobs.topic_decide import decide

    typer.echo(decide("rename", topic, value=name, why=why, by=by))


@app.command()
def merge(
    topic: Topic,
    into: Annotated[str, typer.Argument(help="The topic it becomes part of.")],
    why: Why = "",
    by: By = None,
) -> None:
    """Make a topic part of another; its contacts count there."""
    from jobs.topic_decide import decide

    typer.echo(decide("merge", topic, other=into, why=why, by=by))


@app.command()
def unmerge(topic: Topic) -> None:
    """Make a merged topic one of its own again; every contact gets its old topic back."""
    from jobs.topic_decide import withdraw

    typer.echo(withdraw("merge", topic))


@app.command()
def split(
    topic: Topic,
    into: Annotated[int, typer.Option("--into", help="Number of parts.")] = 2,
    preview: Annotated[bool, typer.Option("--preview", help="Show the parts; decide nothing.")] = False,
    why: Why = "",
    by: By = None,
) -> None:
    """Show what a topic would fall into, and have the next fit split it."""
    from jobs.topic_split import split_topic

    typer.echo(split_topic(topic, into, why=why, by=by, preview=preview))


@app.command()
def pin(topic: Topic, why: Why = "", by: By = None) -> None:
    """Keep a topic: no refit merges, retires or renames it."""
    from jobs.topic_decide import decide

    typer.echo(decide("pin", topic, why=why, by=by))


@app.command()
def unpin(topic: Topic) -> None:
    """Let refits have a pinned topic again."""
    from jobs.topic_decide import withdraw

    typer.echo(withdraw("pin", topic))


@app.command()
def hide(topic: Topic, why: Why = "", by: By = None) -> None:
    """Leave a topic out of lists; its contacts still count."""
    from jobs.topic_decide import decide

    typer.echo(decide("hide", topic, why=why, by=by))


@app.command()
def unhide(topic: Topic) -> None:
    """Show a hidden topic in lists again."""
    from jobs.topic_decide import withdraw

    typer.echo(withdraw("hide", topic))


@app.command()
def touchpoint(
    topic: Topic,
    name: Annotated[str, typer.Argument(help="A touchpoint of data/taxonomy.toml; - gives back the one found.")],
    why: Why = "",
    by: By = None,
) -> None:
    """Say where in the customer's journey a topic belongs; what a contact itself says still goes first."""
    from jobs.topic_decide import decide, withdraw

    typer.echo(
        withdraw("touchpoint", topic) if name == "-" else decide("touchpoint", topic, value=name, why=why, by=by)
    )


@app.command()
def withdraw(number: Annotated[int, typer.Argument(help="Number of a decision, as `history` shows it.")]) -> None:
    """Let one decision hold no longer: a name, a split, whatever it was."""
    from jobs.topic_decide import withdraw_number

    typer.echo(withdraw_number(number))
