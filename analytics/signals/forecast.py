"""How many contacts each hour of the next two weeks will bring, by channel, with an 80 % interval."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.calendar_days import CalendarDay, Event, calendar_days
from analytics.errors import SchemaError
from analytics.schema import ALL
from analytics.signals.forecast_intervals import Misses, Trial, misses_of
from analytics.signals.forecast_model import fit_channel
from analytics.signals.grid import FloatArray
from analytics.signals.tables import require_columns

HORIZON_HOURS = 14 * 24
HISTORY_DAYS = 400
"""A year and a month: last year's holidays are in it."""

LEAST_DAYS, LEAST_TRAINING_DAYS = 3, 14
_ALIVE_DAYS = 28
"""A channel that was silent for four weeks is forecast no more."""

LEVEL_SDS = (0.02, 0.15)
"""How fast a channel's level may move in a week, as a standard deviation: what its own past weeks choose from."""

_N_TRIALS, _TRIAL_STEP_DAYS = 8, 7
_TRIAL_HISTORY_SHARE = 0.5
"""A forecast from much less history misses by more than this one will."""

_COLUMNS = ("hour", "channel", "made_at", "expected", "low", "high")


@dataclass(frozen=True)
class _History:
    """Whole local days until the forecast is made; `contacts` by channel, shape (n_days, 24)."""

    days: list[CalendarDay]
    contacts: dict[str, FloatArray]
    has_data: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class _Ahead:
    """A channel's forecast and its trials by how many days ago they would have been made."""

    expected: FloatArray
    doubt: FloatArray
    dispersion: float
    trials: dict[int, Trial]


def forecast_volume(
    totals: pd.DataFrame,
    *,
    made_at: pd.Timestamp,
    horizon_hours: int = HORIZON_HOURS,
    events: Sequence[Event] = (),
    zone: str = "Asia/Shanghai",
) -> pd.DataFrame:
    """Return what the hours from `made_at` on are expected to bring.

    A channel is a Poisson regression of its days (weekday, holiday, make-up day, event, slowly moving level) times the
    share that each hour has of its day; rushes and outages of the past are drawn in before it is fitted. All channels
    together ("*") are the sum of the channels' expectations. Intervals are what forecasts made on earlier days of the
    same history missed by, each of its own series: the ends of "*" are no sums.

    Parameters
    ----------
    totals : DataFrame
        hour (UTC), channel, n_contacts. Rows of channel "*" and from `made_at` on are not read.
    made_at : Timestamp
        UTC. Learnt from are the whole local days before it.
    horizon_hours : int
        Hours ahead.
    events : sequence of Event
        Days on which more is expected.
    zone : str
        Of the local days.

    Returns
    -------
    DataFrame
        hour (UTC), channel, made_at, expected, low, high (contacts), by channel and hour. A channel with less than 3
        whole days, or silent for 28, has no rows and no part in "*"; with less than 21 there is nothing to try the
        forecast on, and the interval is a wide guess.

    Raises
    ------
    SchemaError
        If a column is missing or `made_at` has no zone.
    """
    require_columns(totals, "totals", ("hour", "channel", "n_contacts"))
    if made_at.tzinfo is None:
        raise SchemaError(f"made_at: expected a time with a zone (UTC), got {made_at}")
    hours = pd.date_range(made_at.ceil("h"), periods=horizon_hours, freq="h", tz="UTC")
    today = made_at.astimezone(ZoneInfo(zone)).date()
    history = _history(totals, today, events, zone)
    local = hours.tz_convert(zone)
    last = local[-1].date() if horizon_hours else today
    ahead = calendar_days(today, last, events)
    channels = {name: _channel(history, name, ahead) for name in _alive(history)}
    if not channels or not horizon_hours:
        return pd.DataFrame({name: pd.Series(dtype=object) for name in _COLUMNS})
    parts = {ALL: _sum(list(channels.values())), **channels}
    day = (local.tz_localize(None).normalize() - pd.Timestamp(today)).days.to_numpy()
    at = day, local.hour.to_numpy()
    rows = [_rows(name, part, at).assign(hour=hours, made_at=made_at) for name, part in parts.items()]
    return pd.concat(rows, ignore_index=True)[list(_COLUMNS)]


