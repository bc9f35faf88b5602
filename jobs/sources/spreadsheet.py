"""Read spreadsheets (xlsx, xls, xlsb, ods)."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from analytics.errors import InputFileError
from analytics.source_limits import LIMITS, LimitSettings
from jobs.sources.table import RawTable, table_of_rows
from jobs.sources.workbook_size import check_workbook, refuse_large_sheet


def read_spreadsheet(path: Path, *, header: bool | None, limits: LimitSettings = LIMITS) -> RawTable:
    """Read the sheet with the most rows; `notes` says so if others hold rows too.

    Raises
    ------
    InputFileError
        If it is no spreadsheet, is protected by a password, has no rows, or more than the limits allow.
    """
    rows, notes = read_cells(path, limits)
    return table_of_rows(rows, header=header, notes=notes)


def read_cells(path: Path, limits: LimitSettings = LIMITS) -> tuple[list[list[str | None]], tuple[str, ...]]:
    """Return all rows of that sheet from the first, cells as a person would have typed them, and the notes."""
    from python_calamine import CalamineError, CalamineWorkbook

    check_workbook(path, limits)
    try:
        book = CalamineWorkbook.from_path(path)
        sheets = {}
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            refuse_large_sheet(path, sheet.total_height, sheet.total_width, limits)
            sheets[name] = sheet.to_python(skip_empty_area=False)
    except CalamineError as error:
        raise InputFileError(
            f"{path} cannot be read as a spreadsheet ({error}); save it as xlsx without a password and try again"
        ) from error
    filled = {name: rows for name, rows in sheets.items() if any(cell != "" for row in rows for cell in row)}
    if not filled:
        raise InputFileError(f"{path} has no rows; expected a sheet with a row of column names and rows of text below")
    largest = max(filled, key=lambda name: len(filled[name]))
    notes = (f"sheet {largest!r} was read, the largest of {len(filled)}",) if len(filled) > 1 else ()
    return [[_text(cell) for cell in row] for row in filled[largest]], notes


def _text(cell: Any) -> str | None:
    """Return a cell as a person would have typed it: whole numbers without ".0", times in ISO 8601."""
    if isinstance(cell, str):
        return cell or None
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.isoformat(sep=" ")
    return None if cell is None else str(cell)
