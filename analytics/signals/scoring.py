"""p- and q-values of all windows of many series: the one machine behind keyword, topic and volume spikes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.signals.baseline import DaySums, Level, dispersion, robust_level, upper_tail
from analytics.signals.grid import FloatArray, HourGrid, IntArray, WindowCounts, sums_at
from analytics.signals.own_hours import UNKNOWN_HOURS_DOUBT, own_hours
from analytics.signals.rules import SpikeRule
from analytics.signals.selection import HOURS_A_DAY, DayScores, select
from analytics.signals.series import Series

_MIN_HISTORY_DAYS = 3
_BLOCK_DAYS = 60
"""Days held as dense tables at once, so that years of reviews fit in memory as five weeks of chats do."""

_SETTLED_DAYS = 14
"""From 3 to 14 days of history q is cut in proportion and the dispersion raised: the weekend is not yet known."""


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
    Only windows with `min_contacts` are computed; the others enter the correction (see `select`) with p = 1.
    """
    grid, alarms = series.grid, []
    if rule.max_a_day is not None:
        # What the budget of the day has left hangs on its earlier hours.
        begin, first = first, int(np.searchsorted(grid.day, grid.day[first]))
    days = np.unique(grid.day[first : last + 1])
    for block in np.array_split(days, max(1, -(-len(days) // _BLOCK_DAYS))):
        scored = list(_score_block(series, rule, block, judged=(first, last)))
        alarms.append(select(scored, series, rule))
    found = pd.concat([part for part in alarms if len(part)] or alarms[:1], ignore_index=True)
    return found if rule.max_a_day is None else found[found["end"] >= begin].reset_index(drop=True)


def _score_block(series: Series, rule: SpikeRule, days: IntArray, *, judged: tuple[int, int]) -> Iterator[DayScores]:
    """Score the windows that end on these local days and in the judged hours, a day and a window length at a time."""
    # One day more than the history, whose windows reach into the day before it.
    begin = int(np.searchsorted(series.grid.day, days[0] - rule.history_days - 1))
    end = int(np.searchsorted(series.grid.day, days[-1], side="right"))
    part, before = series.cut(begin, end), int(series.grid.day[begin])
    grid, windows = part.grid, [part.windows(width) for width in rule.window_hours]
    exposures = [part.exposure_of(width) for width in rule.window_hours]
    sums = [_day_sums(w, e, part.n_keys, grid) for w, e in zip(windows, exposures, strict=True)]
    daily = _day_sums(part.windows(1), part.exposure, part.n_keys, grid)
    first, last = max(judged[0], int(np.searchsorted(series.grid.day, days[0]))) - begin, judged[1] - begin
    large = [(w.n >= rule.min_contacts) & (w.end >= first) & (w.end <= last) for w in windows]
    filled = np.unique(np.concatenate([grid.day[w.end[chosen]] for w, chosen in zip(windows, large, strict=True)]))
    for day in (int(day) for day in filled):
        if day - (oldest := max(0, day - rule.history_days)) < _MIN_HISTORY_DAYS:
            continue
        history = slice(oldest, day)
        level = robust_level(daily.counts[:, history], daily.exposure[history], part.normal_on(history))
        for place, window in enumerate(windows):
            spread = dispersion(_during(sums[place], history), level).cautious
            chosen = np.flatnonzero(large[place] & (grid.day[window.end] == day))
            scores = _score(window, chosen, exposures[place], (level, spread), grid)
            likely = scores[scores["p_value"] <= rule.q / HOURS_A_DAY]
            tested = spread + 1 / level.support + UNKNOWN_HOURS_DOUBT
            yield DayScores(day + before, window.width, likely.assign(end=likely["end"] + begin), level.rate, tested)


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
    grid: HourGrid,
) -> pd.DataFrame:
    level, spread = baseline
    code, end, observed = window.code[chosen], window.end[chosen], window.n[chosen]
    n_history = level.usual.shape[1]
    back = end[:, None] - HOURS_A_DAY * np.arange(n_history + 1)
    usual = np.where(back >= 0, level.rate[code][:, None] * exposure[np.maximum(back, 0)], 0.0)
    own, doubt = own_hours(window, (code, end), usual, spread[code], grid)
    expected = usual[:, 0] * own
    settled = min(n_history / _SETTLED_DAYS, 1.0)
    dispersed = spread[code] + 1 / level.support[code] + doubt + 0.5 * (1 - settled)
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
