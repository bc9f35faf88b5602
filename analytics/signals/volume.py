"""Hours in which more contacts came than the hour of the week and the last weeks explain."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from analytics.schema import ALL
from analytics.signals.grid import FloatArray, HourGrid, IntArray, hour_grid, rolling_sum
from analytics.signals.rules import JudgedHours, SpikeRule
from analytics.signals.scoring import score_windows
from analytics.signals.series import Series
from analytics.signals.spikes import alarm_table, empty_alarms, hourly_totals
from analytics.signals.tables import require_columns

_FULL_WEEKS_DAYS, _ALIKE_DAYS = 14, 4
_TRIM = 0.2
MIN_VOLUME_CONTACTS = 20
"""A handful of contacts at night, where one was expected, is no rush that anybody would staff for."""

_WEEKDAY_PRIOR_DAYS = 2.0
_EMPTY_HOUR_SHARE = 0.001
"""So that a first contact at an hour that never had one is unusual, not impossible."""


def detect_volume_spikes(totals: pd.DataFrame, *, hours: JudgedHours, rule: SpikeRule | None = None) -> pd.DataFrame:
    """Return the windows with significantly more contacts than expected, of each channel and of all.

    Parameters
    ----------
    totals : DataFrame
        hour (UTC), channel, n_contacts. Rows of channel "*" are not needed and not read: they are summed here.
    hours : JudgedHours
        What is judged; everything before it is history.
    rule : SpikeRule, optional
        What counts as a spike; q is shared evenly by the channels and their sum, and a window needs at least
        `MIN_VOLUME_CONTACTS`.

    Returns
    -------
    DataFrame
        As of `detect_spikes`, with kind "volume" and key = channel.
    """
    rule = rule or SpikeRule()
    require_columns(totals, "totals", ("hour", "channel", "n_contacts"))
    own = totals[totals["channel"] != ALL]
    if own.empty or hours.last_complete < hours.first:
        return empty_alarms()
    hours = hours.since(own["hour"].min())
    if hours.last_complete < hours.first:
        return empty_alarms()
    grid = hour_grid(own["hour"].min(), hours.last_complete, rule.zone)
    channels = sorted(own["channel"].unique())
    shared = replace(rule, q=rule.q / (len(channels) + 1), min_contacts=max(rule.min_contacts, MIN_VOLUME_CONTACTS))
    found = [_of_channel(own, ALL, grid, hours, shared)]
    found += [_of_channel(own[own["channel"] == name], name, grid, hours, shared) for name in channels]
    found = [alarms for alarms in found if len(alarms)]
    return pd.concat(found, ignore_index=True) if found else empty_alarms()


def _of_channel(
    totals: pd.DataFrame, channel: str, grid: HourGrid, hours: JudgedHours, rule: SpikeRule
) -> pd.DataFrame:
    counts = hourly_totals(totals, grid)
    first, last = (int(i) for i in grid.index_of(pd.Series([hours.first, hours.last_complete])))
    widest = rolling_sum(counts, max(rule.window_hours))
    busy = np.unique(grid.day[first : last + 1][widest[first : last + 1] >= rule.min_contacts])
    scored = [_of_day(counts, int(day), grid, rule, judged=(first, last)) for day in busy]
    found = [windows for windows in scored if len(windows)]
    if not found:
        return empty_alarms()
    return alarm_table(
        pd.concat(found, ignore_index=True), pd.Index([channel]), kind="volume", channel=channel, grid=grid
    )


def _of_day(counts: FloatArray, day: int, grid: HourGrid, rule: SpikeRule, *, judged: tuple[int, int]) -> pd.DataFrame:
    """Score the windows of one local day against the profile that the days before it show."""
    inside = np.flatnonzero((grid.day <= day) & (grid.day >= day - rule.history_days))
    begin, part = int(inside[0]), counts[inside]
    exposure = seasonal_exposure(part, grid.day[inside] - grid.day[begin], grid.hour_of_week[inside])
    filled = np.flatnonzero(part)
    series = Series(
        code=np.zeros(len(filled), dtype=np.int64),
        hour=filled.astype(np.int64),
        n=part[filled],
        n_keys=1,
        exposure=exposure,
        grid=grid.cut(begin, len(inside)),
    )
    first = max(int(np.searchsorted(grid.day, day)), judged[0]) - begin
    found = score_windows(series, rule, first=first, last=min(int(inside[-1]), judged[1]) - begin)
    return found.assign(end=found["end"] + begin)


def seasonal_exposure(counts: FloatArray, day: IntArray, hour_of_week: IntArray) -> FloatArray:
    """Return the share of a usual day that each hour should bring, as known before the last day given.

    An hour's share of its day (weekdays and weekends apart once two weeks are known), as trimmed means over the days so
    that a past rush leaves no mark, times what the weekday brings against the others, shrunk to 1 while few of them
    are known.

    Parameters
    ----------
    counts : ndarray of float, shape (n_hours,)
        Contacts.
    day, hour_of_week : ndarray of int, shape (n_hours,)
        Local day from 0, and 0 to 167 from Monday midnight. Counts of the last day are not looked at.

    Returns
    -------
    ndarray of float, shape (n_hours,)
        About 1 summed over an ordinary day; 1 / 24 an hour where no day is known.

    Examples
    --------
    >>> hours = np.arange(48)
    >>> seasonal_exposure(np.where(hours % 24 == 9, 50.0, 0.0), hours // 24, hours)[[8, 9, 32, 33]].round(3)
    array([0.001, 0.978, 0.001, 0.978])
    """
    n_past = int(day[-1])
    if n_past == 0:
        return np.full(len(counts), 1 / 24)
    hour = hour_of_week % 24
    table = np.zeros((n_past + 1, 24))
    np.add.at(table, (day, hour), counts)
    weekday = np.zeros(n_past + 1, dtype=np.int64)
    weekday[day] = hour_of_week // 24
    profiles = np.stack([_profile(table[:n_past], weekday[:n_past], which) for which in range(7)])
    return np.asarray(profiles[weekday[day], hour])


def _profile(past: FloatArray, weekdays: IntArray, weekday: int) -> FloatArray:
    """Return the 24 shares of a day of this weekday, from past days of shape (n_days, 24)."""
    alike = (weekdays >= 5) == (weekday >= 5)
    if len(past) < _FULL_WEEKS_DAYS or alike.sum() < _ALIKE_DAYS:
        alike = np.ones(len(past), dtype=bool)
    totals = past.sum(axis=1)
    shares = np.sort(past[alike] / np.maximum(totals[alike], 1.0)[:, None], axis=0)
    cut = int(_TRIM * len(shares))
    middle = shares[cut : len(shares) - cut].mean(axis=0) + _EMPTY_HOUR_SHARE
    same = totals[weekdays == weekday]
    lift = float(np.median(same)) / max(float(np.median(totals)), 1.0) if len(same) else 1.0
    factor = (lift * len(same) + _WEEKDAY_PRIOR_DAYS) / (len(same) + _WEEKDAY_PRIOR_DAYS)
    return np.asarray(middle / middle.sum() * factor)
