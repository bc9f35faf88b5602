"""p- and q-values of all windows of many series: the one machine behind keyword, topic and volume spikes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.signals.baseline import DaySums, Level, dispersion, robust_level, upper_tail
from analytics.signals.grid import FloatArray, HourGrid, IntArray, WindowCounts, rolling_sum, sums_at, window_counts
from analytics.signals.multiplicity import benjamini_hochberg
from analytics.signals.rules import SpikeRule

_MIN_HISTORY_DAYS = 3
_SETTLED_DAYS = 14
"""From 3 to 14 days of history q is cut in proportion and the dispersion raised: the weekend is not yet known."""

_PROFILE_PRIOR = 5.0
"""Contacts at which a key's own hours of the day weigh as much as those of all contacts."""


@dataclass(frozen=True)
class Series:
    """Counts of many keys on a grid of hours, and the exposure they are judged against.

    `code`, `hour` and `n` have shape (n_rows,): key, position on the grid, contacts; `exposure` has shape (n_hours,).
    """

    code: IntArray
    hour: IntArray
    n: FloatArray
    n_keys: int
    exposure: FloatArray
    grid: HourGrid


def score_windows(series: Series, rule: SpikeRule, *, first: int, last: int) -> pd.DataFrame:
    """Return the windows ending in hours `first` to `last` that pass the rule.

    Parameters
    ----------
    series : Series
        All that is known up to hour `last`; later hours are not looked at.
    rule : SpikeRule
        What counts as a spike.
    first, last : int
        Positions on the grid, both included.

    Returns
    -------
    DataFrame
        code, end (position of the last hour), width (hours), observed, expected, p_value, q_value; sorted by end,
        code, width.

    Notes
    -----
    Only windows with `min_contacts` are computed; the others enter the correction with p = 1. The family of one hour is
    every key seen so far × every window length, at level q / 24, so that q is spent once a day and a long true incident
    does not buy false alarms at other hours.
    """
    grid = series.grid
    windows = [
        window_counts(series.code, series.hour, series.n, width=width, n_hours=grid.n_hours)
        for width in rule.window_hours
    ]
    exposures = [rolling_sum(series.exposure, width) for width in rule.window_hours]
    sums = [_day_sums(w, e, series.n_keys, grid) for w, e in zip(windows, exposures, strict=True)]
    daily = _day_sums(window_counts(series.code, series.hour, series.n, width=1, n_hours=grid.n_hours),
                      series.exposure, series.n_keys, grid)  # fmt: skip
    scored = []
    for day in np.unique(grid.day[first : last + 1]):
        begin = max(0, int(day) - rule.history_days)
        if day - begin < _MIN_HISTORY_DAYS:
            continue
        history = slice(begin, int(day))
        level = robust_level(daily.counts[:, history], daily.exposure[history])
        for window, exposure, window_sums in zip(windows, exposures, sums, strict=True):
            spread = dispersion(_during(window_sums, history), level)
            judged = (grid.day[window.end] == day) & (window.end >= first) & (window.end <= last)
            chosen = np.flatnonzero(judged & (window.n >= rule.min_contacts))
            scored.append(_score(window, chosen, exposure, (level, spread), int(day) - begin))
    return _select(scored, series, rule)


def _day_sums(window: WindowCounts, exposure: FloatArray, n_keys: int, grid: HourGrid) -> DaySums:
    shape = (n_keys, grid.n_days)
    cell = window.code * grid.n_days + grid.day[window.end]

    def by_day(values: FloatArray) -> FloatArray:
        return sums_at(cell, values, shape[0] * shape[1]).reshape(shape)

    def over_hours(values: FloatArray) -> FloatArray:
        return sums_at(grid.day, values, grid.n_days)

    return DaySums(
        counts=by_day(window.n),
        squares=by_day(window.n**2),
        products=by_day(window.n * exposure[window.end]),
        exposure=over_hours(exposure),
        exposure_squares=over_hours(exposure**2),
    )


def _during(sums: DaySums, days: slice) -> DaySums:
    return DaySums(
        sums.counts[:, days],
        sums.squares[:, days],
        sums.products[:, days],
        sums.exposure[days],
        sums.exposure_squares[days],
    )


def _score(
    window: WindowCounts,
    chosen: npt.NDArray[np.intp],
    exposure: FloatArray,
    baseline: tuple[Level, FloatArray],
    n_history: int,
) -> pd.DataFrame:
    level, spread = baseline
    code, end, observed = window.code[chosen], window.end[chosen], window.n[chosen]
    rate = level.rate[code]
    expected = rate * exposure[end] * _own_hours(window, code, end, rate, exposure, n_history)
    settled = min(n_history / _SETTLED_DAYS, 1.0)
    dispersed = spread[code] + 1 / level.support[code] + 0.5 * (1 - settled)
    return pd.DataFrame(
        {
            "code": code,
            "end": end,
            "width": window.width,
            "observed": observed,
            "expected": expected,
            "p_value": np.minimum(upper_tail(observed, expected, dispersed) / settled, 1.0),
        }
    )


def _own_hours(
    window: WindowCounts, code: IntArray, end: IntArray, rate: FloatArray, exposure: FloatArray, n_history: int
) -> FloatArray:
    """Return how much more often than by the volume alone a key comes at this hour of the day."""
    back = end[:, None] - 24 * np.arange(1, n_history + 1)
    known = back >= 0
    back = np.maximum(back, 0)
    mean = np.where(known, rate[:, None] * exposure[back], 0.0)
    past = np.where(known, window.at(code[:, None], back), 0.0)
    capped = np.minimum(past, mean + 3 * np.sqrt(mean) + 1.5)
    ratio = (capped.sum(axis=1) + _PROFILE_PRIOR) / (mean.sum(axis=1) + _PROFILE_PRIOR)
    return np.asarray(ratio, dtype=np.float64)


def _select(scored: list[pd.DataFrame], series: Series, rule: SpikeRule) -> pd.DataFrame:
    columns = ["code", "end", "width", "observed", "expected", "p_value", "q_value"]
    likely = [windows[windows["p_value"] <= rule.q / 24] for windows in scored]
    likely = [windows for windows in likely if len(windows)]
    if not likely:
        return pd.DataFrame(columns=columns)
    found = pd.concat(likely, ignore_index=True).sort_values(["end", "code", "width"], ignore_index=True)
    first_seen = np.full(series.n_keys, np.iinfo(np.int64).max)
    np.minimum.at(first_seen, series.code, series.hour)
    n_seen = np.searchsorted(np.sort(first_seen), found["end"].to_numpy(), side="right")
    q = np.ones(len(found))
    for rows in found.groupby("end").indices.values():
        family = int(n_seen[rows[0]]) * len(rule.window_hours)
        adjusted = benjamini_hochberg(found["p_value"].to_numpy()[rows], n_tests=max(family, len(rows)))
        q[rows] = np.minimum(adjusted * 24, 1.0)
    found["q_value"] = q
    large = found["observed"] >= rule.min_lift * found["expected"]
    return found.loc[large & (found["q_value"] <= rule.q), columns].reset_index(drop=True)
