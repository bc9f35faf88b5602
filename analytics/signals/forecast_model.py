"""What one channel's hours are expected to bring: day level times hour share, fitted so that no rush or outage leads.

Counts are drawn in to what the fit allows (Winsorised; P. J. Huber, Robust Statistics, 1.7), fitted again, and so on:
first hours against their own day, then ordinary days against the calendar and the level. A day far off that stands
alone does not count at all; several in a week are a new level, and do. Holidays and events are not drawn in as days:
what they bring is what is to be learnt.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.calendar_days import CalendarDay
from analytics.signals.forecast_days import DayModel, fit_days
from analytics.signals.forecast_hours import first_shares, hour_shares
from analytics.signals.grid import FloatArray

N_ROUNDS = 3
_HOUR_LIMIT, _DAY_LIMIT = 3.0, 2.5
"""Standard deviations to which hours and days are drawn in."""

_ALONE_DAYS, _NEAR_DAYS = 3, 7
"""Days far off to one side within a week that are still single events; from four on the level has moved."""

_PROFILE_DAYS = 70
_LEVEL_WINDOW_DAYS = 10
_LEAST_DISPERSION, _MOST_DISPERSION = 0.002, 1.0
_LEAST_DAY_DISPERSION = 0.05**2
_NORMAL_MAD = 1.4826


@dataclass(frozen=True)
class ChannelModel:
    """A fitted channel.

    Attributes
    ----------
    days : DayModel
    shares : ndarray of float, shape (7, 24)
        Share of each hour of a weekday.
    dispersion : float
        Squared coefficient of variation of an hour beyond Poisson: variance = mean + dispersion * mean².
    """

    days: DayModel
    shares: FloatArray
    dispersion: float

    def expected(self, days: Sequence[CalendarDay], first: int) -> FloatArray:
        """Return the expected contacts, shape (n_days, 24), of days from number `first` of the history on."""
        weekday = np.array([day.weekday_like for day in days])
        return np.asarray(self.days.expected(days, first)[:, None] * self.shares[weekday])

    def spread(self, expected: FloatArray) -> FloatArray:
        """Return the standard deviation of hours, given what they are expected to bring."""
        return np.asarray(np.sqrt(expected + self.dispersion * expected**2 + 0.01))


def fit_channel(
    contacts: FloatArray, days: Sequence[CalendarDay], has_data: npt.NDArray[np.bool_],
    *, level_sd: float,
) -> ChannelModel:  # fmt: skip
    """Fit a channel.

    Parameters
    ----------
    contacts : ndarray of float, shape (n_days, 24)
        Contacts of each local hour of consecutive days.
    days : sequence of CalendarDay
        The same days.
    has_data : ndarray of bool, shape (n_days,)
        False for a day on which nothing was collected.
    level_sd : float
        By how much the logarithm of the level may move in a week.
    """
    weekday = np.array([day.weekday_like for day in days])
    usual = np.array([day.is_usual for day in days]) & has_data
    shares = first_shares(contacts[-_PROFILE_DAYS:], weekday[-_PROFILE_DAYS:])
    level = _first_level(contacts.sum(axis=1), usual, weekday)
    dispersion, day_dispersion, model = 0.05, 0.02, None
    for last_round in (False,) * (N_ROUNDS - 1) + (True,):
        expected_day = np.maximum(level, 0.1)
        own = _own_level(contacts, shares[weekday], expected_day, dispersion)
        expected = own[:, None] * shares[weekday]
        drawn = _drawn_in(contacts, expected, np.sqrt(expected + dispersion * expected**2), _HOUR_LIMIT)
        dispersion = _dispersion(drawn[has_data], expected[has_data])
        totals = drawn.sum(axis=1)
        spread = np.sqrt(expected_day + day_dispersion * expected_day**2)
        calm = np.where(usual, _drawn_in(totals, expected_day, spread, _DAY_LIMIT), totals)
        single = usual & _is_single((totals - expected_day) / spread)
        weights = (has_data & ~single) / (1.0 + day_dispersion * expected_day)
        model = fit_days(calm, days, weights, level_sd)
        level = model.expected(days, 0)
        day_dispersion = _day_dispersion(totals[usual], level[usual])
        recent = slice(-_PROFILE_DAYS, None)
        if last_round:
            shares = hour_shares(drawn[recent], (totals * has_data)[recent], weekday[recent], dispersion)
        else:
            shares = first_shares(drawn[recent], weekday[recent])
    assert model is not None
    total_dispersion = dispersion + day_dispersion
    return ChannelModel(model, shares, total_dispersion)


def _first_level(totals: FloatArray, usual: npt.NDArray[np.bool_], weekday: npt.NDArray[np.int64]) -> FloatArray:
    """Return the median contacts of the ordinary days around each day, times the usual ratio of its weekday to them."""
    level = _rolling_level(totals, usual)
    ratio = totals / np.maximum(level, 1e-9)
    factor = np.ones(7)
    for which in range(7):
        known = ratio[usual & (weekday == which)]
        factor[which] = np.median(known) if len(known) else 1.0
    return np.asarray(level * factor[weekday])


def _is_single(deviation: FloatArray) -> npt.NDArray[np.bool_]:
    """Return which days lie far off (in standard deviations) with few others around them that do so to the same side.

    Examples
    --------
    >>> _is_single(np.array([0.0, 9.0, 0.0, 0.0])).tolist(), _is_single(np.full(5, 9.0)).any()
    ([False, True, False, False], np.False_)
    """
    found = np.zeros(len(deviation), dtype=bool)
    for side in (deviation > _DAY_LIMIT, deviation < -_DAY_LIMIT):
        around = np.convolve(side, np.ones(_NEAR_DAYS), mode="full")[_NEAR_DAYS // 2 :][: len(side)]
        found |= side & (around <= _ALONE_DAYS)
    return found


def _rolling_level(totals: FloatArray, usual: npt.NDArray[np.bool_]) -> FloatArray:
    """Return the median contacts of the ordinary days around each day."""
    found = np.empty(len(totals))
    for place in range(len(totals)):
        near = slice(max(0, place - _LEVEL_WINDOW_DAYS), place + _LEVEL_WINDOW_DAYS + 1)
        chosen = totals[near][usual[near]]
        found[place] = np.median(chosen) if len(chosen) else totals[near].mean()
    return found


def _own_level(contacts: FloatArray, shares: FloatArray, expected: FloatArray, dispersion: float) -> FloatArray:
    """Return each day's own contacts, drawn in hour by hour: a rush of three hours must not lift the others."""
    level = contacts.sum(axis=1)
    for _ in range(2):
        usual = np.maximum(level, 0.05 * expected)[:, None] * shares
        level = _drawn_in(contacts, usual, np.sqrt(usual + dispersion * usual**2), 2.0).sum(axis=1)
    return np.asarray(np.maximum(level, 0.05 * expected))


def _drawn_in(values: FloatArray, middle: FloatArray, spread: FloatArray, limit: float) -> FloatArray:
    # One contact more: with less than one expected, one or two are nothing unusual.
    return np.asarray(np.clip(values, middle - limit * spread, middle + limit * spread + 1.0))


def _dispersion(values: FloatArray, expected: FloatArray) -> float:
    """Return the squared coefficient of variation beyond Poisson, by moments."""
    excess = ((values - expected) ** 2 - expected).sum() / max(float((expected**2).sum()), 1e-9)
    return float(np.clip(excess, _LEAST_DISPERSION, _MOST_DISPERSION))


def _day_dispersion(totals: FloatArray, expected: FloatArray) -> float:
    """Return the same of days, from the median deviation: days on which something happened do not count."""
    if len(totals) == 0:
        return _LEAST_DAY_DISPERSION
    deviation = _NORMAL_MAD * np.median(np.abs(totals - expected) / np.maximum(expected, 0.1))
    poisson = np.median(1.0 / np.maximum(expected, 0.1))
    return float(np.clip(deviation**2 - poisson, _LEAST_DAY_DISPERSION, _MOST_DISPERSION))
