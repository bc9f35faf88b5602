"""Sums of mood and reply delay by local day and hour, for each channel and each team in it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.signals.grid import FloatArray, IntArray, sums_at

BoolArray = npt.NDArray[np.bool_]

HOURS = 24
_WHOLE_CHANNEL = 0.9
_MIN_REPLIES = 3
_SLOW_RATIO, _SLOWER_BY_SECONDS = 3.0, 60.0
"""Three times as slow is no matter where calls are answered in 9 seconds, nor is a minute where orders take days."""


@dataclass(frozen=True)
class MoodCells:
    """Sums over the contacts of one unit (a channel, or one team of it); every array has shape (n_days, 24).

    Attributes
    ----------
    channel, team : str, str or None
        Who; team None = the whole channel.
    n, total, squares : ndarray of float
        Contacts, sum of their scores, sum of squared scores.
    replied, waited : ndarray of float
        Contacts with a known reply delay, and the sum of these delays in seconds.
    """

    channel: str
    team: str | None
    n: FloatArray
    total: FloatArray
    squares: FloatArray
    replied: FloatArray
    waited: FloatArray

    @cached_property
    def within_variance(self) -> float:
        """Variance of a score inside a cell, pooled over cells; 1 where no cell has two contacts."""
        freedom = np.maximum(self.n - 1, 0).sum()
        residual = (self.squares - self.total**2 / np.maximum(self.n, 1)).sum()
        return float(residual / freedom) if freedom > 0 and residual > 0 else 1.0

    @cached_property
    def usual_wait_seconds(self) -> float:
        """Median over cells of the mean reply delay; infinite where no cell has three replies."""
        known = self.replied >= _MIN_REPLIES
        return float(np.median(self.waited[known] / self.replied[known])) if known.any() else float("inf")

    def slow(self, waited: FloatArray, replied: FloatArray) -> BoolArray:
        """Say where replies took three times as long as usual, and a minute longer; arrays of any one shape."""
        bound = max(_SLOW_RATIO * self.usual_wait_seconds, self.usual_wait_seconds + _SLOWER_BY_SECONDS)
        return (replied >= _MIN_REPLIES) & (waited >= bound * np.maximum(replied, 1))

    def without(self, cells: BoolArray) -> MoodCells:
        """Return the unit as if nobody had come in these cells."""
        kept = {name: getattr(self, name) * ~cells for name in ("n", "total", "squares", "replied", "waited")}
        return replace(self, **kept)


@dataclass(frozen=True)
class LocalTime:
    """Local day (from 0) and hour of contacts, each of shape (n_contacts,), and the first local midnight."""

    day: IntArray
    hour: IntArray
    first_midnight: pd.Timestamp
    n_days: int

    def midnight_of(self, day: int) -> pd.Timestamp:
        """Return the local midnight at which a day begins."""
        return self.first_midnight + pd.DateOffset(days=day)

    def date_of(self, day: int) -> dt.date:
        """Return the date of a day."""
        return self.midnight_of(day).date()


def local_time(started_at: pd.Series, zone: str) -> LocalTime:
    """Return where each contact stands on the clock and the calendar of the zone."""
    local = started_at.dt.tz_convert(zone)
    midnight = local.min().normalize()
    dates = local.dt.tz_localize(None).dt.normalize()
    day = ((dates - midnight.tz_localize(None)) // pd.Timedelta(days=1)).to_numpy(dtype=np.int64)
    return LocalTime(day, local.dt.hour.to_numpy(dtype=np.int64), midnight, int(day.max()) + 1)


def mood_cells(contacts: pd.DataFrame, when: LocalTime) -> list[MoodCells]:
    """Return the cells of each channel, and of each team in it that is not nearly all of the channel.

    Parameters
    ----------
    contacts : DataFrame
        channel, team, sentiment_score, response_seconds (NaN where nobody replied).
    when : LocalTime
        Of the same rows.
    """
    found = []
    for channel in sorted(contacts["channel"].unique()):
        here = (contacts["channel"] == channel).to_numpy()
        found.append(_cells(contacts, when, here, channel, None))
        teams = sorted(contacts.loc[here, "team"].unique())
        for team in teams:
            mine = here & (contacts["team"] == team).to_numpy()
            if mine.sum() < _WHOLE_CHANNEL * here.sum():
                found.append(_cells(contacts, when, mine, channel, team))
    return found


def _cells(contacts: pd.DataFrame, when: LocalTime, chosen: BoolArray, channel: str, team: str | None) -> MoodCells:
    place = when.day[chosen] * HOURS + when.hour[chosen]
    score = contacts["sentiment_score"].to_numpy(dtype=np.float64)[chosen]
    wait = contacts["response_seconds"].to_numpy(dtype=np.float64)[chosen]
    known = ~np.isnan(wait)

    def by_cell(values: FloatArray) -> FloatArray:
        return sums_at(place, values, when.n_days * HOURS).reshape(when.n_days, HOURS)

    return MoodCells(
        channel=channel,
        team=team,
        n=by_cell(np.ones(len(place))),
        total=by_cell(score),
        squares=by_cell(score**2),
        replied=by_cell(known.astype(np.float64)),
        waited=by_cell(np.where(known, wait, 0.0)),
    )
