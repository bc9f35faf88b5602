"""The last days and the days that are forecast, by day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from dashboards.data import ahead
from dashboards.data.source import Source
from dashboards.selection import Selection

N_PAST_DAYS, N_AHEAD_DAYS = 14, 7
_HOURS_A_DAY = 24


@dataclass(frozen=True)
class Ahead:
    """What came and what is expected.

    Attributes
    ----------
    past : DataFrame
        day, n: contacts of the selection on each of its last days, at most `N_PAST_DAYS`.
    days : DataFrame
        day, expected, low, high of the days that are forecast whole. low and high add up the ends of the hours'
        80 % intervals: should every hour stay inside its own, the day stays inside these, so that they are wider than
        an 80 % interval of the day. NaN for several channels, whose ends do not add up.
    made_on : date
        Last day that the forecast knew.
    """

    past: pd.DataFrame
    days: pd.DataFrame
    made_on: dt.date


def days_ahead(source: Source, selection: Selection, channels: tuple[str, ...]) -> Ahead | None:
    """Return the days round the end of the data; None where the period ends before it, or nothing is forecast.

    Parameters
    ----------
    channels : tuple of str
        Channels whose forecasts are added up; empty = the forecast of all contacts.
    """
    made_on = _made_on(source)
    filters = selection.filters
    if made_on is None or filters.start is None or filters.end is None or filters.end < made_on:
        return None
    until = made_on + dt.timedelta(days=N_AHEAD_DAYS)
    wanted = [ahead.hours(source, made_on + dt.timedelta(days=1), until, channel) for channel in channels or ("*",)]
    hours = pd.concat(wanted)
    if hours.empty:
        return None
    found = hours.groupby(pd.to_datetime(hours["hour"]).dt.normalize().rename("day"))
    days = found[["expected", "low", "high"]].sum().reset_index()
    whole = (found.size() >= _HOURS_A_DAY).to_numpy()
    if len(wanted) > 1:
        days = days.assign(low=float("nan"), high=float("nan"))
    return Ahead(_past(source, selection, made_on), days[whole].reset_index(drop=True), made_on)


def _past(source: Source, selection: Selection, until: dt.date) -> pd.DataFrame:
    first = max(selection.filters.start or until, until - dt.timedelta(days=N_PAST_DAYS - 1))
    days = selection.narrowed(day_from=first.isoformat(), day_to=until.isoformat())
    found = source.over(days, "SELECT day, count(*) AS n FROM contact WHERE {where} GROUP BY day ORDER BY day")
    counts = found.set_index(pd.to_datetime(found["day"]))["n"].reindex(pd.date_range(first, until), fill_value=0)
    return counts.rename_axis("day").reset_index()


def _made_on(source: Source) -> dt.date | None:
    found = source.rows("SELECT max(day)::VARCHAR AS day FROM forecast_hour")["day"].iloc[0]
    return dt.date.fromisoformat(found) if isinstance(found, str) else None
