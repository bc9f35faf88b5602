"""Whether a share has changed from one period to the next, when days differ from each other more than chance would."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.special import stdtr, stdtrit

Floats = npt.NDArray[np.float64]
Verdict = Literal["significant", "flat", "few_days", "none"]

LEVEL = 0.05
"""False discoveries allowed among the changes that are called significant."""
MIN_DAYS = 4
"""Fewer days of both periods together leave one degree of freedom or none: how days differ cannot be told."""
_NORMAL = np.inf
Z_95 = 1.959963984540054
"""Two-sided 95 % point of the normal distribution."""


@dataclass(frozen=True)
class Change:
    """A share against the one before.

    Attributes
    ----------
    difference, low, high : float
        Now minus before, -1 to 1, and its 95 % interval; NaN where a period has no contacts.
    p_value : float
        Two-sided; NaN without data.
    n_days : int
        Days with contacts, of both periods.
    dispersion : float
        How many times the variance of the daily counts is the binomial one; at least 1.
    """

    difference: float
    low: float
    high: float
    p_value: float
    n_days: int
    dispersion: float

    def verdict(self, q_value: float) -> Verdict:
        """Return what may be said, given the p-value corrected for how many were looked at."""
        if np.isnan(self.p_value):
            return "none"
        if self.n_days < MIN_DAYS:
            return "few_days"
        return "significant" if q_value <= LEVEL else "flat"

    @property
    def differs(self) -> bool:
        """Whether it alone, and nothing else, was looked at and has changed."""
        return self.verdict(self.p_value) == "significant"


_NONE = float("nan")
NO_CHANGE = Change(_NONE, _NONE, _NONE, _NONE, n_days=0, dispersion=1.0)


def share_change(k: Floats, n: Floats, is_now: npt.NDArray[np.bool_]) -> Change:
    """Test whether a share differs between two periods: quasi-binomial over their days [1]_.

    The dispersion is Pearson's statistic of the daily counts about each period's own share, divided by its degrees of
    freedom, and never below 1; the difference, divided by its error, is then Student's t with n_days - 2 degrees of
    freedom. The error adds one contact of each kind to each period [2]_, so that a share of zero is not taken as
    certain. With fewer than `MIN_DAYS` days it is the plain test of two proportions.

    Parameters
    ----------
    k, n : ndarray, shape (n_days,)
        Contacts counted and all contacts of each day; days without contacts take no part.
    is_now : ndarray of bool, shape (n_days,)
        Which days are of the later period.

    References
    ----------
    .. [1] P. McCullagh, J. A. Nelder, "Generalized Linear Models", 2nd ed., 1989, section 4.5.
    .. [2] A. Agresti, B. Caffo, "Simple and Effective Confidence Intervals for Proportions and Differences of
       Proportions", The American Statistician 54, 2000.

    Examples
    --------
    >>> now = np.arange(14) >= 7
    >>> doubled = share_change(np.where(now, 20.0, 10.0), np.full(14, 100.0), now)
    >>> round(doubled.difference, 2), doubled.differs
    (0.1, True)
    """
    k, n, is_now = k[n > 0], n[n > 0], is_now[n > 0]
    if is_now.all() or not is_now.any():
        return NO_CHANGE
    totals = [(float(k[part].sum()), float(n[part].sum())) for part in (is_now, ~is_now)]
    n_days = len(n)
    spread = _dispersion(k, n, is_now) if n_days >= MIN_DAYS else 1.0
    freedom = n_days - 2 if n_days >= MIN_DAYS else _NORMAL
    (k_now, n_now), (k_before, n_before) = totals
    difference = k_now / n_now - k_before / n_before
    error = float(np.sqrt(spread * sum(_variance(*total) for total in totals)))
    half = (Z_95 if freedom == _NORMAL else float(stdtrit(freedom, 0.975))) * error
    p_value = 2 * float(stdtr(min(freedom, 1e9), -abs(difference) / error))
    return Change(
        difference, max(difference - half, -1), min(difference + half, 1), p_value, n_days=n_days, dispersion=spread
    )


def false_discovery(p_values: Floats) -> Floats:
    """Return Benjamini and Hochberg's q-values; NaN stays NaN and counts for nothing.

    Parameters
    ----------
    p_values : ndarray, shape (n,)
        One for each thing that was looked at.

    References
    ----------
    .. [1] Y. Benjamini, Y. Hochberg, "Controlling the False Discovery Rate", JRSS B 57, 1995.

    Examples
    --------
    >>> false_discovery(np.array([0.01, 0.5, 0.02])).round(3).tolist()
    [0.03, 0.5, 0.03]
    """
    q_values = np.full(len(p_values), np.nan)
    known = np.flatnonzero(~np.isnan(p_values))
    order = known[np.argsort(p_values[known], kind="stable")]
    raised = p_values[order] * len(order) / np.arange(1, len(order) + 1)
    q_values[order] = np.minimum(np.minimum.accumulate(raised[::-1])[::-1], 1)
    return q_values


def _dispersion(k: Floats, n: Floats, is_now: npt.NDArray[np.bool_]) -> float:
    statistic, freedom = 0.0, 0
    for part in (is_now, ~is_now):
        share = k[part].sum() / n[part].sum()
        if 0 < share < 1:
            expected = n[part] * share
            statistic += float((((k[part] - expected) ** 2) / (expected * (1 - share))).sum())
            freedom += int(part.sum()) - 1
    return max(statistic / freedom, 1.0) if freedom else 1.0


def _variance(k: float, n: float) -> float:
    share = (k + 1) / (n + 2)
    return share * (1 - share) / (n + 2)
