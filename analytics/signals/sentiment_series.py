"""Mood over time, with honest intervals."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analytics.schema import TABLES
from analytics.signals.intervals import shrunk_mean_interval
from analytics.signals.tables import local_day, require_columns

_CELLS = ("hour", "channel", "team", "product", "topic_id")
_SUMS = ("n", "n_negative", "n_neutral", "n_positive", "score_sum", "score_square_sum", "median_response_seconds")


def sentiment_hour(cells: pd.DataFrame, *, zone: str = "Asia/Shanghai") -> pd.DataFrame:
    """Return the mean mood of each cell with a 95 % interval, as the table `sentiment_hour`.

    Parameters
    ----------
    cells : DataFrame
        One row a cell: hour (UTC), channel, team, product, topic_id, n, n_negative, n_neutral, n_positive, score_sum,
        score_square_sum, median_response_seconds. Cells with n = 0 are left out of the result.
    zone : str
        Zone of the local day.

    Returns
    -------
    DataFrame
        The columns of `TABLES["sentiment_hour"]`; low and high stay within -1 and 1. The interval of a small cell uses
        the variance pooled over the cells given, so hand in at least a day at once.

    Raises
    ------
    SchemaError
        If a column is missing.

    Examples
    --------
    >>> cell = {"channel": "app", "team": "", "product": "", "topic_id": "", "n": 4, "n_negative": 1, "n_neutral": 1,
    ...         "n_positive": 2, "score_sum": 1.0, "score_square_sum": 1.3, "median_response_seconds": 40.0}
    >>> cells = pd.DataFrame([{"hour": pd.Timestamp("2026-01-05 17:00Z"), **cell}])
    >>> sentiment_hour(cells)[["day", "n", "mean", "low", "high"]].round(2).values.tolist()
    [[datetime.date(2026, 1, 6), 4, 0.25, -0.4, 0.9]]
    """
    require_columns(cells, "cells", (*_CELLS, *_SUMS))
    rows = cells[cells["n"] > 0].sort_values(list(_CELLS), ignore_index=True)
    n, total, squares = (rows[name].to_numpy(dtype=np.float64) for name in ("n", "score_sum", "score_square_sum"))
    mean, low, high = shrunk_mean_interval(n, total, squares)
    bounded = {"mean": mean, "low": np.maximum(low, -1.0), "high": np.minimum(high, 1.0)}
    found = rows.assign(day=local_day(rows["hour"], zone), **bounded)
    return found[[column.name for column in TABLES["sentiment_hour"].columns]]
