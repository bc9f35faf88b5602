"""Counts of tweets about ten companies with labelled windows: ours beside five plain detectors, hour by hour."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special, stats

from analytics.signals import JudgedHours, SpikeRule, detect_volume_spikes
from analytics.signals.multiplicity import benjamini_hochberg

_WEEK = 7 * 24
_HISTORY_HOURS = 3 * 24
"""Nothing is judged before three days are known, by any detector."""

_MERGED_HOURS = 24
"""Alarms at most this far apart are one, as an incident is."""

_ESD_DAYS, _ESD_ALPHA, _ESD_MOST = 14, 0.01, 10

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class TweetSeries:
    """Tweets an hour, and the windows as (first hour, last hour), both included."""

    name: str
    hours: pd.DatetimeIndex
    counts: Floats
    windows: tuple[tuple[int, int], ...]


def read_series(corpora: Path) -> list[TweetSeries]:
    """Return the series; 12 steps of five minutes are added up to an hour, and incomplete edges left out."""
    labels = json.loads((corpora / "series" / "combined_windows.json").read_text(encoding="utf-8"))
    found = []
    for path in sorted((corpora / "series").glob("Twitter_volume_*.csv")):
        rows = pd.read_csv(path, parse_dates=["timestamp"])
        rows = rows.assign(hour=rows["timestamp"].dt.tz_localize("UTC").dt.floor("h"))
        by_hour = rows.groupby("hour")["value"].sum().iloc[1:-1]
        hours = pd.date_range(by_hour.index[0], by_hour.index[-1], freq="h")
        counts = by_hour.reindex(hours, fill_value=0).to_numpy(dtype=np.float64)
        found.append(TweetSeries(path.stem, hours, counts, _windows(labels[f"realTweets/{path.name}"], hours)))
    return found


def _windows(labelled: list[list[str]], hours: pd.DatetimeIndex) -> tuple[tuple[int, int], ...]:
    return tuple(
        (int(hours.searchsorted(first.floor("h"))), int(hours.searchsorted(last.floor("h"))))
        for first, last in (pd.to_datetime(pair).tz_localize("UTC") for pair in labelled)
    )


def ours(series: TweetSeries, q: float = 0.01) -> Mask:
    """Alarm by the library's volume detector with its default rule: 1 h, 3 h and the day so far."""
    totals = pd.DataFrame({"hour": series.hours, "channel": "tweets", "n_contacts": series.counts})
    alarms = detect_volume_spikes(
        totals, hours=JudgedHours(series.hours[0], series.hours[-1]), rule=SpikeRule(q=q, zone="UTC")
    )
    mask = np.zeros(len(series.counts), dtype=bool)
    mask[series.hours.get_indexer(pd.DatetimeIndex(alarms["judged_hour"]))] = True
    return mask


def z_score(series: TweetSeries) -> Mask:
    """Alarm 3 standard deviations above the mean of the 7 days before."""
    past = pd.Series(series.counts).shift(1).rolling(_WEEK, min_periods=_HISTORY_HOURS)
    return np.asarray(series.counts > (past.mean() + 3 * past.std()).to_numpy())


def ratio(series: TweetSeries) -> Mask:
    """Alarm at 3 times the mean of the 7 days before."""
    past = pd.Series(series.counts).shift(1).rolling(_WEEK, min_periods=_HISTORY_HOURS)
    return np.asarray(series.counts > 3 * past.mean().to_numpy())


def ears_c2(series: TweetSeries) -> Mask:
    """Alarm by EARS C2: the same hour of 7 days, ending two days before, mean + 3 sd."""
    past = np.stack([pd.Series(series.counts).shift(24 * lag).to_numpy() for lag in range(3, 10)])
    known = np.isfinite(past).all(axis=0)
    filled = np.where(np.isfinite(past), past, 0.0)
    return np.asarray(known & (series.counts > filled.mean(axis=0) + 3 * np.maximum(filled.std(axis=0, ddof=1), 0.2)))


