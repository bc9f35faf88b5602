"""What every reader of files returns: cells as text, where each row stood, and the rows that could not be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from analytics.conform.outcome import Refused, hash_of
from analytics.source_limits import LimitSettings
from jobs.sources.header import Cells, column_names, find_header


@dataclass(frozen=True)
class RawTable:
    """Rows of one file, as received.

    Attributes
    ----------
    frame : DataFrame, shape (n_rows, n_columns)
        Every cell a non-blank str or None. Columns are named by the header row; a column without a name, and every
        column of a file without a header, is named by its number in the file: "1", "2", ….
    positions : tuple of int, length n_rows
        Row of the file, from 1, as a spreadsheet program shows it (a quoted line break starts no row).
    refused : tuple of Refused
        Rows that do not parse, with position, reason and hash.
    encoding, delimiter : str or None
        What the text was read with; None for kinds that have none.
    header_position : int or None
        Row of the header; None if the file has none.
    notes : tuple of str
        What a person should know about how it was read.
    """

    frame: pd.DataFrame
    positions: tuple[int, ...]
    refused: tuple[Refused, ...] = ()
    encoding: str | None = None
    delimiter: str | None = None
    header_position: int | None = None
    notes: tuple[str, ...] = field(default=())

    @property
    def n_rows_in(self) -> int:
        """Rows of the file that hold a record, readable or not."""
        return len(self.positions) + len(self.refused)


def blank_to_none(cell: str | None) -> str | None:
    """Return the cell, or None if it holds nothing but white space."""
    return cell if cell and not cell.isspace() else None


def frame_of(rows: Sequence[Sequence[Any]], names: Sequence[str]) -> pd.DataFrame:
    """Return the rows as a frame of str and None."""
    return pd.DataFrame(list(rows), columns=list(names), dtype=object)


def table_of_rows(rows: Sequence[Cells], *, header: bool | None, notes: tuple[str, ...] = ()) -> RawTable:
    """Make a table of a sheet's rows: find the header, name the columns, leave out rows without any cell.

    Parameters
    ----------
    rows : sequence of sequences of str or None
        All rows from the first of the sheet, of any lengths.
    header : bool or None
        Whether there is a header row; None: find out.
    notes : tuple of str
        Passed on.

    Examples
    --------
    >>> table = table_of_rows([["八月评论"], ["编号", "内容"], [None, None], ["1", "很好"]], header=None)
    >>> table.positions, table.header_position, list(table.frame.columns)
    ((4,), 2, ['编号', '内容'])
    """
    width = max((len(row) for row in rows), default=0)
    full = [[*map(blank_to_none, row), *[None] * (width - len(row))] for row in rows]
    at = find_header(full, header=header)
    first = 0 if at is None else at + 1
    kept = [number for number in range(first, len(full)) if any(cell is not None for cell in full[number])]
    return RawTable(
        frame_of([full[number] for number in kept], column_names(None if at is None else full[at], width)),
        tuple(number + 1 for number in kept),
        header_position=None if at is None else at + 1,
        notes=notes,
    )


def without_long_cells(table: RawTable, limits: LimitSettings) -> RawTable:
    """Return the table without rows that have a longer cell than allowed: they are refused as too_long.

    Examples
    --------
    >>> table = table_of_rows([["编号", "内容"], ["1", "好" * 2000], ["2", "慢"]], header=True)
    >>> kept = without_long_cells(table, LimitSettings(cell_chars=1000))
    >>> kept.positions, [(row.position, row.reason) for row in kept.refused]
    ((3,), [(2, 'too_long')])
    """
    long = {
        number
        for at in range(table.frame.shape[1])
        for number, cell in enumerate(table.frame.iloc[:, at])
        if cell is not None and len(cell) > limits.cell_chars
    }
    if not long:
        return table
    refused = [Refused(table.positions[n], "too_long", hash_of(*table.frame.iloc[n])) for n in sorted(long)]
    kept = [number for number in range(len(table.positions)) if number not in long]
    return replace(
        table,
        frame=table.frame.iloc[kept].reset_index(drop=True),
        positions=tuple(table.positions[number] for number in kept),
        refused=(*table.refused, *refused),
    )
