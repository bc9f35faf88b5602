"""Sums of mood and reply delay by local day and hour, for each channel and each team in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.signals.grid import FloatArray, IntArray, sums_at

BoolArray = npt.NDArray[np.bool_]

HOURS = 24


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

    def within_variance(self) -> float:
        """Return the variance of a score inside a cell, pooled over cells; 1 where no cell has two contacts."""
        freedom = np.maximum(self.n - 1, 0).sum()
        residual = (self.squares - self.total**2 / np.maximum(self.n, 1)).sum()
        return float(residual / freedom) if freedom > 0 and residual > 0 else 1.0


@dataclass(frozen=True)
class LocalTime:
    """Local day (from 0) and hour of contacts, each of shape (n_contacts,), and the first local midnight."""

    day: IntArray
    hour: IntArray
    first_midnight: pd.Timestamp
    n_days: int


def local_time(started_at: pd.Series, zone: str) -> LocalTime:
    """Return where each contact stands on the clock and the calendar of the zone."""
    local = started_at.dt.tz_convert(zone)
    midnight = local.min().normalize()
    dates = local.dt.tz_localize(None).dt.normalize()
    day = ((dates - midnight.tz_localize(None)) // pd.Timedelta(days=1)).to_numpy(dtype=np.int64)
    return LocalTime(day, local.dt.hour.to_numpy(dtype=np.int64), midnight, int(day.max()) + 1)


def mood_cells(contacts: pd.DataFrame, when: LocalTime) -> list[MoodCells]:
    """Return the cells of each channel, and of each team of a channel that has several.

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
        if len(teams) > 1:
            found += [
                _cells(contacts, when, here & (contacts["team"] == team).to_numpy(), channel, team) for team in teams
            ]
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
