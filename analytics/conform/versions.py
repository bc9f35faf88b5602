"""Versions of records: which of two is newer, and which were deleted."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analytics.conform.outcome import GONE_COLUMNS
from analytics.conform.times import parse_times

_YES = frozenset(
    (
        *("1", "true", "t", "yes", "y", "deleted", "removed", "recalled"),
        *("是", "已删除", "删除", "已撤回", "撤回", "已刪除", "刪除", "已作废", "作废"),
    )
)


def versions(cells: pd.Series[str]) -> pd.Series[float]:
    """Return numbers that grow with the version: the number in the cell, or the seconds of its time; NaN for neither.

    Examples
    --------
    >>> versions(pd.Series(["3", "12", None])).tolist()
    [3.0, 12.0, nan]
    >>> found = versions(pd.Series(["2026-01-02 10:00:00.5", "2026-01-02 10:00:00"]))
    >>> bool(found[0] > found[1])
    True
    """
    numbers = pd.to_numeric(cells, errors="coerce").astype("float64")
    worded = cells.notna() & numbers.isna()
    if worded.any():
        times = parse_times(cells[worded], "UTC")
        seconds = (times - pd.Timestamp(0, tz="UTC")).dt.total_seconds()
        numbers = numbers.where(~worded, seconds.reindex(cells.index))
    return numbers.replace([np.inf, -np.inf], np.nan)


def is_deleted(cells: pd.Series[str]) -> pd.Series[bool]:
    """Return which cells say that their record was deleted.

    A time (of deletion) says so too.

    Examples
    --------
    >>> is_deleted(pd.Series(["1", "否", "已删除", "2026-01-02 10:00", None])).tolist()
    [True, False, True, True, False]
    """
    said = cells.fillna("").astype(str).str.strip().str.lower()
    deleted = said.isin(_YES)
    other = ~deleted & (said.str.len() >= len("2026-1-1"))
    if other.any():
        deleted |= parse_times(cells.where(other), "UTC").notna()
    return deleted


def gone_rows(
    ids: pd.Series[str], version: pd.Series[float], deleted: pd.Series[bool], message: pd.Series[str] | None = None
) -> pd.DataFrame:
    """Return the deleted records: `GONE_COLUMNS`."""
    rows = pd.DataFrame({"contact_id": ids, "message": message, "version": version}, dtype=object)
    found = rows[deleted & ids.notna()]
    return found[list(GONE_COLUMNS)].reset_index(drop=True)
