"""collect: new records of a source → landing.

    python -m jobs.collect --source calls

The last line on stdout is JSON: the source, how many files landed, and the local days that their records touch.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from analytics.errors import ConfigError, KeshengError
from analytics.settings import Settings, SourceSettings, load_settings
from jobs.full_disk import full_disk_named
from jobs.person_key import with_person_key
from jobs.progress import console
from jobs.sources.fetchers import fetcher_of
from jobs.sources.landing import Watch, collect_fetched, collect_files
from jobs.zone import check_zone


def collect_source(name: str, settings: Settings | None = None) -> str:
    """Collect a configured source, or "all" of them; return one line of JSON a source.

    Raises
    ------
    ConfigError
        If no source of that name is configured, naming those that are.
    KeshengError
        What kept a source from being collected; of all sources, after the others were.
    """
    settings = settings or load_settings()
    if name != "all":
        return _collected(name, source_of(name, settings), settings)
    lines, failed = [], list[KeshengError]()
    for wanted, source in settings.sources.items():
        try:
            lines.append(_collected(wanted, source, settings))
        except KeshengError as error:
            failed.append(error)
    if failed:
        console.print("\n".join(lines), markup=False)
        others = f" (and {len(failed) - 1} more sources failed)" if len(failed) > 1 else ""
        raise type(failed[0])(f"{failed[0]}{others}")
    return "\n".join(lines)


def source_of(name: str, settings: Settings) -> SourceSettings:
    """Return a configured source; raise `ConfigError` naming those that are."""
    if name not in settings.sources:
        known = ", ".join(settings.sources) or "none"
        raise ConfigError(f"no source {name!r} in settings.toml; there are: {known}")
    return settings.sources[name]


def _collected(name: str, source: SourceSettings, settings: Settings) -> str:
    check_zone(settings, collecting=True)
    fetch, left = fetcher_of(source), list[str]()
    place = (name, source, settings.landing, settings.timezone)
    person_key = with_person_key(settings).person_key
    if fetch is not None:
        landed = collect_fetched(*place, fetch, person_key=person_key)
    else:
        with _bar(name) as progress:
            landed = collect_files(*place, person_key=person_key, watch=Watch(progress, left.append))
    for file in left:
        console.print(f"{file} 还在写入，留待下次采集")
    days = sorted({day.isoformat() for file in landed for day in file.days})
    n_records = sum(file.n_records for file in landed)
    found = {"source": name, "n_files": len(landed), "n_records": n_records, "days": days, "n_left": len(left)}
    return json.dumps(found)


@contextmanager
def _bar(name: str) -> Iterator[Callable[[int, int, Path], None]]:
    """Show a bar of files on a terminal; nothing where nobody looks."""
    columns = (TextColumn("collecting {task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("files"))
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(name, total=None)
        yield lambda done, total, _file: progress.update(task, completed=done, total=total)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m jobs.collect", description="Bring a source's new files into landing."
    )
    parser.add_argument("--source", required=True, help="name of a source of settings.toml, or all")
    try:
        with full_disk_named():
            sys.stdout.write(collect_source(parser.parse_args(arguments).source) + "\n")
    except KeshengError as error:
        sys.stderr.write(f"kesheng: {error}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