def _history(totals: pd.DataFrame, today: dt.date, events: Sequence[Event], zone: str) -> _History:
    own = totals[(totals["channel"] != ALL) & (totals["n_contacts"] > 0)]
    local = pd.DatetimeIndex(own["hour"]).tz_convert(zone)
    age = -(local.tz_localize(None).normalize() - pd.Timestamp(today)).days.to_numpy()
    inside = (age >= 1) & (age <= HISTORY_DAYS)
    n_days = int(age[inside].max(initial=0))
    contacts = {}
    for name in sorted(set(own["channel"][inside])):
        mine = inside & (own["channel"] == name).to_numpy()
        table = np.zeros((n_days, 24))
        np.add.at(table, (n_days - age[mine], local.hour.to_numpy()[mine]), own["n_contacts"].to_numpy()[mine])
        contacts[name] = table
    days = calendar_days(today - dt.timedelta(days=n_days), today - dt.timedelta(days=1), events) if n_days else []
    has_data = np.sum([table.sum(axis=1) for table in contacts.values()], axis=0) > 0
    return _History(days, contacts, np.atleast_1d(has_data))


def _alive(history: _History) -> list[str]:
    """Return the channels with whole days enough and a contact not long ago."""
    return [
        name
        for name, table in history.contacts.items()
        if len(table) - _first_day(table) >= LEAST_DAYS and table[-_ALIVE_DAYS:].any()
    ]


def _first_day(table: FloatArray) -> int:
    return int(np.argmax(table.any(axis=1)))


def _channel(history: _History, name: str, ahead: list[CalendarDay]) -> _Ahead:
    """Forecast a channel, its level moving as fast as its past weeks say is best."""
    begin = _first_day(history.contacts[name])
    contacts, days, has_data = history.contacts[name][begin:], history.days[begin:], history.has_data[begin:]
    tried: dict[float, dict[int, Trial]] = {level_sd: {} for level_sd in LEVEL_SDS}
    for ago in range(_TRIAL_STEP_DAYS, (_N_TRIALS + 1) * _TRIAL_STEP_DAYS, _TRIAL_STEP_DAYS):
        origin = len(days) - ago
        if origin >= max(LEAST_TRAINING_DAYS, int(_TRIAL_HISTORY_SHARE * len(days))):
            until = min(origin + HORIZON_HOURS // 24, len(days))
            for level_sd, trials in tried.items():
                model = fit_channel(contacts[:origin], days[:origin], has_data[:origin], level_sd=level_sd)
                trials[ago] = Trial(model.expected(days[origin:until], origin), contacts[origin:until])
    level_sd = min(LEVEL_SDS, key=lambda choice: sum(_miss(trial) for trial in tried[choice].values()))
    model = fit_channel(contacts, days, has_data, level_sd=level_sd)
    return _Ahead(model.expected(ahead, len(days)), model.days.doubt(ahead), model.dispersion, tried[level_sd])


def _miss(trial: Trial) -> float:
    return float(np.abs(trial.actual - trial.expected).sum())


def _sum(channels: list[_Ahead]) -> _Ahead:
    """Return all channels together; their trials are added up where they were made on the same day."""
    expected = np.sum([one.expected for one in channels], axis=0)
    size = [float(one.expected.sum()) for one in channels]
    trials = {}
    for ago in sorted({ago for one in channels for ago in one.trials}):
        made = [one.trials[ago] for one in channels if ago in one.trials]
        trials[ago] = Trial(
            np.sum([trial.expected for trial in made], axis=0), np.sum([trial.actual for trial in made], axis=0)
        )
    dispersion = float(np.average([one.dispersion for one in channels], weights=np.maximum(size, 1e-9)))
    doubt = np.max([one.doubt for one in channels], axis=0)
    return _Ahead(expected, doubt, dispersion, trials)


def _rows(name: str, part: _Ahead, at: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]) -> pd.DataFrame:
    misses: Misses = misses_of(list(part.trials.values()), part.dispersion)
    low, high = misses.interval(part.expected, part.doubt)
    return pd.DataFrame({"channel": name, "expected": part.expected[at], "low": low[at], "high": high[at]})
