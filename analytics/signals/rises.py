"""Rises of one series that is judged by itself, not as a share of others: hour by hour, and the local day so far.

The day so far is what has come since local midnight against what a whole day should bring. A day that is not over can
only be too low against it, so an early hour never alarms falsely, and a day that is bad enough alarms before it ends.
It is one test a day: what has come by the last hour decides whether there is an alarm, and the hours before only when.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.signals.baseline import robust_level, upper_tail
from analytics.signals.grid import FloatArray, HourGrid, IntArray, rolling_sum, sums_at
from analytics.signals.rules import DAY_HOURS, SpikeRule
from analytics.signals.scoring import score_windows
from analytics.signals.seasonal import EventEffect, event_effect, event_ratios, seasonal_exposure, weekday_factor
from analytics.signals.series import Series

RISE_COLUMNS = ("end", "width", "observed", "expected", "p_value", "q_value", "short_history")

_MIN_HISTORY_DAYS, _SETTLED_DAYS = 3, 14
"""As for keywords: nothing is judged before three days are known, and before two weeks the rule is stricter."""

_USUAL_SPREAD, _SPREAD_PRIOR = 0.1, 10.0
"""Dispersion of days before a series has shown its own, and the sum of squared expectations that outweighs it."""

_OUTLIER_SDS, _OUTLIER_SLACK = 3.0, 1.5
"""Days above that belong to an event of their own and say nothing of the usual dispersion, as `robust_level` has it."""

_RECURRING = 3
"""What came at least this often in the history, in bursts with quiet days between them, is no news. A surge of several
days is one burst, so that it does not hide the next."""


def rises(
    counts: FloatArray, grid: HourGrid, rule: SpikeRule, *, first: int, last: int, normal: IntArray | None = None
) -> pd.DataFrame:
    """Return the windows of a series, ending in hours `first` to `last`, that hold more than expected.

    Parameters
    ----------
    counts : ndarray of float, shape (n_hours,)
        Contacts of each hour of the grid.
    grid : HourGrid
        The hours, with the days of events.
    rule : SpikeRule
        What counts; half of q is for the windows of hours, half for the day so far.
    first, last : int
        Positions on the grid, both included.
    normal : ndarray of int, shape (n,), optional
        Days of the grid that a person marked as normal: they count in full.

    Returns
    -------
    DataFrame
        `RISE_COLUMNS`. A row of width 24 is the day so far: from local midnight to `end`.
    """
    short = tuple(width for width in rule.window_hours if width < DAY_HOURS)
    series = _Own(counts, grid, replace(rule, q=rule.q / 2, window_hours=short or (1,)), _days_of(normal))
    found: list[pd.DataFrame] = []
    if short:
        widest = rolling_sum(counts, max(short))[first : last + 1]
        found += [series.hours(int(day), first, last) for day in _busy(grid, widest, first, last, rule)]
    if len(short) < len(rule.window_hours):
        found += [series.day_so_far(int(day), first, last) for day in np.unique(grid.day[first : last + 1])]
    found = [windows for windows in found if len(windows)]
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=list(RISE_COLUMNS))


def _bursts(daily: FloatArray, bounds: FloatArray) -> IntArray:
    """Return for each bound how many runs of days reached it.

    Examples
    --------
    >>> _bursts(np.array([1.0, 9.0, 8.0, 2.0, 9.0]), np.array([8.0, 9.0, 10.0])).tolist()
    [2, 2, 0]
    """
    high = daily[None, :] >= bounds[:, None]
    begins = high & ~np.concatenate([np.zeros((len(bounds), 1), dtype=bool), high[:, :-1]], axis=1)
    return np.asarray(begins.sum(axis=1), dtype=np.int64)


def _days_of(normal: IntArray | None) -> IntArray:
    return np.empty(0, dtype=np.int64) if normal is None else np.unique(normal)


def _busy(grid: HourGrid, widest: FloatArray, first: int, last: int, rule: SpikeRule) -> IntArray:
    return np.unique(grid.day[first : last + 1][widest >= rule.min_contacts])


class _Own:
    """One series and what is known of it."""

    def __init__(self, counts: FloatArray, grid: HourGrid, rule: SpikeRule, normal: IntArray) -> None:
        self._counts, self._grid, self._rule, self._normal = counts, grid, rule, normal
        self._daily = sums_at(grid.day, counts, grid.n_days)
        opens = np.searchsorted(grid.day, np.arange(grid.n_days))
        self._weekday = grid.hour_of_week[opens] // 24
        self._event = grid.event[opens]
        self._ratios = event_ratios(self._daily, self._event, reach_days=rule.history_days)
        # A product that is new has no quiet days before it.
        self._seen = int(np.flatnonzero(self._daily)[0]) if self._daily.any() else grid.n_days

    def hours(self, day: int, first: int, last: int) -> pd.DataFrame:
        """Score the windows of one local day against the profile that the days before it show."""
        grid, rule = self._grid, self._rule
        if day - self._seen < _MIN_HISTORY_DAYS:
            return pd.DataFrame(columns=list(RISE_COLUMNS))
        inside = np.flatnonzero((grid.day <= day) & (grid.day >= max(day - rule.history_days, self._seen)))
        begin, part = int(inside[0]), self._counts[inside]
        days = grid.day[inside] - grid.day[begin]
        effect = self._effect(day)
        scale = self._known_ratios(day)[grid.day[inside]]
        scale[grid.day[inside] == day] = effect.factor
        filled = np.flatnonzero(part)
        series = Series(
            code=np.zeros(len(filled), dtype=np.int64),
            hour=filled.astype(np.int64),
            n=part[filled],
            n_keys=1,
            exposure=seasonal_exposure(part / scale, days, grid.hour_of_week[inside]) * scale,
            grid=grid.cut(begin, len(inside)),
            normal=self._marked(int(grid.day[begin]), day),
        )
        start = max(int(np.searchsorted(grid.day, day)), first) - begin
        found = score_windows(series, rule, first=start, last=min(int(inside[-1]), last) - begin)
        found = found.assign(end=found["end"] + begin)
        kept = self._beyond(found, effect) & self._is_news(found, day)
        return found[kept][list(RISE_COLUMNS)]

    def day_so_far(self, day: int, first: int, last: int) -> pd.DataFrame:
        """Judge what has come since midnight by each hour from `first` to `last` of one day."""
        grid, rule = self._grid, self._rule
        at = np.flatnonzero(grid.day == day)
        judged = (at >= first) & (at <= last)
        observed = np.cumsum(self._counts[at])
        known = day - max(day - rule.history_days, self._seen)
        if known < _MIN_HISTORY_DAYS or observed[judged].max(initial=0) < rule.min_contacts:
            return pd.DataFrame(columns=list(RISE_COLUMNS))
        expected, spread = self._expected(day, known)
        settled = min(known / _SETTLED_DAYS, 1.0)
        spread += 0.5 * (1 - settled)
        p = np.minimum(upper_tail(observed, np.full(len(at), expected), np.full(len(at), spread)) / settled, 1.0)
        new = np.diff(observed, prepend=0) > 0
        large = (observed >= rule.min_contacts) & (observed >= rule.min_lift * expected)
        news = _bursts(self._daily[max(day - rule.history_days, 0) : day], observed) < _RECURRING
        chosen = judged & new & large & news & (p <= rule.q)
        return pd.DataFrame(
            {
                "end": at[chosen],
                "width": np.arange(1, len(at) + 1)[chosen],
                "observed": observed[chosen],
                "expected": expected,
                "p_value": p[chosen],
                "q_value": p[chosen],
                "short_history": known < _SETTLED_DAYS,
            }
        )

    def _is_news(self, found: pd.DataFrame, day: int) -> npt.NDArray[np.bool_]:
        """Say which windows hold more than has come in most weeks before."""
        past = slice(max(day - self._rule.history_days, 0), day)
        news = np.ones(len(found), dtype=bool)
        for width, rows in found.reset_index(drop=True).groupby("width"):
            sums = rolling_sum(self._counts, int(str(width)))
            highest = np.zeros(self._grid.n_days)
            np.maximum.at(highest, self._grid.day, sums)
            observed = rows["observed"].to_numpy(dtype=np.float64)
            news[rows.index.to_numpy()] = _bursts(highest[past], observed) < _RECURRING
        return news

    def _expected(self, day: int, known: int) -> tuple[float, float]:
        """Return mean and dispersion of the day, from the `known` days before it."""
        past = slice(day - known, day)
        effect = self._effect(day)
        counts, weekdays = self._daily[past] / self._known_ratios(day)[past], self._weekday[past]
        factors = np.array([weekday_factor(counts, weekdays, which) for which in range(7)])
        exposure = factors[weekdays]
        level = robust_level(counts[None, :], exposure)
        rate, usual = float(level.rate[0]), level.usual[0] | np.isin(np.arange(day - known, day), self._normal)
        if (~level.usual[0] & usual).any():
            rate = max(rate, float(counts[usual].sum() / exposure[usual].sum()))
        mean = rate * exposure
        excess = float((((counts - mean) ** 2 - mean)[usual]).sum())
        scale = float((mean[usual] ** 2).sum())
        spread = max((excess + _SPREAD_PRIOR * _USUAL_SPREAD) / (scale + _SPREAD_PRIOR), 0.0)
        expected = rate * factors[self._weekday[day]] * effect.factor
        return expected, spread + 1 / float(level.support[0]) + effect.spread

    def _effect(self, day: int) -> EventEffect:
        return event_effect(self._ratios, self._event, day)

    def _known_ratios(self, day: int) -> FloatArray:
        """Return by how much past days were events: divided by it they are ordinary days."""
        ratios = np.where(np.isfinite(self._ratios) & (self._ratios > 1), self._ratios, 1.0)
        ratios[day:] = 1.0
        return ratios

    def _marked(self, begin: int, day: int) -> IntArray:
        inside = self._normal[(self._normal >= begin) & (self._normal < day)] - begin
        return np.column_stack([np.zeros(len(inside), dtype=np.int64), inside])

    def _beyond(self, found: pd.DataFrame, effect: EventEffect) -> npt.NDArray[np.bool_]:
        """Say which windows are more than an event of uncertain size would explain; all, on an ordinary day."""
        if not effect.spread:
            return np.ones(len(found), dtype=bool)
        observed, expected = (found[name].to_numpy(dtype=np.float64) for name in ("observed", "expected"))
        p = upper_tail(observed, expected, np.full(len(found), effect.spread))
        return np.asarray(p <= self._rule.q)
