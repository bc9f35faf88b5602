"""Whose each record of a landing file is, and of when: what erasing and retention look at.

Refused rows count too: a duplicate or a row without a text is still somebody's.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from analytics.conform import SourceSpec, parse_times
from analytics.conform.cells import RoleCells, contact_ids
from analytics.conform.people import identifier_hash, identifiers
from analytics.conform.transcripts import record_heads
from analytics.schema import ID_KINDS, UNDATED_DAY
from analytics.settings import SourceSettings
from analytics.source_limits import LimitSettings
from jobs.sources.file_records import columns_of, original_name
from jobs.sources.files import read_contacts, read_rows
from jobs.sources.raw_rows import raw_rows

_CELL = re.compile(r"[^\s,;|\t\"'，；：:{}\[\]]{4,}")


@dataclass(frozen=True)
class Owners:
    """What a file's records say of whom they are.

    Attributes
    ----------
    records : DataFrame, one row a record
        position, contact_id (as in table `contact`), at (UTC; NaT where it has no time).
    hashes : DataFrame
        position, id_hash: every identifier of a record.
    """

    records: pd.DataFrame
    hashes: pd.DataFrame


def owners_of(path: Path, source: SourceSettings, spec: SourceSpec) -> Owners:
    """Return the owners of a file's records; those of rows that do not parse by every word of the row."""
    if source.format == "rows":
        table = read_rows(path, header=None if source.header else False, limits=source.limits)
        spec = replace(spec, columns=columns_of(table, source))
        cells = RoleCells(table.frame.reset_index(drop=True), spec)
        positions = pd.Series(table.positions, dtype="int64")
        broken = {row.position for row in table.refused}
        heads = pd.DataFrame({kind: cells.values(kind) for kind in ID_KINDS}, index=positions.index)
        sessions = spec.source + "-" + cells.values("contact") if spec.prefix_ids else cells.values("contact")
        ids = sessions if cells.has("contact") else contact_ids(cells.values("id"), positions.to_numpy(), spec)
        times = cells.times("time")
    else:
        found = read_contacts(path, source.format, source.limits)
        spec = replace(spec, columns={role: str(key) for role, key in source.columns.items()})
        positions = pd.Series([position for position, _ in found.records], dtype="int64")
        broken = {row.position for row in found.refused}
        told = record_heads([record for _, record in found.records], spec, original_name(path))
        heads = told.reindex(columns=list(ID_KINDS)).astype(object)
        ids = contact_ids(told["id"].astype(object), positions.to_numpy(), spec)
        times = parse_times(told["time"].astype(object), spec.zone)
    records = pd.DataFrame({"position": positions, "contact_id": ids.to_numpy(), "at": times.to_numpy()})
    days: pd.Series[dt.date] = pd.Series([UNDATED_DAY] * len(positions), index=heads.index, dtype=object)
    hashed = identifiers(heads.assign(contact_id=positions.astype(object)), days, spec.person_key)
    hashes = pd.DataFrame({"position": hashed["contact_id"].astype("int64"), "id_hash": hashed["id_hash"]})
    words = list(_of_broken(path, broken, spec.person_key, source.limits))
    unread = pd.DataFrame(words, columns=["position", "id_hash"])
    return Owners(records, pd.concat([hashes, unread], ignore_index=True) if len(unread) else hashes)


def _of_broken(path: Path, positions: set[int], person_key: str, limits: LimitSettings) -> Iterator[tuple[int, str]]:
    """Yield the hash of every word of rows that do not parse; a phone in one is still that person's."""
    if not positions:
        return
    for position, raw in raw_rows(path, limits):
        if position in positions:
            for word in set(_CELL.findall(raw)):
                for kind in ID_KINDS:
                    if (found := identifier_hash(kind, word, person_key)) is not None:
                        yield position, found
