"""Whether the share of a topic has changed from one week to the next, when days differ more than chance would."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtr


class Change(NamedTuple):
    """Difference of two shares (-1 to 1), and the two-sided probability of one as large by chance; NaN without data."""

    difference: float
    p_value: float


def share_change(now: ArrayLike, n_now: ArrayLike, before: ArrayLike, n_before: ArrayLike) -> Change:
    """Test whether a share differs between two periods, by the days of each.

    Quasi-binomial [1]_: the variance is the binomial one times Pearson's statistic of the daily counts about each
    period's own share over its degrees of freedom, never below 1. The difference over its error is Student's t with
    n_days - 2 degrees of freedom. One contact of each kind is added to each period [2]_, so that a share of zero is
    not taken as certain.

    Parameters
    ----------
    now, before : array_like of int, shape (n_days,)
        Contacts of the topic each day.
    n_now, n_before : array_like of int, shape (n_days,)
        All contacts of each day; days without any take no part.

    References
    ----------
    .. [1] P. McCullagh, J. A. Nelder, "Generalized Linear Models", 2nd ed., 1989, section 4.5.
    .. [2] A. Agresti, B. Caffo, "Simple and Effective Confidence Intervals for Proportions and Differences of
       Proportions", The American Statistician 54, 2000.

    Examples
    --------
    >>> found = share_change([20] * 7, [100] * 7, [10] * 7, [100] * 7)
    >>> round(found.difference, 2), found.p_value < 0.001
    (0.1, True)
    """
    statistic, n_days, variance, shares = 0.0, 0, 0.0, []
    for hits, totals in ((now, n_now), (before, n_before)):
        total = np.asarray(totals, dtype=np.float64)
        k, n = np.asarray(hits, dtype=np.float64)[total > 0], total[total > 0]
        if not len(n):
            return Change(float("nan"), float("nan"))
        share = float(k.sum() / n.sum())
        if 0 < share < 1:
            statistic += float(((k - n * share) ** 2 / (n * share * (1 - share))).sum())
        smooth = (k.sum() + 1) / (n.sum() + 2)
        variance += smooth * (1 - smooth) / (n.sum() + 2)
        shares.append(share)
        n_days += len(n)
    freedom = max(n_days - 2, 1)
    difference = shares[0] - shares[1]
    error = np.sqrt(variance * max(statistic / freedom, 1.0))
    return Change(difference, 2 * float(stdtr(freedom, -abs(difference) / error)))
