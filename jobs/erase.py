"""`kesheng erase --person KEY`: a person out of landing, lake, inbox and warehouse, with a receipt.

The request is noted first and marked done last, so that one cut off midway is gone on with by the next. Landing is
rewritten, so a rerun has nothing to bring back; what a source still sends of the time before the request is taken out
as it is collected.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import uuid
from dataclasses import asdict, dataclass
from pathlib import Path

from analytics.errors import ConfigError
from analytics.inbox.forget import forget_decisions, forget_verbatims
from analytics.inbox.labels import forget_labels
from analytics.inbox.topic_labels import forget_topic_labels
from analytics.settings import Settings, load_settings
from jobs import publish
from jobs.forget import forget_contacts
from jobs.lake_lock import writing_lake
from jobs.pending import windows_of
from jobs.person_contacts import contacts_by_key, contacts_of
from jobs.person_key import with_person_key
from jobs.progress import console, step
from jobs.retention import forgotten_before
from jobs.sources.conform_file import source_spec
from jobs.sources.erasures import Erasure, contact_key, note, note_done, unfinished
from jobs.sources.intake import locked
from jobs.sources.manifest import LandedFile, manifest
from jobs.sources.owners import owners_of
from jobs.sources.rewriting import rewrite
from jobs.whole import run_windows


@dataclass
class _Receipt:
    """What was done; nothing of the person."""

    erasure_id: str
    requested_at: str
    finished_at: str = ""
    n_contacts: int = 0
    n_identifiers: int = 0
    landing_files_rewritten: int = 0
    landing_records_deleted: int = 0
    lake_rows_deleted: dict[str, int] | None = None
    quotations_deleted: int = 0
    days_run_again: list[str] | None = None


def erase_person(key: str, settings: Settings | None = None, *, rerun: bool = True) -> Path:
    """Erase the person of a key and print where the receipt is; return it.

    Parameters
    ----------
    key : str
        person_id or contact_id as the dashboards show it, or a phone, e-mail, openid, order or account as written.
    settings : Settings, optional
        As loaded if not given.
    rerun : bool
        Work through the days of their contacts again, so that every number counts without them.

    Raises
    ------
    ConfigError
        If nobody, or more than one person, is known by the key.
    """
    settings = with_person_key(settings or load_settings())
    with writing_lake(settings, "kesheng erase"):
        return _erase(key, settings, rerun=rerun)


def _erase(key: str, settings: Settings, *, rerun: bool) -> Path:
    receipt = None
    for begun in unfinished(settings.landing):
        console.print(f"继续上次没有做完的删除 {begun.erasure_id}")
        receipt = _carry_out(settings, begun, rerun=rerun)
    try:
        found = contacts_of(settings, key)
    except ConfigError as error:
        if receipt is None:
            raise
        console.print(f"上次的删除已做完；此外：{error}")  # as a rule the same person, whom nobody knows any more
        return receipt
    erasure = Erasure(
        uuid.uuid4().hex[:12],
        dt.datetime.now(dt.UTC),
        found.identifiers,
        frozenset(map(contact_key, found.contact_ids)),
        found.days,
    )
    note(settings.landing, erasure)
    return _carry_out(settings, erasure, rerun=rerun)


def _carry_out(settings: Settings, erasure: Erasure, *, rerun: bool) -> Path:
    found = contacts_by_key(settings, erasure.contacts)
    receipt = _Receipt(erasure.erasure_id, erasure.at.isoformat(timespec="seconds"))
    receipt.n_contacts, receipt.n_identifiers = len(erasure.contacts), len(erasure.identifiers)
    known = erasure.days | found.days
    days = set(known)
    with step("landing"):
        for file in manifest(settings.landing):
            n_records = _out_of(file, erasure, settings)
            receipt.landing_records_deleted += n_records
            receipt.landing_files_rewritten += n_records > 0
            if n_records and not known:  # the lake forgot them before a crash: any day of the file may be theirs
                days |= set(file.days)
    with step("lake"):
        # The inbox first: only the lake knows what was said, and after a crash here it must still know.
        receipt.quotations_deleted = forget_verbatims(settings.inbox_url, found.texts)
        forget_decisions(settings.inbox_url, erasure.identifiers, found.contact_ids)
        forget_labels(settings.inbox_url, found.contact_ids)
        forget_topic_labels(settings.inbox_url, found.contact_ids)
        receipt.lake_rows_deleted = forget_contacts(settings.lake, found.contact_ids)
    kept = [day for day in days if day >= forgotten_before(settings)]
    if rerun and kept:
        run_windows(settings, windows_of(kept))
        receipt.days_run_again = [str(day) for day in sorted(kept)]
    else:
        with step("publish"):
            publish.run(settings, is_gated=False)  # what must go, goes
    note_done(settings.landing, erasure)
    return _write(settings.home / "receipts", receipt)


def _out_of(file: LandedFile, erasure: Erasure, settings: Settings) -> int:
    """Take the person's records out of a landing file; return how many there were."""
    source = settings.sources.get(file.source)
    if source is None:
        raise ConfigError(
            f"landing holds files of source {file.source!r}, which is not configured: nobody can tell whose their rows"
            f" are; add [sources.{file.source}] to settings.toml again, or delete landing/{file.source}"
        )
    tag = file.tag if source.prefix_ids else ""
    spec = source_spec(file.source, source, settings.timezone, person_key=settings.person_key, file_tag=tag)
    with locked(settings.landing / file.source):
        if not (settings.landing / file.file).exists():
            return 0
        positions = erasure.positions(owners_of(settings.landing / file.file, file.source_as_read(source), spec))
        if positions:
            rewrite(file, positions, source, settings.landing, settings.timezone)
    return len(positions)


def _write(folder: Path, receipt: _Receipt) -> Path:
    receipt.finished_at = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"erase-{receipt.finished_at[:10]}-{receipt.erasure_id}.json"
    with os.fdopen(os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
        json.dump(asdict(receipt), file, ensure_ascii=False, indent=1)
        file.write("\n")
    console.print(
        f"已删除 {receipt.n_contacts} 个联络（landing 中 {receipt.landing_records_deleted} 条记录）；回执 {path}"
    )
    return path
