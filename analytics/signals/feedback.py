"""Rises that a person marked as normal (正常波动): days that count in full for the level of their key."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analytics.signals.grid import HourGrid, IntArray
from analytics.signals.tables import require_columns

NORMAL_COLUMNS = ("key", "started_at", "ended_at")
"""Columns of a table of normal rises; times in UTC, `ended_at` exclusive."""


def normal_days(normal: pd.DataFrame | None, keys: pd.Index, grid: HourGrid) -> IntArray:
    """Return which local days of which key a person called normal.

    Parameters
    ----------
    normal : DataFrame or None
        `NORMAL_COLUMNS`, one row a window that was marked; None for no marks.
    keys : Index
        Key of each code; marks of other keys are left out.
    grid : HourGrid
        The hours; what lies outside of them is left out.

    Returns
    -------
    ndarray of int, shape (n, 2)
        Code of the key and number of the day on the grid, each pair once.

    Raises
    ------
    SchemaError
        If a column is missing or times carry no zone.

    Examples
    --------
    >>> from analytics.signals.grid import hour_grid
    >>> begin = pd.Timestamp("2026-01-05 00:00", tz="Asia/Shanghai")
    >>> grid = hour_grid(begin, begin + pd.Timedelta(days=3), "Asia/Shanghai")
    >>> mark = pd.DataFrame({"key": ["发票"], "started_at": [begin + pd.Timedelta(hours=20)]})
    >>> mark["ended_at"] = mark["started_at"] + pd.Timedelta(hours=8)
    >>> normal_days(mark, pd.Index(["保修", "发票"]), grid).tolist()
    [[1, 0], [1, 1]]
    """
    if normal is None or normal.empty:
        return np.empty((0, 2), dtype=np.int64)
    require_columns(normal, "normal", NORMAL_COLUMNS)
    code = keys.get_indexer(pd.Index(normal["key"]))
    first = grid.index_of(normal["started_at"])
    last = grid.index_of(normal["ended_at"] - pd.Timedelta(microseconds=1))
    kept = (code >= 0) & (last >= 0) & (first < grid.n_hours) & (last >= first)
    pairs = {
        (int(key), int(day))
        for key, begin, end in zip(code[kept], first[kept], last[kept], strict=True)
        for day in range(int(grid.day[max(begin, 0)]), int(grid.day[min(end, grid.n_hours - 1)]) + 1)
    }
    return np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)
