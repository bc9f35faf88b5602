"""The zone that landing and the lake were made in. In another one contacts at midnight would be on two days.

The zone is kept beside landing. A run in another one is refused; `kesheng repair` takes all there is over to it.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from analytics.errors import ConfigError
from analytics.schema import TABLES, UNDATED_DAY
from analytics.settings import Settings
from jobs.retention import forgotten_before
from jobs.sources.durable import append_line
from jobs.sources.file_records import records_of_file
from jobs.sources.intake import locked
from jobs.sources.manifest import MANIFEST, Ledger, manifest
from jobs.sources.record_index import index_table, links_of, write_index

_MARK = "zone.json"
_moved_here: set[Path] = set()


def check_zone(settings: Settings, *, collecting: bool = False) -> None:
    """Keep the zone of a home that has none noted yet; nothing where nothing has landed nor is about to.

    Raises
    ------
    ConfigError
        If landing and the lake were made in another zone than the settings say.
    """
    made_in, is_moving = _noted(settings.landing)
    if settings.landing in _moved_here:
        return
    if not made_in:
        if collecting:
            settings.landing.mkdir(parents=True, exist_ok=True, mode=0o700)
        if settings.landing.is_dir():
            _note(settings.landing, settings.timezone)
        return
    if made_in == settings.timezone and not is_moving:
        return
    raise ConfigError(
        f"settings: timezone: expected {made_in}, in which the days of {settings.home} were made, got"
        f" {settings.timezone}{' and a change that was cut off' if is_moving else ''}; put it back, or run"
        " `kesheng repair`: it takes all days over to the new zone (docs/faults.md)"
    )


def zone_to_leave(settings: Settings) -> str:
    """Return the zone that landing and the lake have to be taken out of; '' where all is in the settings' zone."""
    made_in, is_moving = _noted(settings.landing)
    return made_in if is_moving or made_in != settings.timezone else ""


@contextmanager
def moved_to_zone(settings: Settings) -> Iterator[list[dt.date]]:
    """Date all landed files anew in the settings' zone; the block is to run the days that it is given.

    Until the block has ended well every other run is refused; after a crash it is done again from the beginning. Only
    who holds the lake may.
    """
    made_in, _ = _noted(settings.landing)
    _note(settings.landing, made_in, moving=True)
    for name in sorted({file.source for file in manifest(settings.landing)}):
        _redate(settings, name)
    first = forgotten_before(settings)
    days = {day for file in manifest(settings.landing) for day in file.days}
    _remove_other_days(settings.lake, days, first)
    _moved_here.add(settings.landing)
    try:
        yield sorted(day for day in days if day == UNDATED_DAY or day >= first)
    finally:
        _moved_here.discard(settings.landing)
    _note(settings.landing, settings.timezone)


def _remove_other_days(lake: Path, days: Collection[dt.date], first: dt.date) -> None:
    """Remove the days of the lake that no longer are any: at the ends, where a contact at midnight was alone."""
    for name, table in TABLES.items():
        for folder in (lake / name).glob("day=*") if table.by_day else ():
            day = dt.date.fromisoformat(folder.name.removeprefix("day="))
            if day not in days and day != UNDATED_DAY and day >= first:
                shutil.rmtree(folder)


def _redate(settings: Settings, name: str) -> None:
    folder, source = settings.landing / name, settings.sources.get(name)
    if source is None:
        raise ConfigError(
            f"landing holds files of source {name!r}, which is not configured: nobody can tell the time of their rows;"
            f" add [sources.{name}] to settings.toml again, or delete landing/{name}"
        )
    with locked(folder):
        earlier: list[str] = []
        for file in Ledger.read(folder).files:
            own = Path(file.file).name
            records = records_of_file(folder / own, file.source_as_read(source), name, settings.timezone)
            index = index_table(records.ids, records.id_days)
            links = links_of(index, folder, earlier)
            write_index(index, folder, own)
            days = tuple(sorted({*records.days, *links.days}))
            append_line(folder / MANIFEST, replace(file, days=days).to_json())
            earlier.append(own)


def _noted(landing: Path) -> tuple[str, bool]:
    """Return the zone that is noted, '' for none, and whether it is being changed."""
    path = landing / _MARK
    if not path.exists():
        return "", False
    found = json.loads(path.read_text(encoding="utf-8"))
    return str(found["timezone"]), bool(found.get("moving"))


def _note(landing: Path, zone: str, *, moving: bool = False) -> None:
    private = landing / f".{_MARK}"
    with os.fdopen(os.open(private, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump({"timezone": zone, "moving": moving}, file)
    os.replace(private, landing / _MARK)
