"""What moved a mean from one period to the next: a part for each topic or touchpoint, mix and within."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.signals.grid import FloatArray
from analytics.signals.intervals import Z95
from analytics.signals.tables import require_columns

DRIVER_COLUMNS = ("key", "n", "base_n", "contribution", "mix", "within", "low", "high", "rank")


def drivers(now: pd.DataFrame, base: pd.DataFrame) -> pd.DataFrame:
    """Take the change of a mean from `base` to `now` apart by key; the contributions add up to it exactly.

    With p a key's share of contacts, m its mean, M the mean of all, 0 in the base, 1 now, and bars for the middle of
    both periods: within = p̄ (m1 - m0), mix = (p1 - p0) (m̄ - M̄); Kitagawa's decomposition [1]_, taken against the mean,
    so that a key that grows counts only by how far it lies from the others. A key of one period alone has the same mean
    in both, and is mix.

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

    References
    ----------
    .. [1] E. M. Kitagawa, "Components of a Difference Between Two Rates", JASA 50, 1955.

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
    counts, means = _counts_and_means(codes, values, is_now, len(keys))
    share = counts / counts.sum(axis=1, keepdims=True)
    overall = (share * means).sum(axis=1)
    within = share.mean(axis=0) * (means[1] - means[0])
    mix = (share[1] - share[0]) * (means.mean(axis=0) - overall.mean())
    half = Z95 * np.sqrt(_variance(codes, values, is_now, (share, means, overall)))
    half = np.where(counts.min(axis=0) >= 2, half, np.nan)
    total = mix + within
    found = pd.DataFrame({"key": keys, "n": counts[1].astype(np.int64), "base_n": counts[0].astype(np.int64)})
    found = found.assign(contribution=total, mix=mix, within=within, low=total - half, high=total + half)
    order = np.lexsort((found["key"].to_numpy(dtype=str), -np.abs(total)))
    return found.iloc[order].assign(rank=np.arange(1, len(found) + 1)).reset_index(drop=True)


def _counts_and_means(
    codes: npt.NDArray[np.intp], values: FloatArray, is_now: npt.NDArray[np.bool_], n_keys: int
) -> tuple[FloatArray, FloatArray]:
    """Return contacts and mean of each key, shape (2, n_keys), base first; a key without any has its other mean."""
    chosen = (~is_now, is_now)
    counts = np.stack([np.bincount(codes[rows], minlength=n_keys) for rows in chosen]).astype(np.float64)
    sums = np.stack([np.bincount(codes[rows], values[rows], minlength=n_keys) for rows in chosen])
    means = sums / np.maximum(counts, 1)
    return counts, np.where(counts > 0, means, means[::-1])


def _variance(
    codes: npt.NDArray[np.intp],
    values: FloatArray,
    is_now: npt.NDArray[np.bool_],
    state: tuple[FloatArray, FloatArray, FloatArray],
) -> FloatArray:
    """Return the variance of each contribution: of the pull of one contact, over the contacts of its period.

    A contact of period t changes the share p(t) by (1[key] - p), the mean m(t) by 1[key] (value - m) / p, and the
    overall mean by value - M; the contribution changes by its derivatives in these three.
    """
    share, means, overall = state
    change, jump = share[1] - share[0], means[1] - means[0]
    variance = np.zeros(share.shape[1])
    for period, rows in enumerate((~is_now, is_now)):
        sign = 1.0 if period else -1.0
        by_share = jump / 2 + sign * (means.mean(axis=0) - overall.mean())
        by_mean = sign * share.mean(axis=0) + change / 2
        p, m, n = share[period], means[period], int(rows.sum())
        spread = np.bincount(codes[rows], (values[rows] - m[codes[rows]]) ** 2, minlength=len(p)) / n
        overall_spread = float(((values[rows] - overall[period]) ** 2).mean())
        # Pull = by_share (1[k] - p) + by_mean 1[k] (v - m) / p - change / 2 (v - M); its mean square, term by term.
        own = by_mean / np.where(p > 0, p, 1.0)
        squares = by_share**2 * p * (1 - p) + own**2 * spread + (change / 2) ** 2 * overall_spread
        crossed = by_share * p * (m - overall[period]) + own * spread
        variance += (squares - change * crossed) / n
    return np.maximum(variance, 0.0)
