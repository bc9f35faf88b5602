"""Retention: records older than the `retention_days` of their source are deleted; what was counted of them stays.

Numbers by day and hour hold nobody's words, and a trend over years is what they are for. Days that lost their records
cannot be run again: that would count what is no longer there.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import pandas as pd
import pyarrow.compute as pc
import pyarrow.parquet as pq

from analytics.conform.assemble import local_days
from analytics.errors import ConfigError, KeshengError
from analytics.inbox.forget import forget_verbatims
from analytics.schema import UNDATED_DAY
from analytics.settings import Settings, SourceSettings, load_settings
from analytics.warehouse import lake_files
from jobs import publish
from jobs.forget import forget_contacts
from jobs.full_disk import full_disk_named
from jobs.lake_lock import writing_lake
from jobs.person_contacts import described
from jobs.sources.conform_file import source_spec
from jobs.sources.intake import locked
from jobs.sources.manifest import LandedFile, manifest
from jobs.sources.owners import owners_of
from jobs.sources.rewriting import rewrite
from jobs.window import Window

_NEVER = dt.date.min
_MARK = "forgotten.json"
_UNPUBLISHED = ".retention-unpublished"


@dataclass
class _Deleted:
    """What was deleted, or would be, of one source."""

    source: str
    before: str
    landing_records: int = 0
    contacts: set[str] = field(default_factory=set)

    def to_json(self) -> str:
        return json.dumps(
            {
                "source": self.source,
                "before": self.before,
                "landing_records": self.landing_records,
                "contacts": len(self.contacts),
            }
        )


def apply_retention(settings: Settings | None = None, *, today: dt.date | None = None, dry_run: bool = False) -> str:
    """Delete what is too old; return one line of JSON for each source that says `retention_days`.

    Parameters
    ----------
    settings : Settings, optional
        As loaded if not given.
    today : date, optional
        Local day from which ages count; today's if not given.
    dry_run : bool
        Delete nothing.
    """
    settings = settings or load_settings()
    today = today or dt.datetime.now(ZoneInfo(settings.timezone)).date()
    limits = {
        name: today - dt.timedelta(days=source.retention_days)
        for name, source in settings.sources.items()
        if source.retention_days is not None
    }
    with nullcontext() if dry_run else writing_lake(settings, "kesheng retention"):
        unpublished = settings.landing / _UNPUBLISHED
        is_due = unpublished.exists()  # the last one was killed: the warehouse may hold what is gone from the lake
        if limits and not dry_run:
            settings.landing.mkdir(parents=True, exist_ok=True, mode=0o700)
            unpublished.touch(mode=0o600)
        done = [_delete(settings, name, before, dry_run=dry_run) for name, before in limits.items()]
        if limits and not dry_run:
            if is_due or any(one.landing_records or one.contacts for one in done):
                publish.run(settings, is_gated=False)  # what must go, goes
            unpublished.unlink(missing_ok=True)
    return "\n".join(one.to_json() for one in done)


def forgotten_before(settings: Settings) -> dt.date:
    """Return the first day that still has all its records; the beginning of time where nothing was deleted."""
    path = settings.landing / _MARK
    if not path.exists():
        return _NEVER
    return max(map(dt.date.fromisoformat, json.loads(path.read_text(encoding="ascii")).values()), default=_NEVER)


def refuse_forgotten_days(settings: Settings, windows: Sequence[Window]) -> None:
    """Raise `ConfigError` if a window has days whose records were deleted: their numbers would be lost."""
    first = forgotten_before(settings)
    lost = [window for window in windows if UNDATED_DAY < window.first < first]
    if lost:
        raise ConfigError(
            f"records from before {first} were deleted by retention_days; running {lost[0].first} again would replace"
            f" its numbers by nothing; begin at {first} or later"
        )


def _delete(settings: Settings, name: str, before: dt.date, *, dry_run: bool) -> _Deleted:
    found = _Deleted(name, before.isoformat())
    found.contacts = _old_contacts(settings, name, before)
    if found.contacts and not dry_run:
        # Before anything goes: a run of these days after a crash would count what is half gone.
        _mark(settings, name, before)
    for file in manifest(settings.landing, name):
        found.landing_records += _out_of(file, settings.sources[name], settings, before, dry_run=dry_run)
    if found.contacts and not dry_run:
        forget_verbatims(settings.inbox_url, described(settings, found.contacts).texts)
        forget_contacts(settings.lake, found.contacts)
    return found


def _out_of(file: LandedFile, source: SourceSettings, settings: Settings, before: dt.date, *, dry_run: bool) -> int:
    """Take the old records out of a landing file; records without a time are as old as their file's collection."""
    if min(file.days) >= before and file.collected_at.date() >= before:
        return 0
    path = settings.landing / file.file
    records = owners_of(path, file.source_as_read(source), source_spec(file.source, source, settings.timezone)).records
    days = local_days(pd.to_datetime(records["at"], utc=True), settings.timezone)
    collected = file.collected_at.astimezone(ZoneInfo(settings.timezone)).date()
    days = days.where(days != UNDATED_DAY, collected)
    # A session is as old as its last message: its first ones stay with it.
    last = days.groupby(records["contact_id"]).transform("max")
    old = set(records.loc[last < before, "position"])
    if old and not dry_run:
        with locked(settings.landing / file.source):
            rewrite(file, old, source, settings.landing, settings.timezone)
    return len(old)


def _old_contacts(settings: Settings, name: str, before: dt.date) -> set[str]:
    found: set[str] = set()
    for path in lake_files(settings.lake, "contact"):
        day = dt.date.fromisoformat(path.parent.name.removeprefix("day="))
        if UNDATED_DAY < day < before:
            rows = pq.ParquetFile(path).read(["contact_id", "source"])
            found |= {str(one) for one in rows.filter(pc.field("source") == name).column("contact_id").to_pylist()}
    return found


def _mark(settings: Settings, name: str, before: dt.date) -> None:
    path = settings.landing / _MARK
    marks = json.loads(path.read_text(encoding="ascii")) if path.exists() else {}
    # Aside first: half a mark, or none after a full disk, and days would be run again without their records.
    private = path.with_name(f".{_MARK}")
    private.write_text(json.dumps({**marks, name: max(marks.get(name, ""), before.isoformat())}), encoding="ascii")
    os.replace(private, path)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m jobs.retention", description="Delete what is too old.")
    parser.add_argument("--dry-run", action="store_true", help="delete nothing, say what would be")
    try:
        with full_disk_named():
            sys.stdout.write(apply_retention(dry_run=parser.parse_args(arguments).dry_run) + "\n")
    except KeshengError as error:
        sys.stderr.write(f"kesheng: {error}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
