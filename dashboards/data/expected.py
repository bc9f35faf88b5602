"""How many contacts the hours brought, and how many they were expected to bring: forecast before, or as usual."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from dashboards.data.source import Source
from dashboards.filters import Filters
from dashboards.selection import Selection

DAYS_SHOWN = 3
WEEKS = 4
"""How many weeks before tell what is usual at an hour of a weekday. Our choice: a month, as managers compare."""
_ENOUGH_WEEKS = 2
_ERROR_DAYS = 28
_Z_80 = 1.2816
"""Of the normal distribution: eight of ten values lie so many standard deviations around the mean."""
FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Errors:
    """How far forecasts made before the day were off: sum of misses over contacts, share of hours in the interval."""

    miss: float
    inside: float
    n_hours: int


def hours_expected(source: Source, selection: Selection, day: dt.date, first: dt.date) -> pd.DataFrame:
    """Return the hours of `day` and the two days before it, with what was expected of them.

    Parameters
    ----------
    selection : Selection
        Channels and products; its days do not matter.
    day : date
        Local.
    first : date
        First day of the data: hours before it were not counted, and tell nothing about what is usual.

    Returns
    -------
    DataFrame
        hour (local), n, expected, low, high (NaN where nothing can be said), is_forecast (80 % interval of a forecast
        made before the day; else of the same hours of the weeks before).
    """
    start = day - dt.timedelta(days=DAYS_SHOWN - 1)
    counts = _hourly(source, selection, start - dt.timedelta(weeks=WEEKS), day)
    found = as_usual(counts, start, day, first).assign(is_forecast=False)
    channel = _forecast_channel(selection)
    if channel is None:
        return found
    made = made_before(source, start, day, channel).set_index("hour")
    known = found["hour"].isin(made.index)
    for name in ("expected", "low", "high"):
        found.loc[known, name] = found.loc[known, "hour"].map(made[name])
    return found.assign(is_forecast=known)


def as_usual(counts: pd.Series, start: dt.date, end: dt.date, first: dt.date) -> pd.DataFrame:
    """Return the hours of the days `start` to `end`: hour, n, expected, and low and high, an 80 % interval.

    Expected is the mean of the same hours of up to `WEEKS` weeks before; NaN with less than two.

    Parameters
    ----------
    counts : Series
        Contacts by local hour; an hour that is not there had none.
    first : date
        First day of the data.
    """
    hours = pd.date_range(start, end + dt.timedelta(days=1), freq="h", inclusive="left")
    before = [hours - pd.Timedelta(weeks=week) for week in range(1, WEEKS + 1)]
    weeks = np.array([counts.reindex(at).fillna(0).where(at >= pd.Timestamp(first)).to_numpy() for at in before], float)
    n_weeks = (~np.isnan(weeks)).sum(axis=0)
    known = n_weeks >= _ENOUGH_WEEKS
    frame = pd.DataFrame({"hour": hours, "n": counts.reindex(hours).fillna(0).astype(int).to_numpy()})
    expected, spread = np.full(len(hours), np.nan), np.full(len(hours), np.nan)
    expected[known] = np.nanmean(weeks[:, known], axis=0)
    spread[known] = _spread(weeks[:, known], expected[known], n_weeks[known])
    return frame.assign(expected=expected, low=np.maximum(expected - spread, 0), high=expected + spread)


def _spread(weeks: FloatArray, mean: FloatArray, n_weeks: FloatArray) -> FloatArray:
    """Return how far a new count may be from the mean of the weeks in eight of ten hours.

    Counts vary more than chance alone does: by what all hours together show. Half a contact is added to the variance,
    so that one contact where there never was any is nothing unusual.
    """
    variance = np.nanvar(weeks, axis=0, ddof=1)
    dispersion = max(1.0, float(variance.sum() / mean.sum())) if mean.sum() else 1.0
    return np.asarray(_Z_80 * np.sqrt(dispersion * (mean + 0.5) * (1 + 1 / n_weeks)))


def made_before(source: Source, start: dt.date, end: dt.date, channel: str) -> pd.DataFrame:
    """Return what was forecast for the hours of days, last before each day: hour (local), expected, low, high."""
    return source.rows(
        "SELECT timezone($zone, hour) AS hour, expected, low, high FROM forecast_hour"
        " WHERE channel = $channel AND day < CAST(timezone($zone, hour) AS DATE)"
        " AND CAST(timezone($zone, hour) AS DATE) BETWEEN $start AND $end"
        " QUALIFY row_number() OVER (PARTITION BY hour ORDER BY made_at DESC) = 1 ORDER BY hour",
        zone=source.zone, channel=channel, start=start, end=end,
    )  # fmt: skip


def forecast_of_day(source: Source, day: dt.date, channels: tuple[str, ...] = ()) -> pd.DataFrame:
    """Return the newest forecast of a day: channel ('*' = all), hour (local), expected, low, high."""
    return source.rows(
        "SELECT channel, timezone($zone, hour) AS hour, expected, low, high FROM forecast_hour"
        " WHERE hour >= timezone($zone, CAST($day AS TIMESTAMP))"
        " AND hour < timezone($zone, CAST($day AS TIMESTAMP) + INTERVAL 1 DAY)"
        " AND (len($channels) = 0 OR list_contains($channels, channel))"
        " QUALIFY row_number() OVER (PARTITION BY channel, hour ORDER BY made_at DESC) = 1 ORDER BY channel, hour",
        zone=source.zone, day=day, channels=list(channels),
    )  # fmt: skip


def forecast_errors(source: Source, last: dt.date) -> Errors | None:
    """Return how far forecasts of all contacts were off in the four weeks to `last`; None where none was made."""
    start = last - dt.timedelta(days=_ERROR_DAYS - 1)
    made = made_before(source, start, last, "*")
    if made.empty:
        return None
    came = _hourly(source, Selection(Filters(start, last)), start, last).reindex(made["hour"]).fillna(0).to_numpy()
    if not came.sum():
        return None
    inside = (came >= made["low"]) & (came <= made["high"])
    return Errors(float(np.abs(came - made["expected"]).sum() / came.sum()), float(inside.mean()), len(made))


def _hourly(source: Source, selection: Selection, start: dt.date, end: dt.date) -> pd.Series:
    filters = Filters(start, end, selection.filters.channels, selection.filters.products)
    frame = source.over(
        Selection(filters, selection.narrowing),
        "SELECT date_trunc('hour', timezone($shown_zone, started_at)) AS hour, count(*) AS n FROM contact"
        " WHERE {where} AND started_at IS NOT NULL GROUP BY 1",
        shown_zone=source.zone,
    )
    return pd.Series(frame["n"].to_numpy(), index=pd.DatetimeIndex(frame["hour"]), dtype=float)


def _forecast_channel(selection: Selection) -> str | None:
    """Return the series of the forecast that counts the same contacts; None where none does."""
    if selection.filters.products or set(selection.narrowing) - {"channel_is"}:
        return None
    if "channel_is" in selection.narrowing:
        return selection.narrowing["channel_is"]
    channels = selection.filters.channels
    return "*" if not channels else channels[0] if len(channels) == 1 else None
