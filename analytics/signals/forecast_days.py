"""The contacts of a day: weekday, kind of day, events and a level that moves slowly, as a Poisson regression.

Every effect has a prior (see `poisson_prior`), so a holiday or an event that the history does not have moves nothing:
the day then works like the weekday that `CalendarDay.weekday_like` names.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import PoissonRegressor

from analytics.calendar_days import CalendarDay
from analytics.signals.grid import FloatArray
from analytics.signals.poisson_prior import fit_poisson

# Standard deviations of the effects on the logarithm of a day's contacts: what is plausible before any data. A weekday
# is within a factor of 2.7, a holiday or an event of 3 to 4; 0.03 is 3 % in four weeks.
_WEEKDAY, _HOLIDAY, _HOLIDAY_NAME, _MAKEUP = 0.5, 0.4, 0.4, 0.15
_EVENT, _EVENT_NAME, _EVENT_DAY = 0.6, 0.4, 0.2
_TREND, _TREND_DAYS, _TREND_GOES_ON_DAYS = 0.03, 28.0, 7.0
_LEVEL_DAYS = 7


@dataclass(frozen=True)
class DayModel:
    """A fitted regression; `names` are its columns, `first` and `n_days` the days it was fitted on."""

    regressor: PoissonRegressor
    names: tuple[str, ...]
    n_days: int
    level_sd: float

    def expected(self, days: Sequence[CalendarDay], first: int) -> FloatArray:
        """Return the expected contacts of days, the first of which is day number `first` of the history."""
        columns = _columns(days, np.arange(first, first + len(days), dtype=np.float64), self.n_days, self.level_sd)
        table = np.column_stack([columns.get(name, np.zeros(len(days))) for name in self.names])
        return np.asarray(self.regressor.predict(table), dtype=np.float64)

    def doubt(self, days: Sequence[CalendarDay]) -> FloatArray:
        """Return for each day the standard deviation (of a logarithm) of what the history cannot know of it.

        0 for a day whose holiday or event the history has; else that of the effect that was not seen.
        """
        doubts = [
            _EVENT_NAME * (f"event {day.event}" not in self.names) if day.event
            else _HOLIDAY_NAME * (f"holiday {day.name}" not in self.names) if day.kind == "holiday"
            else 0.0
            for day in days
        ]  # fmt: skip
        return np.array(doubts)


def fit_days(contacts: FloatArray, days: Sequence[CalendarDay], weights: FloatArray, level_sd: float) -> DayModel:
    """Fit the contacts of consecutive days.

    Parameters
    ----------
    contacts : ndarray of float, shape (n_days,)
        Contacts of each day, rushes and outages taken out.
    days : sequence of CalendarDay
        The same days.
    weights : ndarray of float, shape (n_days,)
        1 / dispersion: how much a day says against a Poisson count; 0 for a day without data.
    level_sd : float
        By how much the logarithm of the level may move in a week (standard deviation).

    Examples
    --------
    >>> import datetime as dt
    >>> from analytics.calendar_days import calendar_days
    >>> days = calendar_days(dt.date(2026, 3, 2), dt.date(2026, 3, 29))
    >>> model = fit_days(np.full(28, 50.0), days, np.ones(28), 0.05)
    >>> model.expected(days[:2], 28).round().tolist()
    [50.0, 50.0]
    """
    columns = _columns(days, np.arange(len(days), dtype=np.float64), len(days), level_sd)
    names = tuple(name for name, values in columns.items() if values.any())
    regressor = fit_poisson(np.column_stack([columns[name] for name in names]), contacts, weights)
    return DayModel(regressor, names, len(days), level_sd)


def _columns(days: Sequence[CalendarDay], at: FloatArray, n_days: int, level_sd: float) -> dict[str, FloatArray]:
    columns: dict[str, FloatArray] = {}

    def mark(name: str, place: int, value: float) -> None:
        columns.setdefault(name, np.zeros(len(days)))[place] = value

    for place, day in enumerate(days):
        mark(f"weekday {day.weekday_like}", place, _WEEKDAY)
        if day.weekday_like >= 5:
            mark("weekend", place, _WEEKDAY)
        if day.kind == "holiday":
            mark("holiday", place, _HOLIDAY)
            mark(f"holiday {day.name}", place, _HOLIDAY_NAME)
        if day.kind == "makeup":
            mark("makeup", place, _MAKEUP)
        if day.event:
            mark("event", place, _EVENT)
            mark(f"event {day.event}", place, _EVENT_NAME)
            mark(f"event {day.event} {day.event_day}", place, _EVENT_DAY)
    since_end = np.minimum(at - (n_days - 1), _TREND_GOES_ON_DAYS)
    columns["trend"] = since_end / _TREND_DAYS * _TREND
    for back in range(1, (n_days - 1) // _LEVEL_DAYS):
        begin = n_days - 1 - back * _LEVEL_DAYS
        columns[f"level {back}"] = np.clip((at - begin) / _LEVEL_DAYS, 0.0, 1.0) * level_sd
    return columns
