"""Indicators over a period: rolled up from their parts, never means of days."""

from __future__ import annotations

import datetime as dt
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa

from analytics.kpi_catalog import Indicator
from analytics.signals.kpi_estimates import estimates, median_estimates
from dashboards.data.source import Source
from dashboards.filters import Filters
from dashboards.selection import Selection

_SQL = """
SELECT indicator, sum(numerator) AS total, sum(squares) AS squares, sum(n)::DOUBLE AS n FROM kpi_cube
WHERE day BETWEEN $start AND $end GROUP BY 1
"""


def over_period(source: Source, start: dt.date, end: dt.date) -> pd.DataFrame:
    """Return each indicator over the days, in the order in which they are shown; those without contacts are absent.

    Returns
    -------
    DataFrame
        indicator, value, low, high (95 % interval; NaN for a single contact) in the indicator's unit, n.
    """
    parts = source.rows(_SQL, start=start, end=end).set_index("indicator")
    found = [_value(source, what, parts, start, end) for what in source.indicators.values()]
    return pd.DataFrame([row for row in found if row is not None], columns=["indicator", "value", "low", "high", "n"])


def daily(source: Source, start: dt.date, end: dt.date) -> dict[str, list[float]]:
    """Return each indicator's values by day, NaN for days without, all channels together."""
    frame = source.rows(
        "SELECT indicator, day, value FROM kpi_day WHERE team = '*' AND channel = '*' AND day BETWEEN $start AND $end",
        start=start, end=end,
    )  # fmt: skip
    days = pd.date_range(start, end)
    frame = frame.assign(day=pd.to_datetime(frame["day"]))
    return {
        str(name): rows.set_index("day")["value"].reindex(days).tolist() for name, rows in frame.groupby("indicator")
    }


def _value(
    source: Source, what: Indicator, parts: pd.DataFrame, start: dt.date, end: dt.date
) -> tuple[Any, ...] | None:
    if not what.is_additive:
        return _median(source, what, start, end)
    if what.name not in parts.index:
        return None
    row = parts.loc[what.name]
    sums = (np.array([float(row[name])]) for name in ("n", "total", "squares"))
    value, low, high = (float(part[0]) for part in estimates(what.statistic, *sums))
    return what.name, value, low, high, int(row["n"])


def _median(source: Source, what: Indicator, start: dt.date, end: dt.date) -> tuple[Any, ...] | None:
    behind = Selection(Filters(start, end), {"with": what.name})
    try:
        values = source.over(
            behind, f"SELECT ({what.measure})::DOUBLE AS value FROM contact WHERE {{where}} ORDER BY 1"
        )
    except duckdb.BinderException:  # it reads what stands in no column of the warehouse
        return None
    if values.empty:
        return None
    n, (value, low, high) = median_estimates(pa.array([values["value"].to_numpy()]))
    return what.name, float(value[0]), float(low[0]), float(high[0]), int(n[0])
