"""Which scored windows alarm: the correction for everything tested in an hour, and a budget of alarms a day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.signals.attainable import Family, expected_below, family_of
from analytics.signals.grid import FloatArray, IntArray
from analytics.signals.multiplicity import benjamini_hochberg, step_up
from analytics.signals.rules import SpikeRule
from analytics.signals.series import Series

HOURS_A_DAY = 24
COLUMNS = ("code", "end", "width", "observed", "expected", "p_value", "q_value", "short_history")
"""Columns of scored windows: key, position of the last hour, hours, counts, p and q, and whether little was known."""

_WITHIN_REACH = 1_000.0
"""Hours whose best window misses the plain correction by more than this factor are not looked at more closely."""


@dataclass(frozen=True)
class DayScores:
    """Windows of one local day and width that are worth a look, and what all keys were tested with.

    Attributes
    ----------
    day, width : int
        Local day on the grid of the whole series, and hours.
    windows : DataFrame
        `COLUMNS` without q_value; end is the position on the grid of the whole series.
    rate, spread : ndarray of float, shape (n_keys,)
        Usual contacts per unit of exposure, and dispersion of the test.
    """

    day: int
    width: int
    windows: pd.DataFrame
    rate: FloatArray
    spread: FloatArray


def select(scored: list[DayScores], series: Series, rule: SpikeRule) -> pd.DataFrame:
    """Return the windows that alarm, as `COLUMNS`, sorted by end, code and width.

    The family of one hour is every key seen so far × every window length that ends in it, at level q / 24: q is spent
    once a day, and a long true incident does not buy false alarms at other hours.
    """
    if not any(len(day.windows) for day in scored):
        return pd.DataFrame(columns=list(COLUMNS))
    found = pd.concat([day.windows for day in scored if len(day.windows)], ignore_index=True)
    found = found.sort_values(["end", "code", "width"], ignore_index=True)
    tested = _Tested(scored, series, rule)
    q = np.ones(len(found))
    for end, rows in found.groupby("end").indices.items():
        q[rows] = tested.q_values(found["p_value"].to_numpy()[rows], int(str(end)))
    found["q_value"] = q
    large = found["observed"] >= rule.min_lift * found["expected"]
    alarms = found.loc[large & (found["q_value"] <= rule.q), list(COLUMNS)].reset_index(drop=True)
    return alarms if rule.max_a_day is None else within_budget(alarms, series.grid.day, rule.max_a_day)


class _Tested:
    """Everything that is tested in an hour."""

    def __init__(self, scored: list[DayScores], series: Series, rule: SpikeRule) -> None:
        self._series, self._rule = series, rule
        self._scored = {(part.day, part.width): part for part in scored}
        self._exposure = {width: series.exposure_of(width) for width in rule.window_hours}
        self._first_seen = np.sort(series.first_seen)
        self._families: dict[tuple[int, int], Family] = {}

    def q_values(self, p: FloatArray, end: int) -> FloatArray:
        """Return the corrected p-values of the windows that end in this hour; what is left out has p = 1."""
        widths = [width for width, exposure in self._exposure.items() if exposure[end] > 0]
        n_tests = self._n_seen(end) * len(widths)
        q = benjamini_hochberg(p, n_tests=max(n_tests, len(p))) * HOURS_A_DAY
        if q.min(initial=1.0) <= self._rule.q * _WITHIN_REACH:
            by_chance = sum((self._by_chance(p, end, width) for width in widths), np.zeros(len(p)))
            q = np.minimum(q, step_up(p, by_chance) * HOURS_A_DAY)
        return np.minimum(q, 1.0)

    def _n_seen(self, end: int) -> int:
        return int(np.searchsorted(self._first_seen, end, side="right"))

    def _by_chance(self, p: FloatArray, end: int, width: int) -> FloatArray:
        day = int(self._series.grid.day[end])
        begin = int(np.searchsorted(self._series.grid.day, day))
        part = self._scored.get((day, width))
        if part is None:
            return p * self._n_seen(end)
        if (day, width) not in self._families:
            known = self._series.first_seen < begin
            never = self._series.first_seen >= begin
            unseen = (float(part.rate[never].min()), float(part.spread[never].max())) if never.any() else (1e-9, 1.0)
            self._families[day, width] = family_of(part.rate[known], part.spread[known], unseen)
        family = self._families[day, width]
        keys = family.with_newcomers(self._n_seen(end) - self._n_seen(begin - 1))
        mean = family.rate * self._exposure[width][end]
        return expected_below(p, mean, family.spread, keys, self._rule.min_contacts)


def within_budget(alarms: pd.DataFrame, day: IntArray, max_a_day: int) -> pd.DataFrame:
    """Return the alarms of the first `max_a_day` keys of each local day, in an hour those with the smallest p first.

    A key that has alarmed on the day costs nothing more. No hour waits for what later ones may bring.

    Parameters
    ----------
    alarms : DataFrame
        `COLUMNS`.
    day : ndarray of int, shape (n_hours,)
        Local day of each hour.
    max_a_day : int
        Keys that may alarm on a day.

    Examples
    --------
    >>> alarms = pd.DataFrame({"code": [4, 7, 9, 7], "end": [8, 8, 8, 9], "p_value": [1e-9, 1e-12, 1e-10, 1e-9]})
    >>> within_budget(alarms, np.zeros(24, dtype=np.int64), 2)["code"].tolist()
    [7, 9, 7]
    """
    if alarms.empty:
        return alarms
    ordered = alarms.assign(day=day[alarms["end"].to_numpy(dtype=np.int64)]).sort_values(["end", "p_value", "code"])
    first = ~ordered.duplicated(["day", "code"])
    place = first.groupby(ordered["day"]).cumsum().where(first)
    rank = place.groupby([ordered["day"], ordered["code"]]).transform("min")
    return alarms[(rank <= max_a_day).reindex(alarms.index)].reset_index(drop=True)