def s_h_esd(series: TweetSeries) -> Mask:
    """Alarm by seasonal hybrid ESD once a day over up to 14 days, for the hours of the last; it sees the whole day."""
    found = np.zeros(len(series.counts), dtype=bool)
    for day in range(_HISTORY_HOURS // 24, len(series.counts) // 24):
        first = max(day + 1 - _ESD_DAYS, 0) * 24
        recent = series.counts[first : (day + 1) * 24].reshape(-1, 24)
        residual = (recent - np.median(recent, axis=0)).ravel()
        spread = 1.4826 * float(np.median(np.abs(residual))) or 1e-9
        n, order = len(residual), np.arange(1, _ESD_MOST + 1)
        t = stats.t.ppf(1 - _ESD_ALPHA / (n - order + 1), n - order - 1)
        bound = (n - order) * t / np.sqrt((n - order - 1 + t**2) * (n - order + 1))
        highest = np.sort(residual)[::-1][:_ESD_MOST] / spread
        beyond = np.flatnonzero(highest > bound)
        if len(beyond):
            found[day * 24 : (day + 1) * 24] = residual[-24:] / spread >= highest[beyond[-1]]
    return found


def poisson_bh(series: TweetSeries) -> Mask:
    """Alarm by a Poisson tail around the mean of this hour of the day over 14 days, Benjamini-Hochberg each day."""
    past = np.stack([pd.Series(series.counts).shift(24 * lag).to_numpy() for lag in range(1, 15)])
    known = np.isfinite(past).sum(axis=0) >= _HISTORY_HOURS // 24
    mean = np.where(np.isfinite(past), past, 0.0).sum(axis=0) / np.maximum(np.isfinite(past).sum(axis=0), 1)
    p = np.where(known, special.gammainc(np.maximum(series.counts, 1e-9), np.maximum(mean, 0.5)), 1.0)
    found = np.zeros(len(p), dtype=bool)
    for first in range(0, len(p), 24):
        found[first : first + 24] = benjamini_hochberg(p[first : first + 24]) <= 0.01
    return found


def z_score_6(series: TweetSeries) -> Mask:
    """Alarm 6 standard deviations above: the z-score that gives as few false alarms as ours, chosen afterwards."""
    past = pd.Series(series.counts).shift(1).rolling(_WEEK, min_periods=_HISTORY_HOURS)
    return np.asarray(series.counts > (past.mean() + 6 * past.std()).to_numpy())


def ours_looser(series: TweetSeries) -> Mask:
    """Alarm as ours with q = .1."""
    return ours(series, q=0.1)


DETECTORS: dict[str, Callable[[TweetSeries], Mask]] = {
    "negative binomial, 1 h, 3 h and the day so far (ours)": ours,
    "ours at q = .1": ours_looser,
    "z > 6 against 7 days, chosen on these series": z_score_6,
    "z > 3 against 7 days": z_score,
    "3 × the mean of 7 days": ratio,
    "EARS C2": ears_c2,
    "S-H-ESD, daily": s_h_esd,
    "Poisson + BH": poisson_bh,
}


@dataclass(frozen=True)
class Caught:
    """Windows with an alarm, all windows, alarms outside (those close together being one), days with one, weeks."""

    n_caught: int
    n_windows: int
    n_false: int
    n_days_outside: int
    n_weeks: float


def score(mask: Mask, series: TweetSeries) -> Caught:
    """Compare alarms with the windows of a series, from the fourth day on."""
    mask = mask.copy()
    mask[:_HISTORY_HOURS] = False
    windows = [(first, last) for first, last in series.windows if last >= _HISTORY_HOURS]
    at = np.flatnonzero(mask)
    groups = np.split(at, np.flatnonzero(np.diff(at) > _MERGED_HOURS) + 1) if len(at) else []
    false = sum(not any(group[0] <= last and group[-1] >= first for first, last in windows) for group in groups)
    caught = sum(bool(mask[first : last + 1].any()) for first, last in windows)
    for first, last in windows:
        mask[first : last + 1] = False
    days = len(set((np.flatnonzero(mask) // 24).tolist()))
    return Caught(caught, len(windows), false, days, (len(mask) - _HISTORY_HOURS) / _WEEK)
