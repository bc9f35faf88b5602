"""What moved a mean from one period to the next: a part for each topic or touchpoint, mix and within."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.mean_parts import mean_parts
from analytics.signals.grid import FloatArray
from analytics.signals.tables import require_columns

DRIVER_COLUMNS = ("key", "n", "base_n", "contribution", "mix", "within", "low", "high", "rank")


def drivers(now: pd.DataFrame, base: pd.DataFrame) -> pd.DataFrame:
    """Take the change of a mean from `base` to `now` apart by key; the contributions add up to it exactly.

    `analytics.mean_parts` says how: mix from a key's share of contacts, within from its own mean.

    Parameters
    ----------
    now, base : DataFrame
        key (null counts as ''), value (null is left out); one row a contact.

    Returns
    -------
    DataFrame
        `DRIVER_COLUMNS`, the largest contribution first, whichever its sign; empty where one period has no value. low
        and high are the 95 % interval of the contribution, by the delta method: each contact's pull on it, periods
        apart. NaN where one period has fewer than two contacts of the key: nothing is known of their spread.

    Raises
    ------
    SchemaError
        If a column is missing.

    Examples
    --------
    >>> base = pd.DataFrame({"key": ["a", "a", "b", "b"], "value": [1.0, 1.0, 0.0, 0.0]})
    >>> now = pd.DataFrame({"key": ["a", "b", "b", "b"], "value": [1.0, 0.0, 0.0, 0.0]})
    >>> drivers(now, base)[["key", "contribution", "mix", "within"]].values.tolist()
    [['a', -0.15625, -0.15625, 0.0], ['b', -0.09375, -0.09375, 0.0]]
    """
    for table, name in ((now, "now"), (base, "base")):
        require_columns(table, name, ("key", "value"))
    periods = [table[table["value"].notna()] for table in (base, now)]
    if any(table.empty for table in periods):
        return pd.DataFrame(columns=list(DRIVER_COLUMNS))
    both = pd.concat(periods)
    codes, keys = pd.factorize(both["key"].fillna(""), sort=True)
    values = both["value"].to_numpy(dtype=np.float64)
    is_now = np.arange(len(both)) >= len(periods[0])
    counts, means, spreads = _moments(codes, values, is_now, len(keys))
    parts = mean_parts(counts, means, spreads)
    found = pd.DataFrame({"key": keys, "n": counts[1].astype(np.int64), "base_n": counts[0].astype(np.int64)})
    total = parts.total
    found = found.assign(
        contribution=total, mix=parts.mix, within=parts.within, low=total - parts.half, high=total + parts.half
    )
    order = np.lexsort((found["key"].to_numpy(dtype=str), -np.abs(total)))
    return found.iloc[order].assign(rank=np.arange(1, len(found) + 1)).reset_index(drop=True)


def _moments(
    codes: npt.NDArray[np.intp], values: FloatArray, is_now: npt.NDArray[np.bool_], n_keys: int
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return contacts, mean, and mean square about it, of each key, shape (2, n_keys), base first."""
    chosen = (~is_now, is_now)
    counts = np.stack([np.bincount(codes[rows], minlength=n_keys) for rows in chosen]).astype(np.float64)
    sums = np.stack([np.bincount(codes[rows], values[rows], minlength=n_keys) for rows in chosen])
    means = sums / np.maximum(counts, 1)
    squares = [
        np.bincount(codes[rows], (values[rows] - mean[codes[rows]]) ** 2, minlength=n_keys)
        for rows, mean in zip(chosen, means, strict=True)
    ]
    return counts, means, np.stack(squares) / np.maximum(counts, 1)
