"""Values and 95 % intervals of indicators from their sums, many cells at once."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from scipy import stats

from analytics.signals.intervals import poisson_interval, wilson

FloatArray = npt.NDArray[np.float64]
Estimates = tuple[FloatArray, FloatArray, FloatArray]


def estimates(statistic: str, n: FloatArray, total: FloatArray, squares: FloatArray) -> Estimates:
    """Return value, low and high of each cell: Garwood's interval of a count, Wilson's of a share, Student's of a mean.

    Parameters
    ----------
    statistic : str
        count, share or mean.
    n, total, squares : ndarray of float, shape (n_cells,)
        Contacts counted, sum of what is measured, and of its squares. Sums of the rows of `kpi_cube` will do, which
        makes this the way to any roll-up of it.

    Returns
    -------
    value, low, high : ndarray of float, shape (n_cells,)
        NaN where n is 0; a mean of one contact has no interval.

    Examples
    --------
    >>> n, total, squares = np.array([4.0, 1.0]), np.array([10.0, 3.0]), np.array([30.0, 9.0])
    >>> [part.round(2).tolist() for part in estimates("mean", n, total, squares)]
    [[2.5, 3.0], [0.45, nan], [4.55, nan]]
    """
    if statistic == "count":
        low, high = poisson_interval(n)
        return n, np.asarray(low), np.asarray(high)
    safe = np.where(n > 0, n, np.nan)
    value = total / safe
    if statistic == "share":
        return (value, *wilson(total, n))
    freedom = np.where(n > 1, n - 1, np.nan)
    # Of equal values the difference of these sums may be a hair below 0.
    variance = np.maximum(squares - total**2 / safe, 0.0) / freedom
    half = stats.t.ppf(0.975, freedom) * np.sqrt(variance / safe)
    return value, value - half, value + half


def median_estimates(values: pa.Array[Any]) -> tuple[npt.NDArray[np.int64], Estimates]:
    """Return n, median, low and high of each cell by order statistics, as `intervals.median_interval` does for one.

    Parameters
    ----------
    values : Array of lists of float
        The values of each cell in ascending order; null or empty for none.

    Examples
    --------
    >>> n, found = median_estimates(pa.array([[1.0, 2.0, 4.0, 8.0], None]))
    >>> n.tolist(), [part.tolist() for part in found]
    ([4, 0], [[3.0, nan], [1.0, nan], [8.0, nan]])
    """
    n = np.asarray(pc.list_value_length(values).fill_null(0).to_numpy(zero_copy_only=False), dtype=np.int64)
    flat = np.asarray(pc.list_flatten(values).to_numpy(zero_copy_only=False), dtype=np.float64)
    start = np.cumsum(n) - n
    some = n > 0
    found = np.full((3, len(n)), np.nan)
    count, first = n[some], start[some]
    below = np.maximum(stats.binom.ppf(0.025, count, 0.5).astype(np.int64) - 1, 0)
    found[0, some] = (flat[first + (count - 1) // 2] + flat[first + count // 2]) / 2
    found[1, some] = flat[first + below]
    found[2, some] = flat[first + count - 1 - below]
    return n, (found[0], found[1], found[2])
