"""The `kesheng` command: data goes to stdout, talk to stderr.

Exit 0: done; 2: the user must change something; 1: our fault.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from analytics.errors import InputFileError, KeshengError
from jobs import alerts_command as alert_commands
from jobs import keeping_command as keeping_commands
from jobs import person as person_commands
from jobs import report_command
from jobs import rules as rule_commands
from jobs import topics_command as topic_commands
from jobs import train as train_commands
from jobs import users_command as user_commands
from jobs import words as word_commands
from jobs.full_disk import full_disk_named

app = typer.Typer(
    name="kesheng",
    help="客声 Kesheng: what customers say to a service centre, as numbers that people act on.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Day = Annotated[
    str | None, typer.Option("--day", help="First local day, as 2026-03-01; the days with something new if not given.")
]
To = Annotated[str | None, typer.Option("--to", help="Last local day; the same day if not given.")]


@app.command()
def demo(
    days: Annotated[int, typer.Option(min=14, help="Days to simulate; the planted events need 35.")] = 35,
    contacts_per_day: Annotated[int, typer.Option(min=50, help="Contacts a day.")] = 600,
    last_day: Annotated[str | None, typer.Option(help="Last simulated day; yesterday if not given.")] = None,
) -> None:
    """Simulate a service centre, run the real DAGs on it and print what was found."""
    from jobs.demo import run_demo

    run_demo(days, contacts_per_day, last_day)


@app.command()
def simulate(
    out: Annotated[Path, typer.Option(help="Folder to write to.")],
    contacts_per_day: Annotated[int, typer.Option(min=1)] = 600,
    days: Annotated[int, typer.Option(min=1)] = 35,
    first_day: Annotated[str | None, typer.Option(help="First day; by default the data ends yesterday.")] = None,
    seed: Annotated[int, typer.Option()] = 20260101,
) -> None:
    """Write a simulated centre's exports with planted truth, day by day."""
    from jobs.demo import simulate_centre

    simulate_centre(out, days=days, contacts_per_day=contacts_per_day, first_day=first_day, seed=seed)


@app.command()
def package(folder: Annotated[Path, typer.Argument(help="Folder to write it to.")]) -> None:
    """Write code and data as one archive for a cluster's machines; runs send it by themselves (scale.md)."""
    from jobs.shipping import package as write_package

    typer.echo(write_package(folder))


@app.command()
def collect(
    source: Annotated[str, typer.Argument(help="Name of a source of settings.toml, or 'all'.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Land nothing; show how the first 20 rows would land.")
    ] = False,
) -> None:
    """Bring a source's new records into landing; print the local days they touch as JSON."""
    if dry_run:
        from jobs.dry_run import show_first_rows

        show_first_rows(source)
    else:
        from jobs.collect import collect_source

        typer.echo(collect_source(source))


@app.command("run")
def run_command(
    job: Annotated[
        str, typer.Argument(help="A job or stage; everything, alerts and publish included, if not given.")
    ] = "",
    day: Day = None,
    to: To = None,
    send: Annotated[bool, typer.Option(help="Send alerts; off for backfills.")] = False,
    stale: Annotated[
        bool, typer.Option("--stale", help="The days made with other dictionaries, models or rules than now.")
    ] = False,
) -> None:
    """Run one job, or the whole way of the data, over local days. Running twice is running once."""
    from jobs.stages import refuse_unknown
    from jobs.window import Window

    refuse_unknown(job)  # before Spark's libraries are read
    if day:
        Window.parse(day, to)
    from jobs.whole import run_whole

    run_whole(job, day, to, send=send, stale=stale)


@app.command()
def analyze(
    file: Annotated[Path, typer.Argument(help="csv, tsv, xlsx, jsonl or parquet of customer text.")],
    text: Annotated[str | None, typer.Option(help="Column of the text: a name, or a number from 1.")] = None,
    time: Annotated[str | None, typer.Option(help="Column of the time.")] = None,
    id_: Annotated[str | None, typer.Option("--id", help="Column of the id.")] = None,
    product: Annotated[str | None, typer.Option(help="Column of the product.")] = None,
    rating: Annotated[str | None, typer.Option(help="Column of the stars or score.")] = None,
    contact: Annotated[str | None, typer.Option(help="Chats: column of the session.")] = None,
    speaker: Annotated[str | None, typer.Option(help="Chats: column of who speaks.")] = None,
    agent: Annotated[str | None, typer.Option(help="Chats: value of that column that means the agent.")] = None,
    header: Annotated[bool, typer.Option(help="Whether the file has a row of column names.")] = True,
    out: Annotated[
        Path | None, typer.Option(help="Folder for the results; <file>-kesheng beside you if not given.")
    ] = None,
) -> None:
    """Read a spreadsheet of customer text, run the real jobs on it, write voc.duckdb and report.html."""
    if not file.exists():  # before the libraries of all jobs are read
        raise InputFileError(f"there is no file {file}; check the name")
    from jobs.analyze import FileToAnalyze, analyze_file

    columns = {
        "text": text, "time": time, "id": id_, "product": product,
        "rating": rating, "contact": contact, "speaker": speaker,
    }  # fmt: skip
    named = {role: column for role, column in columns.items() if column is not None}
    analyze_file(FileToAnalyze(file, out, named, agent_value=agent, header=header))


