"""Find the header row of a table that may have a title and a notice above it, or no header at all."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from statistics import median

from analytics.conform.header_names import is_known_name

Cells = Sequence[str | None]

_LOOK_AT = 30
"""Rows looked at; titles, notices and query conditions of exports take a handful."""

_VALUE = re.compile(r"[-+]?\d[\d.,:/\-\s]*%?|\d{4}年.*|nan|null|true|false", re.IGNORECASE)
"""A cell that is a number, a date or a missing value names no column."""


_ENOUGH_KNOWN = 2
"""Names known for columns that a row must hold to be the header though a name comes twice in it."""


def find_header(rows: Sequence[Cells], *, header: bool | None = None) -> int | None:
    """Return the index of the header row, None if there is none.

    Rows above it that fill clearly fewer cells than the table below (a title, a notice) are passed over.

    Parameters
    ----------
    rows : sequence of sequences of str or None
        The first rows of the file; blank cells are None.
    header : bool or None
        True: there is one, only its row is sought. False: there is none. None: decide by what the cells look like.

    Examples
    --------
    >>> find_header([["八月评论", None], ["编号", "内容"], ["1", "很好"]])
    1
    >>> find_header([["1", "很好"], ["2", "太慢了"]]) is None
    True
    """
    if header is False:
        return None
    head = list(rows[:_LOOK_AT])
    filled = [sum(cell is not None for cell in row) for row in head]
    usual = _usual(filled)
    wanted = math.ceil(0.6 * usual)
    for index, row in enumerate(head):
        if filled[index] >= wanted:
            return index if header or _names_columns(row, head[index + 1 :]) else None
    return None


def _usual(filled: Sequence[int]) -> int:
    """Return how many cells rows usually fill; of equally usual numbers the larger, as a title is the odd one."""
    counts = Counter(number for number in filled if number)
    return max(counts, key=lambda number: (counts[number], number), default=0)


def _names_columns(row: Cells, below: Sequence[Cells]) -> bool:
    names = [cell.strip() for cell in row if cell is not None]
    if any(_VALUE.fullmatch(name) or len(name) > 40 for name in names):
        return False
    n_known = sum(is_known_name(name) for name in names)
    if len(set(names)) < len(names):
        return n_known >= _ENOUGH_KNOWN
    if n_known:
        return True
    data = [cells for cells in below if any(cell is not None for cell in cells)]
    return any(_differs(cell, [cells[number] for cells in data]) for number, cell in enumerate(row) if cell)


def _differs(name: str, cells: Sequence[str | None]) -> bool:
    """Return whether the column below is of another make than the cell: values, or much longer text."""
    held = [cell.strip() for cell in cells if cell is not None]
    if not held:
        return False
    n_values = sum(_VALUE.fullmatch(cell) is not None for cell in held)
    return n_values >= 0.8 * len(held) or median(map(len, held)) >= max(12, 3 * len(name))


def column_names(header: Cells | None, width: int) -> list[str]:
    """Return `width` different names: the header's, numbers where it is blank, and "name (2)" for a second one.

    Examples
    --------
    >>> column_names([None, "内容", "内容"], 4)
    ['1', '内容', '内容 (2)', '4']
    """
    names: list[str] = []
    for number in range(width):
        cell = header[number] if header is not None and number < len(header) else None
        name = cell.strip().lstrip("\ufeff") if cell is not None else str(number + 1)
        copies = 1
        unique = name
        while unique in names:
            copies += 1
            unique = f"{name} ({copies})"
        names.append(unique)
    return names
