"""What a usual day looks like, and how much more an event brings: for a series that is judged by itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.signals.grid import BoolArray, FloatArray, IntArray

_FULL_WEEKS_DAYS, _ALIKE_DAYS = 14, 4
_TRIM = 0.2
_WEEKDAY_PRIOR_DAYS = 2.0
_EMPTY_HOUR_SHARE = 0.001
"""So that a first contact at an hour that never had one is unusual, not impossible."""

EVENT_EFFECT = 1.5
"""How much more an event day brings where none is in the history; a choice, between no event and the ×2 of a 双11."""

EVENT_SPREAD, KNOWN_EVENT_SPREAD = 0.1, 0.03
"""Dispersion by which an event is uncertain: its size known to ± 32 %, with one past day of it in the history ± 17 %.

So that at q = .01 a first event day of twice the usual is no alarm and one of four times is.
"""


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
        Local day from 0, and 0 to 167 from Monday midnight, by what the day works like. Counts of the last day are not
        looked at.

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
    return np.asarray(middle / middle.sum() * weekday_factor(totals, weekdays, weekday))


def weekday_factor(totals: FloatArray, weekdays: IntArray, weekday: int) -> float:
    """Return what a weekday brings against an ordinary day, shrunk to 1 by two days that bring as much as any.

    Examples
    --------
    >>> days = np.arange(28)
    >>> weekday_factor(np.where(days % 7 == 6, 40.0, 100.0), days % 7, 6)
    0.6
    """
    same = totals[weekdays == weekday]
    lift = float(np.median(same)) / max(float(np.median(totals)), 1.0) if len(same) else 1.0
    return (lift * len(same) + _WEEKDAY_PRIOR_DAYS) / (len(same) + _WEEKDAY_PRIOR_DAYS)


@dataclass(frozen=True)
class EventEffect:
    """How much more a day of an event brings, and how uncertain that is (as a dispersion)."""

    factor: float = 1.0
    spread: float = 0.0


def event_ratios(daily: FloatArray, is_event: BoolArray, *, reach_days: int) -> FloatArray:
    """Return for each event day how much more it brought than the ordinary days before it; 1 on ordinary days.

    Parameters
    ----------
    daily : ndarray of float, shape (n_days,)
        Contacts of each day.
    is_event : ndarray of bool, shape (n_days,)
        Days of events.
    reach_days : int
        Days before, whose median an event day is measured against. NaN where all of them are empty or none is there.

    Examples
    --------
    >>> event_ratios(np.array([100.0, 90.0, 110.0, 250.0, 100.0]), np.arange(5) == 3, reach_days=28).tolist()
    [1.0, 1.0, 1.0, 2.5, 1.0]
    """
    ratios = np.ones(len(daily))
    for day in np.flatnonzero(is_event):
        first = max(int(day) - reach_days, 0)
        before = daily[first:day][~is_event[first:day]]
        usual = float(np.median(before)) if len(before) else 0.0
        ratios[day] = daily[day] / usual if usual > 0 else np.nan
    return ratios


def event_effect(ratios: FloatArray, is_event: BoolArray, day: int) -> EventEffect:
    """Return what an event should make of a day, from the past event days of the same series.

    Parameters
    ----------
    ratios : ndarray of float, shape (n_days,)
        Of `event_ratios`; those of `day` and later are not looked at.
    is_event : ndarray of bool, shape (n_days,)
        Days of events.
    day : int
        The day that is judged.

    Returns
    -------
    EventEffect
        None on an ordinary day; the median of past event days, at least 1, or `EVENT_EFFECT` where none is known.

    Examples
    --------
    >>> is_event = np.isin(np.arange(40), (20, 39))
    >>> ratios = np.where(is_event, 2.6, 1.0)
    >>> event_effect(ratios, is_event, 38), event_effect(ratios, is_event, 39)
    (EventEffect(factor=1.0, spread=0.0), EventEffect(factor=2.6, spread=0.03))
    >>> event_effect(ratios, is_event, 20)
    EventEffect(factor=1.5, spread=0.1)
    """
    if not is_event[day]:
        return EventEffect()
    past = ratios[:day][is_event[:day]]
    past = past[np.isfinite(past)]
    if not len(past):
        return EventEffect(EVENT_EFFECT, EVENT_SPREAD)
    return EventEffect(max(float(np.median(past)), 1.0), KNOWN_EVENT_SPREAD)
