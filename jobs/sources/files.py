"""Read any file of customer text: csv, tsv, txt, xlsx, xls, ods, jsonl, json, parquet."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from analytics.errors import InputFileError
from analytics.source_limits import LIMITS, MEGABYTE, LimitSettings
from jobs.sources.bounded import too_much
from jobs.sources.delimited import read_delimited
from jobs.sources.encoding import decode
from jobs.sources.spreadsheet import read_spreadsheet
from jobs.sources.structured import (
    RawRecords,
    has_a_record_a_line,
    read_json_table,
    read_parquet_table,
    read_records,
)
from jobs.sources.table import RawTable, without_long_cells

__all__ = ["READABLE", "RawRecords", "RawTable", "read_contacts", "read_rows"]

_KINDS = {
    ".csv": "delimited",
    ".tsv": "delimited",
    ".txt": "delimited",
    ".xlsx": "spreadsheet",
    ".xlsm": "spreadsheet",
    ".xls": "spreadsheet",
    ".xlsb": "spreadsheet",
    ".ods": "spreadsheet",
    ".jsonl": "json",
    ".ndjson": "json",
    ".json": "json",
    ".parquet": "parquet",
}
READABLE = frozenset(_KINDS)
"""Ends of names of the files that can be read."""

_SPREADSHEET_STARTS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_BINARY_STARTS = (
    *_SPREADSHEET_STARTS,
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x7fELF",
    b"SQLite format 3",
)
_KNOWN = "csv, tsv, txt, xlsx, xls, ods, jsonl, json or parquet"


def read_rows(
    path: Path, *, header: bool | None = None, only: Collection[str] | None = None, limits: LimitSettings = LIMITS
) -> RawTable:
    """Read a table of any kind; nothing is dropped but rows without any filled cell.

    Parameters
    ----------
    path : Path
        The file; its name says the kind, unless its first bytes say otherwise.
    header : bool or None
        Whether a row names the columns; None: find out. Titles and notices above that row are passed over.
    only : collection of str, optional
        Columns whose cells are wanted; those of others may be None, which is quicker.
    limits : LimitSettings
        Of its source.

    Returns
    -------
    RawTable
        Cells as text, positions, refused rows.

    Raises
    ------
    InputFileError
        If the file is missing, empty, unreadable, binary, of an unknown kind, has no rows, or more than allowed.
    """
    with _called(path):
        table = _table(path, header, only, limits)
    if not table.n_rows_in:
        raise InputFileError(f"{path} has no rows; expected a row of column names and rows of text below it")
    return table


def _table(path: Path, header: bool | None, only: Collection[str] | None, limits: LimitSettings) -> RawTable:
    kind, data = _opened(path, limits)
    if kind == "delimited":
        decoded = decode(data, str(path))
        return read_delimited(decoded, header=header, suffix=path.suffix.lower(), only=only, limits=limits)
    if kind == "spreadsheet":
        table = read_spreadsheet(path, header=header, limits=limits)
    elif kind == "parquet":
        table = read_parquet_table(path, limits)
    else:
        table = read_json_table(data, path, limits)
    return without_long_cells(table, limits)


@contextmanager
def _called(path: Path) -> Iterator[None]:
    """Name the file in errors of what was read from it."""
    try:
        yield
    except InputFileError as error:
        raise InputFileError(re.sub(r"^the file\b", lambda _: str(path), str(error))) from error


def read_contacts(path: Path, form: str = "contacts", limits: LimitSettings = LIMITS) -> RawRecords:
    """Read transcripts: JSON Lines, a list, or a file that is one object; broken lines are refused by position.

    Parameters
    ----------
    path : Path
        The file.
    form : str
        `SourceSettings.format`: in our own, an object without segments may wrap the list of contacts; in all others an
        object is a contact.
    limits : LimitSettings
        Of its source.

    Raises
    ------
    InputFileError
        If the file is missing, empty, unreadable, no JSON, or larger than allowed.
    """
    kind, data = _opened(path, limits)
    if kind != "json":
        raise InputFileError(f"{path} is no JSON; a source of format {form!r} has one JSON object a line or a file")
    with _called(path):
        found = read_records(decode(data, str(path)), is_list=list_in(form, path), limits=limits)
    if not found.records and not found.refused:
        raise InputFileError(f"{path} has no rows; expected one JSON object a line")
    return found


def kind_of(path: Path) -> str:
    """Return how a file is read: delimited, spreadsheet, json or parquet."""
    return _opened(path, LIMITS, whole=False)[0]


def list_in(form: str, path: Path) -> Callable[[Mapping[str, Any]], bool]:
    """Return whether an object of records of this form wraps the list of them (a transcript's own list holds turns)."""
    if form == "rows":
        return lambda whole: not has_a_record_a_line(path)
    return lambda whole: form == "contacts" and "segments" not in whole


def _opened(path: Path, limits: LimitSettings, *, whole: bool = True) -> tuple[str, bytes]:
    """Return the kind of the file and its bytes (none for kinds that open it themselves)."""
    if not path.exists():
        raise InputFileError(f"there is no file {path}; check the name")
    if not path.is_file():
        raise InputFileError(f"{path} is not a file; name one file: {_KNOWN}")
    try:
        with path.open("rb") as file:
            start = file.read(16)
            kind = _kind(path, start)
            data = b""
            if kind in {"delimited", "json"} and whole:
                data = start + file.read(limits.whole_mb * MEGABYTE)
    except OSError as error:
        raise InputFileError(f"{path} cannot be read ({error.strerror}); check who may read it") from error
    if len(data) > limits.whole_mb * MEGABYTE:
        raise too_much(str(path), f"is larger than {limits.whole_mb:,} MB", "whole_mb")
    if data and not data.strip(b"\x00\xef\xbb\xbf\xff\xfe \t\r\n"):
        raise InputFileError(f"{path} is empty; export it again")
    return kind, data


def _kind(path: Path, start: bytes) -> str:
    if not start:
        raise InputFileError(f"{path} is empty; export it again")
    kind = _KINDS.get(path.suffix.lower())
    if kind is None:
        raise InputFileError(f"{path} is of an unknown kind {path.suffix!r}; expected {_KNOWN}")
    if start.startswith(b"PAR1"):
        return "parquet"
    if start.startswith(_SPREADSHEET_STARTS) and kind in {"delimited", "spreadsheet"}:
        return "spreadsheet"
    if start.startswith(_BINARY_STARTS):
        raise InputFileError(f"{path} is a binary file, not {path.suffix[1:]}; export it as csv (UTF-8) or xlsx")
    # Exports called .xls are often text with tabs.
    return "delimited" if kind == "spreadsheet" and path.suffix.lower() == ".xls" else kind
