"""Which columns of a file a source means, which records it has, and which local days they touch."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analytics.conform import SourceSpec, guess_columns, parse_times, resolve_columns
from analytics.conform.assemble import local_days
from analytics.conform.transcripts import record_heads
from analytics.conform.wording import clean_value
from analytics.errors import SchemaError
from analytics.presets import load_preset, preset_columns
from analytics.schema import UNDATED_DAY
from analytics.settings import SourceSettings
from jobs.sources.files import read_contacts, read_rows
from jobs.sources.table import RawTable

_LANDED = re.compile(r"^[0-9a-f]{12}-")


@dataclass(frozen=True)
class FileRecords:
    """What `collect` must know of a file.

    Attributes
    ----------
    days : tuple of date
        Local days that its records touch, in order; `UNDATED_DAY` where none has a time.
    n_records : int
        Records in it, readable or not.
    ids, id_days : sequences
        Ids of contacts that the source gives, each with a local day it has here; repeated or not.
    columns : mapping of str to str, optional
        Role → column, where they were guessed.
    """

    days: tuple[dt.date, ...]
    n_records: int
    ids: Sequence[str] = ()
    id_days: Sequence[dt.date] = ()
    columns: dict[str, str] | None = None


def columns_of(table: RawTable, source: SourceSettings) -> dict[str, str]:
    """Return role → column: those that the source names, else those that its preset knows, or a guess if it has none.

    Raises
    ------
    SchemaError
        If a named column is not there, or no column holds text.
    """
    if source.preset:
        own = resolve_columns(table.frame, source.columns)
        columns = preset_columns(source.preset, map(str, table.frame.columns), own)
        if "text" not in columns:
            names = ", ".join(load_preset(source.preset).columns.get("text", ()))
            raise SchemaError(f"preset {source.preset} expects the text in one of {names}; else name it: columns.text")
        return columns
    if not source.columns:
        return guess_columns(table.frame)
    if "text" not in source.columns:
        raise SchemaError("columns are given but none for text; add columns.text, or give none to have all guessed")
    return resolve_columns(table.frame, source.columns)


def records_of_file(path: Path, source: SourceSettings, name: str, zone: str) -> FileRecords:
    """Return the records of a file without conforming it: their ids and the local days they touch."""
    columns: dict[str, str] | None = None
    if source.format == "rows":
        header = None if source.header else False
        table = read_rows(path, header=header, only=_looked_at(source), limits=source.limits)
        columns = columns_of(table, source)
        ids = columns.get("contact", columns.get("id"))
        cells = {"id": _cells(table, ids), "time": _cells(table, columns.get("time"))}
        heads = pd.DataFrame(cells, index=table.frame.index, dtype=object)
        n_records = table.n_rows_in
    else:
        found = read_contacts(path, source.format, source.limits)
        keys = {role: str(key) for role, key in source.columns.items()}
        spec = SourceSpec(name, source.kind, columns=keys, format=source.format)
        heads = record_heads([record for _, record in found.records], spec, original_name(path))
        n_records = len(found.records) + len(found.refused)
    times = parse_times(heads["time"].astype(object), source.timezone or zone)
    days = local_days(times, zone)
    dated = tuple(sorted(set(days[times.notna()])))
    given = clean_value(heads["id"])
    known = given.notna()
    guessed = None if source.columns else columns
    return FileRecords(dated or (UNDATED_DAY,), n_records, given[known].tolist(), days[known].tolist(), guessed)


def _looked_at(source: SourceSettings) -> set[str] | None:
    """Return the names of the columns that tell records' ids and times; None where they have to be found out first."""
    told = {source.columns.get(role) for role in ("contact", "id", "time")} - {None}
    if not source.columns or source.preset or not all(isinstance(name, str) and not name.isdigit() for name in told):
        return None
    return {str(name) for name in told}


def original_name(path: Path) -> str:
    """Return the name that a file had before landing put a hash before it: recordings are named by their time.

    Examples
    --------
    >>> original_name(Path("calls/0123456789ab-20260301_101530.json")), original_name(Path("20260301.json"))
    ('20260301_101530.json', '20260301.json')
    """
    return _LANDED.sub("", path.name)


def _cells(table: RawTable, column: str | None) -> pd.Series[str] | None:
    return None if column is None else table.frame[column]
