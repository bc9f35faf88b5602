"""Read how often something happened."""

from __future__ import annotations

import re

import pandas as pd

_COUNT = re.compile(r"(\d{1,4})(?:\.0+)?\s*(?:次|times?)?", re.IGNORECASE)


def parse_counts(cells: pd.Series[str]) -> pd.Series[int]:
    """Return the number that each cell gives: 2, 2.0, 2次; <NA> where there is none.

    Examples
    --------
    >>> parse_counts(pd.Series(["0", "2次", "3.0", "无", "-1", None])).tolist()
    [0, 2, 3, <NA>, <NA>, <NA>]
    """
    found = {cell: _COUNT.fullmatch(cell.strip()) for cell in cells.dropna().unique()}
    values = {cell: int(match[1]) for cell, match in found.items() if match}
    return pd.Series([values.get(cell) for cell in cells], index=cells.index, dtype="Int64")
