"""Lasting changes of level of a mood: a channel, or a topic in it, that is not what it was, for days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from analytics.schema import TABLES
from analytics.signals.grid import FloatArray
from analytics.signals.tables import require_columns

_KEY = ["channel", "topic_id"]
_PER_DIFFERENCE = 2 / 3
"""Degrees of freedom that a difference of neighbouring days is worth: neighbouring differences share a day [2]_ of
`latest_change`."""
_SAME_DAYS, TOLD_DAYS = 3, 7
"""A change is the one told already if one within 3 days of it was seen on any of the 7 days before."""


@dataclass(frozen=True)
class ChangeRule:
    """What counts as a lasting change.

    Attributes
    ----------
    history_days : int
        Days up to and including the judged one that are looked at.
    min_days : int
        Days with contacts on each side of a change.
    min_contacts : int
        Contacts that a day needs to count.
    min_change : float
        Change of the mean score (-1 to 1) that is worth a word.
    max_p : float
        Bound on the p-value of a series on a day, all days it could have changed on taken into account.
    """

    history_days: int = 42
    min_days: int = 4
    min_contacts: int = 5
    min_change: float = 0.05
    max_p: float = 1e-3


@dataclass(frozen=True)
class LevelChange:
    """The latest change of a series: position of its first day, level before and after, 95 % interval, p-value."""

    at: int
    before: float
    after: float
    low: float
    high: float
    p_value: float


def mood_changes(daily: pd.DataFrame, days: tuple[dt.date, dt.date], *, rule: ChangeRule | None = None) -> pd.DataFrame:
    """Return the changes first seen on the local days `days[0]` to `days[1]`, as the table `mood_change`.

    Each day is judged by the days up to it alone, so that a rerun says what the run of the day said.

    Parameters
    ----------
    daily : DataFrame
        day (date), channel, topic_id ('' = all), n, total, squares (of scores): one row a day with contacts. Of the
        days asked for, and `history_days` + 7 before them.
    days : tuple of date
        First and last day.

    Raises
    ------
    SchemaError
        If a column is missing.
    """
    require_columns(daily, "daily", ("day", *_KEY, "n", "total", "squares"))
    rule = rule or ChangeRule()
    rows = [
        {"channel": channel, "topic_id": topic, **row}
        for (channel, topic), series in daily[daily["n"] >= rule.min_contacts].groupby(_KEY)
        for row in _told(series.sort_values("day"), days, rule)
    ]
    columns = [column.name for column in TABLES["mood_change"].columns]
    return pd.DataFrame(rows, columns=columns).sort_values(["day", *_KEY], ignore_index=True)


def _told(series: pd.DataFrame, days: tuple[dt.date, dt.date], rule: ChangeRule) -> Iterator[dict[str, object]]:
    dates = series["day"].tolist()
    number = np.array([date.toordinal() for date in dates])
    n, total, squares = (series[name].to_numpy(dtype=np.float64) for name in ("n", "total", "squares"))
    seen: list[tuple[int, int]] = []
    for today in range(days[0].toordinal() - TOLD_DAYS, days[1].toordinal() + 1):
        begin, end = np.searchsorted(number, [today - rule.history_days + 1, today + 1])
        # On a day without contacts nothing new can be seen.
        if end == 0 or number[end - 1] != today:
            continue
        found = latest_change(n[begin:end], total[begin:end], squares[begin:end], rule)
        if found is None:
            continue
        first = int(number[begin + found.at])
        known = any(today - day <= TOLD_DAYS and abs(first - other) <= _SAME_DAYS for day, other in seen)
        seen.append((today, first))
        if not known and today >= days[0].toordinal():
            levels = {name: getattr(found, name) for name in ("before", "after", "low", "high", "p_value")}
            after = n[begin + found.at : end].sum()
            yield {"day": dates[end - 1], "changed_on": dates[begin + found.at], **levels, "n": int(after)}


def latest_change(n: FloatArray, total: FloatArray, squares: FloatArray, rule: ChangeRule) -> LevelChange | None:
    """Return the latest change of level in a series of days; None where there is none.

    Binary segmentation [1]_ that goes on in what comes after each change. A split is tested by the difference of the
    weighted means of both sides over its error; a day's variance is that of its contacts and, beyond it, how days
    differ, seen in the differences of neighbouring days [2]_, which a change of level hardly touches. The p-value is
    multiplied by the number of splits.

    Parameters
    ----------
    n, total, squares : ndarray of float, shape (n_days,)
        Contacts of each day, at least 1, sum of their scores and of squared scores.

    References
    ----------
    .. [1] A. J. Scott, M. Knott, "A Cluster Analysis Method for Grouping Means in the Analysis of Variance",
       Biometrics 30, 1974.
    .. [2] J. von Neumann, "Distribution of the Ratio of the Mean Square Successive Difference to the Variance", Ann.
       Math. Stat. 12, 1941.
    """
    if len(n) < 2 * rule.min_days:
        return None
    mean = total / n
    variance = _day_variance(n, mean, float(squares.sum() - (n * mean**2).sum()))
    begin, found = 0, None
    while (split := _best_split(mean[begin:], variance[begin:], rule)) is not None:
        found, begin = LevelChange(begin + split.at, *_levels(split)), begin + split.at
    return found


def _levels(change: LevelChange) -> tuple[float, float, float, float, float]:
    return change.before, change.after, change.low, change.high, change.p_value


def _day_variance(n: FloatArray, mean: FloatArray, residual: float) -> FloatArray:
    freedom = float((n - 1).sum())
    of_contacts = (residual / freedom if freedom > 0 else 1.0) / n
    between = (np.diff(mean) ** 2 - of_contacts[1:] - of_contacts[:-1]) / 2
    return np.asarray(of_contacts + max(float(between.mean()), 0.0))


def _best_split(mean: FloatArray, variance: FloatArray, rule: ChangeRule) -> LevelChange | None:
    n_days, least = len(mean), rule.min_days
    if n_days < 2 * least:
        return None
    weight = np.cumsum(1 / variance)
    weighted = np.cumsum(mean / variance)
    ends = np.arange(least, n_days - least + 1)
    w_left, w_right = weight[ends - 1], weight[-1] - weight[ends - 1]
    left, right = weighted[ends - 1] / w_left, (weighted[-1] - weighted[ends - 1]) / w_right
    error = np.sqrt(1 / w_left + 1 / w_right)
    best = int(np.argmax(np.abs(right - left) / error))
    change, freedom = float(right[best] - left[best]), _PER_DIFFERENCE * (n_days - 2)
    p_value = min(float(2 * stats.t.sf(abs(change) / error[best], freedom)) * len(ends), 1.0)
    if p_value > rule.max_p or abs(change) < rule.min_change:
        return None
    half = float(stats.t.ppf(0.975, freedom) * error[best])
    return LevelChange(int(ends[best]), float(left[best]), float(right[best]), change - half, change + half, p_value)
