"""Which columns of a file a source means, and which local days its records touch."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analytics.conform import guess_columns, parse_times, resolve_columns
from analytics.conform.assemble import local_days
from analytics.conform.transcripts import record_times
from analytics.errors import SchemaError
from analytics.schema import UNDATED_DAY
from analytics.settings import SourceSettings
from jobs.sources.files import read_contacts, read_rows
from jobs.sources.table import RawTable


@dataclass(frozen=True)
class FileDays:
    """The local days that a file's records touch, in order, and how many records it has, readable or not."""

    days: tuple[dt.date, ...]
    n_records: int


def columns_of(table: RawTable, source: SourceSettings) -> dict[str, str]:
    """Return role → column: those that the source names, or a guess if it names none.

    Raises
    ------
    SchemaError
        If a named column is not there, or no column holds text.
    """
    if not source.columns:
        return guess_columns(table.frame)
    if "text" not in source.columns:
        raise SchemaError("columns are given but none for text; add columns.text, or give none to have all guessed")
    return resolve_columns(table.frame, source.columns)


def days_of_file(path: Path, source: SourceSettings, zone: str) -> FileDays:
    """Return the local days a file touches, without conforming it; `UNDATED_DAY` where no time is to be found."""
    if source.format == "contacts":
        found = read_contacts(path)
        keys = {role: str(key) for role, key in source.columns.items()}
        cells = record_times((record for _, record in found.records), keys)
        n_records = len(found.records) + len(found.refused)
    else:
        table = read_rows(path, header=None if source.header else False)
        time = columns_of(table, source).get("time")
        cells = pd.Series(dtype=object) if time is None else table.frame[time]
        n_records = table.n_rows_in
    times = parse_times(cells, source.timezone or zone)
    days = sorted(set(local_days(times.dropna(), zone)))
    return FileDays(tuple(days) or (UNDATED_DAY,), n_records)
