"""Hours in which more contacts came than the hour of the week and the last weeks explain."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from analytics.schema import ALL
from analytics.signals.grid import FloatArray, HourGrid, IntArray, hour_grid
from analytics.signals.rules import JudgedHours, SpikeRule
from analytics.signals.scoring import Series, score_windows
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
    grid = hour_grid(min(own["hour"].min(), hours.first), hours.last_complete, rule.zone)
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
    filled = np.flatnonzero(counts)
    series = Series(
        code=np.zeros(len(filled), dtype=np.int64),
        hour=filled.astype(np.int64),
        n=counts[filled],
        n_keys=1,
        exposure=seasonal_exposure(counts, grid, history_days=rule.history_days),
        grid=grid,
    )
    first, last = grid.index_of(pd.Series([hours.first, hours.last_complete]))
    found = score_windows(series, rule, first=int(first), last=int(last))
    return alarm_table(found, pd.Index([channel]), kind="volume", channel=channel, grid=grid)


def seasonal_exposure(counts: FloatArray, grid: HourGrid, *, history_days: int) -> FloatArray:
    """Return the profile of the week: the share of a usual day that each hour should bring.

    Each local day is profiled from the days before it: an hour's share of the day (of weekdays and of weekends apart
    once two weeks are known), as trimmed means so that a past rush leaves no mark, times what that weekday brings
    against the others, shrunk to 1 while few of them are known.

    Parameters
    ----------
    counts : ndarray of float, shape (n_hours,)
        Contacts.
    grid : HourGrid
        The hours.
    history_days : int
        Days before each day that its profile rests on, at most.

    Returns
    -------
    ndarray of float, shape (n_hours,)
        About 1 summed over an ordinary day; 1 / 24 an hour before anything is known.
    """
    hour_of_day = grid.hour_of_week % 24
    weekday = np.zeros(grid.n_days, dtype=np.int64)
    weekday[grid.day] = grid.hour_of_week // 24
    table = np.zeros((grid.n_days, 24))
    np.add.at(table, (grid.day, hour_of_day), counts)
    exposure = np.full(grid.n_hours, 1 / 24)
    for day in range(1, grid.n_days):
        begin = max(0, day - history_days)
        profile = _profile(table[begin:day], weekday[begin:day], int(weekday[day]))
        at = np.flatnonzero(grid.day == day)
        exposure[at] = profile[hour_of_day[at]]
    return exposure


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
