"""The share of each topic a day, with its interval and its mood."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtrit

from analytics.errors import SchemaError
from analytics.share_changes import Z_95

COUNT_COLUMNS = (
    *("day", "topic_id", "channel", "product", "n_contacts", "n_total"),
    *("n_negative", "n_neutral", "n_positive", "score_sum", "score_square_sum"),
)


def wilson_interval(n_hits: ArrayLike, n_total: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return Wilson's 95 % interval [1]_ of a share, low and high, each of the inputs' shape.

    It stays within 0 and 1 and is honest for small samples and shares near 0, unlike the normal interval. NaN where
    `n_total` is 0.

    Parameters
    ----------
    n_hits, n_total : array_like of int
        Counts, ``0 <= n_hits <= n_total``.

    References
    ----------
    .. [1] E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22, 1927.

    Examples
    --------
    >>> low, high = wilson_interval([0, 5], [10, 10])
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.0, 0.237], [0.278, 0.763])
    """
    total = np.asarray(n_total, dtype=np.float64)
    hits = np.asarray(n_hits, dtype=np.float64)
    safe = np.where(total > 0, total, np.nan)
    share = hits / safe
    centre = share + Z_95**2 / (2 * safe)
    half = Z_95 * np.sqrt(share * (1 - share) / safe + Z_95**2 / (4 * safe**2))
    scale = 1 + Z_95**2 / safe
    low = np.where(hits == 0, 0.0 * safe, np.clip((centre - half) / scale, 0, 1))
    high = np.where(hits == total, 1.0 + 0.0 * safe, np.clip((centre + half) / scale, 0, 1))
    return low, high


def topic_day(counts: pd.DataFrame) -> pd.DataFrame:
    """Turn counts into the table `topic_day`.

    Parameters
    ----------
    counts : DataFrame
        Grain day x topic_id x channel x product ('' = none), with n_contacts, n_total (contacts of that day, channel
        and product in all topics), n_negative, n_neutral, n_positive, score_sum and score_square_sum (sum of the
        contacts' scores and of their squares).

    Returns
    -------
    DataFrame
        The same rows in order of their key; share, its Wilson 95 % interval, and sentiment_mean, which is the sum
        over the contacts with a mood (NaN without any), with its t interval within -1 and 1 (NaN below two).

    Raises
    ------
    SchemaError
        If a column is missing, or more contacts are in a topic than there are.
    """
    missing = [name for name in COUNT_COLUMNS if name not in counts.columns]
    if missing:
        raise SchemaError(f"topic_day: expected columns {', '.join(COUNT_COLUMNS)}, missing {', '.join(missing)}")
    if (counts["n_contacts"] > counts["n_total"]).any():
        raise SchemaError("topic_day: expected n_contacts <= n_total in every row; check how n_total was summed")
    rows = counts.sort_values(["day", "topic_id", "channel", "product"], kind="stable").reset_index(drop=True)
    n_scored = rows["n_negative"] + rows["n_neutral"] + rows["n_positive"]
    mean, mood_low, mood_high = _mean_interval(n_scored, rows["score_sum"], rows["score_square_sum"])
    low, high = wilson_interval(rows["n_contacts"], rows["n_total"])
    return pd.DataFrame(
        {
            **{name: rows[name] for name in COUNT_COLUMNS[:6]},
            "share": rows["n_contacts"] / rows["n_total"].where(rows["n_total"] > 0),
            "share_low": low,
            "share_high": high,
            **{name: rows[name] for name in ("n_negative", "n_neutral", "n_positive")},
            "sentiment_mean": mean,
            "sentiment_low": mood_low,
            "sentiment_high": mood_high,
        }
    )


def _mean_interval(n: pd.Series, total: pd.Series, squares: pd.Series) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Return mean, low and high of scores by Student's t; NaN where there are too few."""
    mean = total / n.where(n > 0)
    freedom = (n - 1).where(n > 1)
    variance = ((squares - n * mean**2) / freedom).clip(lower=0)
    half = pd.Series(stdtrit(freedom, 0.975), index=n.index) * np.sqrt(variance / n)
    return mean, (mean - half).clip(lower=-1), (mean + half).clip(upper=1)
