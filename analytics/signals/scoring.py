"""p- and q-values of all windows of many series: the one machine behind keyword, topic and volume spikes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.signals.baseline import DaySums, Level, dispersion, robust_level, upper_tail
from analytics.signals.grid import FloatArray, HourGrid, IntArray, WindowCounts, sums_at
from analytics.signals.multiplicity import benjamini_hochberg
from analytics.signals.rules import SpikeRule
from analytics.signals.series import Series

_MIN_HISTORY_DAYS = 3
_HOURS_A_DAY = 24
_BLOCK_DAYS = 60
"""Days held as dense tables at once, so that years of reviews fit in memory as five weeks of chats do."""

_SETTLED_DAYS = 14
"""From 3 to 14 days of history q is cut in proportion and the dispersion raised: the weekend is not yet known."""

_PROFILE_PRIOR = 5.0
"""Contacts at which a key's own hours of the day weigh as much as those of all contacts."""


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
        code, end (position of the last hour), width (hours), observed, expected, p_value, q_value, short_history;
        sorted by end, code, width.

    Notes
    -----
    Only windows with `min_contacts` are computed; the others enter the correction with p = 1. The family of one hour is
    every key seen so far × every window length, at level q / 24, so that q is spent once a day and a long true incident
    does not buy false alarms at other hours.
    """
    grid, scored = series.grid, []
    days = np.unique(grid.day[first : last + 1])
    for block in np.array_split(days, max(1, -(-len(days) // _BLOCK_DAYS))):
        # One day more than the history, whose windows reach into the day before it.
        begin = int(np.searchsorted(grid.day, block[0] - rule.history_days - 1))
        judged, end = int(np.searchsorted(grid.day, block[0])), int(np.searchsorted(grid.day, block[-1], side="right"))
        part = series.cut(begin, end)
        for windows in _score_block(part, rule, first=max(first, judged) - begin, last=min(last, end - 1) - begin):
            likely = windows[windows["p_value"] <= rule.q / _HOURS_A_DAY]
            if len(likely):
                scored.append(likely.assign(end=likely["end"] + begin))
    return _select(scored, series, rule)


def _score_block(series: Series, rule: SpikeRule, *, first: int, last: int) -> Iterator[pd.DataFrame]:
    """Score the windows ending in hours `first` to `last`, a day and a window length at a time."""
    grid = series.grid
    windows = [series.windows(width) for width in rule.window_hours]
    exposures = [series.exposure_of(width) for width in rule.window_hours]
    sums = [_day_sums(w, e, series.n_keys, grid) for w, e in zip(windows, exposures, strict=True)]
    daily = _day_sums(series.windows(1), series.exposure, series.n_keys, grid)
    large = [(w.n >= rule.min_contacts) & (w.end >= first) & (w.end <= last) for w in windows]
    filled = np.unique(np.concatenate([grid.day[w.end[chosen]] for w, chosen in zip(windows, large, strict=True)]))
    for day in (int(day) for day in filled):
        begin = max(0, day - rule.history_days)
        if day - begin < _MIN_HISTORY_DAYS:
            continue
        history = slice(begin, day)
        level = robust_level(daily.counts[:, history], daily.exposure[history])
        for place, window in enumerate(windows):
            spread = dispersion(_during(sums[place], history), level)
            chosen = np.flatnonzero(large[place] & (grid.day[window.end] == day))
            yield _score(window, chosen, exposures[place], (level, spread), day - begin)


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
            "short_history": n_history < _SETTLED_DAYS,
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
    columns = ["code", "end", "width", "observed", "expected", "p_value", "q_value", "short_history"]
    if not scored:
        return pd.DataFrame(columns=columns)
    found = pd.concat(scored, ignore_index=True).sort_values(["end", "code", "width"], ignore_index=True)
    n_seen = np.searchsorted(np.sort(series.first_seen), found["end"].to_numpy(), side="right")
    q = np.ones(len(found))
    for rows in found.groupby("end").indices.values():
        family = int(n_seen[rows[0]]) * len(rule.window_hours)
        adjusted = benjamini_hochberg(found["p_value"].to_numpy()[rows], n_tests=max(family, len(rows)))
        q[rows] = np.minimum(adjusted * _HOURS_A_DAY, 1.0)
    found["q_value"] = q
    large = found["observed"] >= rule.min_lift * found["expected"]
    return found.loc[large & (found["q_value"] <= rule.q), columns].reset_index(drop=True)
