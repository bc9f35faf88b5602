"""How large a workbook becomes when it is read: a file of a kilobyte may ask for sixteen billion cells.

The reader makes a full table of a sheet from its first to its last cell, so two cells in far corners are enough. What
a sheet of an xlsx names is looked up in its text; the binary forms are tried in a process of their own with little
memory, which may die of it.
"""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from pathlib import Path

from analytics.errors import InputFileError
from analytics.source_limits import MEGABYTE, LimitSettings
from jobs.sources.bounded import Bounded, Unpacked, check_directory, too_much

_COLUMNS = re.compile(rb"""\sr\s*=\s*["']\$?([A-Za-z]{1,3})\$?[0-9]""")
_ROWS = re.compile(rb"""\sr\s*=\s*["']\$?[A-Za-z]{0,3}\$?([0-9]{1,9})""")
_OVERLAP = 64
"""Bytes of a chunk looked at again, for what a border cuts."""
_TRIAL = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[2]),) * 2)
resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
from python_calamine import CalamineError, CalamineWorkbook
try:
    book = CalamineWorkbook.from_path(sys.argv[1])
    sheets = [book.get_sheet_by_name(name) for name in book.sheet_names]
    print(max((sheet.total_height * sheet.total_width for sheet in sheets), default=0))
except CalamineError as error:
    print("limit" if "limit exceeded" in str(error) else "unreadable")
"""
_TRIAL_BYTES = 3 << 30
_TRIAL_SECONDS = 120


def check_workbook(path: Path, limits: LimitSettings) -> None:
    """Refuse a workbook that would not fit into memory; one that is broken is left to its reader.

    Raises
    ------
    InputFileError
        If it unpacks to too much, or a sheet has too many cells, blank ones between included.
    """
    if zipfile.is_zipfile(path):
        try:
            n_cells = _largest_of_zip(path, limits)
        except (zipfile.BadZipFile, EOFError, zipfile.LargeZipFile, NotImplementedError, RuntimeError):
            return
        if path.suffix.lower() in {".xlsx", ".xlsm", ".ods"}:
            _refuse_beyond(path, n_cells, limits)  # ods: its reader keeps a limit of its own, and says so
            return
    _refuse_beyond(path, _tried(path), limits)


def refuse_large_sheet(path: Path, n_rows: int, n_columns: int, limits: LimitSettings) -> None:
    """Refuse a sheet as the reader found it; raise `InputFileError` if it has too many cells or columns."""
    _refuse_beyond(path, n_rows * n_columns, limits)
    if n_columns > limits.columns:
        raise too_much(str(path), f"has {n_columns:,} columns, more than {limits.columns:,}", "columns")


def _refuse_beyond(path: Path, n_cells: int, limits: LimitSettings) -> None:
    if n_cells > limits.sheet_cells:
        what = f"has a sheet of {n_cells:,} cells from the first to the last, more than {limits.sheet_cells:,}"
        raise too_much(str(path), what, "sheet_cells")


def _largest_of_zip(path: Path, limits: LimitSettings) -> int:
    """Unpack every part, within limits, and return the cells of the largest sheet that is text."""
    check_directory(path, str(path))
    largest, whole = 0, Unpacked(str(path), limits.model_copy(update={"archive_mb": limits.whole_mb}))
    with zipfile.ZipFile(path) as book:
        for info in book.infolist():
            with book.open(info) as file:
                part = Bounded(file, str(path), limits, packed_bytes=info.compress_size, whole=whole)  # type: ignore[arg-type]
                largest = max(largest, _cells_named(part))
    return largest


def _cells_named(part: Bounded) -> int:
    """Return last row times last column that a part names; any may be a sheet, whatever it is called."""
    last_row = last_column = 1
    before = b""
    while data := part.read():
        text = before + data
        rows, columns = set(_ROWS.findall(text)), set(_COLUMNS.findall(text))
        last_row = max(last_row, *map(int, rows)) if rows else last_row
        last_column = max(last_column, *map(_column_number, columns)) if columns else last_column
        before = data[-_OVERLAP:]
    return last_row * last_column


def _column_number(letters: bytes) -> int:
    """Return the number of a column.

    Examples
    --------
    >>> _column_number(b"A"), _column_number(b"XFD")
    (1, 16384)
    """
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number


def _tried(path: Path) -> int:
    """Return the cells of the largest sheet of a binary workbook, read in a process with little memory."""
    command = [sys.executable, "-c", _TRIAL, str(path), str(_TRIAL_BYTES)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_TRIAL_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        done = None
    said = done.stdout.strip() if done is not None else ""
    if done is None or (done.returncode != 0 and not said) or said == "limit":
        raise InputFileError(
            f"{path} asks for more memory or time than a spreadsheet needs ({_TRIAL_BYTES // MEGABYTE:,} MB);"
            " look whether it is what it should be, then save its sheet as csv"
        )
    return int(said) if said.isdigit() else 0
