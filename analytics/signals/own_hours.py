"""How much more often than by the volume alone a key comes at an hour of the day, on days that work alike."""

from __future__ import annotations

import numpy as np

from analytics.signals.grid import FloatArray, HourGrid, IntArray, WindowCounts

_HOUR_PRIOR, _KIND_PRIOR = 5.0, 20.0
"""Contacts at which a key's own hours of the day weigh as much as those of all contacts, and at which the same hours of
working days (or of days off) alone weigh as much as those of all days. A prior of 5 is a standard deviation of .45."""

UNKNOWN_HOURS_DOUBT = 1 / _HOUR_PRIOR + 1 / _KIND_PRIOR
"""Relative variance of the ratio of a key of which nothing is known yet."""

_CAP_SDS, _CAP_SLACK = 3.0, 1.5
_DAYS_OFF = 5
"""From Saturday on, by what the day works like."""


def own_hours(
    window: WindowCounts, at: tuple[IntArray, IntArray], expected: FloatArray, spread: FloatArray, grid: HourGrid
) -> tuple[FloatArray, FloatArray]:
    """Return by how much a key's own hours change what is expected of windows, and how unsure that is.

    The same hours of the days before, a past spike cut down, are compared with what level and volume made of them:
    first of all days, then of those that work like the judged one (a public holiday is a day off, a make-up day is
    worked). Where a key varies much from day to day, its days say less.

    Parameters
    ----------
    window : WindowCounts
        Counts of all windows of one length.
    at : tuple of ndarray of int, each of shape (n,)
        Key and last hour of the windows asked for.
    expected : ndarray of float, shape (n, n_days + 1)
        Level × volume of the window (column 0) and of the same hours of each day before it; 0 where not known.
    spread : ndarray of float, shape (n,)
        Dispersion of the keys.
    grid : HourGrid
        The hours.

    Returns
    -------
    ratio, doubt : ndarray of float, each of shape (n,)
        Factor on what is expected, and its relative variance.
    """
    code, end = at
    steps = np.arange(1, expected.shape[1])
    back = np.maximum(end[:, None] - 24 * steps, 0)
    mean = expected[:, 1:]
    known = mean > 0
    past = np.where(known, window.at(code[:, None], back), 0.0)
    counted = np.minimum(past, mean + _CAP_SDS * np.sqrt(mean + spread[:, None] * mean**2) + _CAP_SLACK)
    trust = 1 / (1 + spread[:, None] * mean)
    ratio, weight = _shrunk(counted * trust, mean * trust, np.ones(len(code)), prior=_HOUR_PRIOR)
    off = grid.hour_of_week // 24 >= _DAYS_OFF
    alike = trust * (off[back] == off[end][:, None])
    ratio, finer = _shrunk(counted * alike, mean * alike, ratio, prior=_KIND_PRIOR)
    return ratio, 1 / weight + 1 / finer


def _shrunk(past: FloatArray, mean: FloatArray, before: FloatArray, *, prior: float) -> tuple[FloatArray, FloatArray]:
    """Return the ratio of sums shrunk to `before`, and the contacts that it rests on."""
    known = mean.sum(axis=1) * before + prior
    return before * (past.sum(axis=1) + prior) / known, known
