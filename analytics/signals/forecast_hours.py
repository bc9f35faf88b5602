"""The share that each hour has of its day, learnt from a history in which rushes and outages count little."""

from __future__ import annotations

from functools import cache

import numpy as np

from analytics.signals.grid import FloatArray, IntArray
from analytics.signals.poisson_prior import fit_poisson

# Standard deviations of effects on the logarithm of a share: the hours themselves differ by orders of magnitude,
# a weekend from workdays by half, one weekday from the others little.
_HOUR, _WEEKEND_HOUR, _WEEKDAY_HOUR = 3.0, 0.4, 0.15
_TRIM = 0.2
_EMPTY_HOUR_SHARE = 1e-4


def hour_shares(contacts: FloatArray, totals: FloatArray, weekday: IntArray, dispersion: float) -> FloatArray:
    """Return for each weekday (as it works) the 24 shares of its hours.

    Parameters
    ----------
    contacts : ndarray of float, shape (n_days, 24)
        Contacts of each local hour, rushes and outages taken out.
    totals : ndarray of float, shape (n_days,)
        Expected contacts of the days; 0 for a day without data.
    weekday : ndarray of int, shape (n_days,)
        `CalendarDay.weekday_like`.
    dispersion : float
        Squared coefficient of variation of an hour beyond Poisson.

    Returns
    -------
    ndarray of float, shape (7, 24)
        Each row sums to 1.

    Examples
    --------
    >>> contacts = np.tile(np.eye(24)[9] * 30 + np.eye(24)[15] * 10, (14, 1))
    >>> hour_shares(contacts, np.full(14, 40.0), np.arange(14) % 7, 0.02)[0, [9, 15]].round(2)
    array([0.75, 0.25])
    """
    seen = np.zeros((7, 24))
    np.add.at(seen, weekday, np.where(totals[:, None] > 0, contacts, 0.0))
    exposure = np.bincount(weekday, weights=totals, minlength=7)
    rate = seen / np.maximum(exposure, 1e-9)[:, None]
    mean = contacts.mean(axis=0)
    weights = exposure[:, None] / (1.0 + dispersion * mean[None, :])
    known = np.repeat(exposure > 0, 24)
    regressor = fit_poisson(_columns()[known], rate.ravel()[known] + _EMPTY_HOUR_SHARE, weights.ravel()[known])
    shares = regressor.predict(_columns()).reshape(7, 24)
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))


def first_shares(contacts: FloatArray, weekday: IntArray) -> FloatArray:
    """Return shares of shape (7, 24) as trimmed means over the days, workdays and weekends apart where both are known.

    Examples
    --------
    >>> first_shares(np.ones((7, 24)), np.arange(7)).round(4)[0, 0]
    np.float64(0.0417)
    """
    has_data = contacts.sum(axis=1) > 0
    shares = contacts / np.maximum(contacts.sum(axis=1), 1.0)[:, None]
    found = np.full((7, 24), 1.0 / 24)
    for which in range(7):
        alike = has_data & ((weekday >= 5) == (which >= 5))
        chosen = shares[alike] if alike.sum() >= 4 else shares[has_data]
        if len(chosen):
            cut = int(_TRIM * len(chosen))
            middle = np.sort(chosen, axis=0)[cut : len(chosen) - cut].mean(axis=0) + _EMPTY_HOUR_SHARE
            found[which] = middle / middle.sum()
    return found


@cache
def _columns() -> FloatArray:
    """Return the columns of the 168 hours of a week: hour, hour of the weekend, hour of the weekday."""
    hour = np.tile(np.eye(24), (7, 1))
    weekend = np.repeat(np.arange(7) >= 5, 24)[:, None] * hour
    return np.hstack([hour * _HOUR, weekend * _WEEKEND_HOUR, np.eye(168) * _WEEKDAY_HOUR])