@app.command()
def serve(
    port: Annotated[int | None, typer.Option(help="Port; 8050 if settings say nothing else.")] = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
) -> None:
    """Serve the dashboards of what was published last."""
    from jobs.serve import serve_dashboards

    raise typer.Exit(serve_dashboards(host, port))


@app.command()
def erase(
    person: Annotated[
        str,
        typer.Option("--person", help="person_id, contact_id, or a phone, e-mail, openid, account as written."),
    ],
    rerun: Annotated[bool, typer.Option(help="Run their days again, so that all numbers agree.")] = True,
) -> None:
    """Erase a person from landing, lake, inbox and warehouse; write a receipt."""
    from jobs.erase import erase_person

    typer.echo(str(erase_person(person, rerun=rerun)))


@app.command()
def retention(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Delete nothing; say what would be.")] = False,
) -> None:
    """Delete records older than the retention_days of their source; counted numbers stay."""
    from jobs.retention import apply_retention

    typer.echo(apply_retention(dry_run=dry_run))


app.add_typer(report_command.app)
app.add_typer(keeping_commands.app)
app.add_typer(alert_commands.app, name="alerts")
app.add_typer(person_commands.app, name="person")
app.add_typer(train_commands.app, name="train")
app.add_typer(rule_commands.app, name="rules")
app.add_typer(topic_commands.app, name="topics")
app.add_typer(user_commands.app, name="users")
app.add_typer(word_commands.app, name="words")


@app.command()
def kpis(
    day: Annotated[
        str | None, typer.Option("--day", help="Local day; the newest of each indicator if not given.")
    ] = None,
) -> None:
    """List the indicators with their newest numbers, and say of which there is no data and why."""
    from analytics.settings import load_settings
    from jobs.kpis_command import print_indicators
    from jobs.window import Window

    print_indicators(load_settings(), Window.parse(day).first if day else None)


@app.command()
def lineage(
    table: Annotated[str, typer.Argument(help="Table of the lake, landing/SOURCE, alert or warehouse.")],
    column: Annotated[str | None, typer.Option("--column", help="What this column is made from.")] = None,
    down: Annotated[bool, typer.Option("--down", help="What is made from it instead.")] = False,
) -> None:
    """Print where a table comes from: jobs, when they last ran, and what they read, down to the sources."""
    from rich.console import Console

    from analytics.settings import load_settings
    from jobs.lineage_command import column_lines, read_lineage, tree_of

    found = read_lineage(load_settings().home / "lineage")
    if column is None:
        Console().print(tree_of(found, table, down=down))
    else:
        typer.echo("\n".join(column_lines(found, table, column)))


@app.command()
def repair(
    deep: Annotated[bool, typer.Option("--deep", help="Read every row of every file, not only their ends.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what is damaged; change nothing.")] = False,
    send: Annotated[bool, typer.Option(help="Send the alerts of the days that are run again.")] = False,
) -> None:
    """Find files that cannot be read, runs that were cut off and a broken warehouse, and compute them again."""
    from analytics.settings import load_settings
    from jobs.repair import repair as mend

    mend(load_settings(), deep=deep, dry_run=dry_run, send=send)


@app.command()
def publish(
    accept_quality: Annotated[
        str, typer.Option("--accept-quality", metavar="REASON", help="Publish in spite of failed expectations.")
    ] = "",
) -> None:
    """Build the warehouse again from the lake; held back where its days are not as expected: docs/quality.md."""
    from analytics.settings import load_settings
    from jobs.publish import run

    run(load_settings(), accept=accept_quality)


@app.command()
def quality(
    day: Annotated[str | None, typer.Option("--day", help="Local day; those not yet looked at if not given.")] = None,
) -> None:
    """Print whether the days are as expected, and what to do; exit code 2 where nothing would be published."""
    from analytics.settings import load_settings
    from jobs.quality_command import print_quality
    from jobs.window import Window

    raise typer.Exit(print_quality(load_settings(), Window.parse(day).first if day else None))


@app.command()
def doctor() -> None:
    """Say what is installed, what is missing and how to get it."""
    from analytics.settings import load_settings
    from jobs.doctor import print_diagnosis

    load_settings()  # settings that cannot be read are one sentence, as of every command
    raise typer.Exit(0 if print_diagnosis() else 2)


def main() -> None:
    """Run the command line: an error of ours is one sentence and its exit code, never a traceback."""
    try:
        with full_disk_named():
            app()
    except KeshengError as error:
        sys.stderr.write(f"kesheng: {error}\n")
        sys.exit(error.exit_code)
    except PermissionError as error:
        sys.stderr.write(f"kesheng: {error.filename} cannot be written or read; choose another folder or its rights\n")
        sys.exit(2)


if __name__ == "__main__":
    main()
