"""All slots in which a unit's mood could have fallen, each tested against other days or against the hours around it.

Two comparisons, because one alone is blind: a fall on some days is seen against the same hours of the other days; a
fall at the same hour of every day has no other days, and is seen against the hours around it, after taking out what the
same hours do to other channels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtr

from analytics.signals.grid import FloatArray, IntArray
from analytics.signals.hour_effect import MIN_REFERENCE, OTHER_DAYS, OTHER_HOURS, hour_effects, slot_masks
from analytics.signals.mood_cells import BoolArray, MoodCells
from analytics.signals.multiplicity import benjamini_hochberg
from analytics.signals.slow_slots import slow_tests

_NORMAL_MAD = 1.4826
"""Standard deviation over median absolute value of a normal distribution: hours differ by themselves, more or less."""

_MIN_REFERENCE_DAYS = 4


@dataclass(frozen=True)
class DipRule:
    """What counts as a fall of mood.

    Attributes
    ----------
    q, q_slow : float
        False discovery rates over all slots, and over those in which replies were slow: these are few, and worth a look
        by themselves.
    min_contacts : int
        Contacts a slot needs.
    min_drop : float
        Fall of the mean score (-1 to 1) that is worth a word.
    max_p, max_p_slow : float
        Bounds on the p-value of a slot by itself, where replies were as usual and where they were slow: the many
        overlapping slots of one true fall are many rejections, and must not buy a false one elsewhere.
    window_hours, run_days : tuple of int
        Lengths of slots, and numbers of days in a row on which the same slot is tested as one.
    zone : str
        Zone of days and hours.
    """

    q: float = 0.01
    q_slow: float = 0.05
    min_contacts: int = 8
    min_drop: float = 0.1
    max_p: float = 0.001
    max_p_slow: float = 0.02
    window_hours: tuple[int, ...] = (1, 2, 3)
    run_days: tuple[int, ...] = (1, 3, 7)
    zone: str = "Asia/Shanghai"


def scan(units: Sequence[MoodCells], rule: DipRule, *, unusual: Sequence[BoolArray] | None = None) -> pd.DataFrame:
    """Return the significant slots, best first; cells in which replies were slow are tested in `slow_slots` alone.

    Parameters
    ----------
    units : sequence of MoodCells
        Channels, and teams in them.
    rule : DipRule
        What counts as a fall.
    unusual : sequence of ndarray of bool, shape (n_days, 24), optional
        Of each unit, the cells already known as falls: they are nobody's reference.

    Returns
    -------
    DataFrame
        unit (position), days (tuple), hour, width, basis, n, drop, p_value, q_value, slow (replies were slow, and the
        test is of that family); slots with slow replies first, then by p_value.
    """
    plain, slow = [], []
    for place, unit in enumerate(units):
        usual = np.ones_like(unit.n) if unusual is None else (~unusual[place]).astype(np.float64)
        others = [other for other in units if other.team is None and other.channel != unit.channel]
        quick = unit.without(unit.slow(unit.waited, unit.replied))
        for width in rule.window_hours:
            spread = _day_variance(unit, width)
            runs = [run for run in rule.run_days if run * 2 <= unit.n.shape[0]]
            plain += [_Tests(place, width, *_against_days(quick, usual, width, run, spread)) for run in runs]
            plain.append(_Tests(place, width, *_against_hours(quick, usual, others, width, spread)))
        tests = slow_tests(unit, usual, others, spread=_day_variance(unit, 1))
        slow += [tests.assign(unit=place)] if len(tests) else []
    return _significant(plain, pd.concat(slow, ignore_index=True) if slow else pd.DataFrame(), rule)


@dataclass(frozen=True)
class _Tests:
    """Tests of one unit and width of slot; arrays of one length, `n_days` and `basis` of all."""

    unit: int
    width: int
    basis: str
    n_days: int
    first_day: IntArray
    hour: IntArray
    n: FloatArray
    drop: FloatArray
    p_value: FloatArray

    def chosen(self, least: int, most_p: float) -> dict[str, list[Any]]:
        """Return the columns of the tests of at least so many contacts and at most that p-value."""
        rows = np.flatnonzero((self.n >= least) & (self.p_value <= most_p))
        found: dict[str, list[Any]] = {name: getattr(self, name)[rows].tolist() for name in _MEASURED}
        found["days"] = [tuple(range(day, day + self.n_days)) for day in self.first_day[rows].tolist()]
        return found | {name: [getattr(self, name)] * len(rows) for name in ("unit", "width", "basis")}


_MEASURED = ("hour", "n", "drop", "p_value")


def slots(values: FloatArray, width: int) -> FloatArray:
    """Return sums over `width` hours of the day by first hour, shape (n_days, 25 - width)."""
    total = np.concatenate([np.zeros((values.shape[0], 1)), np.cumsum(values, axis=1)], axis=1)
    return np.asarray(total[:, width:] - total[:, :-width])


def _runs(values: FloatArray, run: int) -> FloatArray:
    return slots(values.T, run).T


def _day_variance(unit: MoodCells, width: int) -> float:
    """Return how much slots differ from day to day beyond the variance of their contacts, without the worst 5 %."""
    n, total = slots(unit.n, width), slots(unit.total, width)
    mean = total / np.maximum(n, 1)
    usual = total.sum(axis=0) / np.maximum(n.sum(axis=0), 1)
    excess = (mean - usual) ** 2 - unit.within_variance / np.maximum(n, 1)
    known = np.sort(excess[n >= 3])
    kept = known[: len(known) - int(0.05 * len(known))]
    return max(float(kept.mean()), 0.0) if len(kept) else 0.0


_Found = tuple[str, int, IntArray, IntArray, FloatArray, FloatArray, FloatArray]
"""Basis, days of a run, first day, hour, n, drop, p_value."""


def _against_days(unit: MoodCells, usual: FloatArray, width: int, run: int, spread: float) -> _Found:
    n, total = (_runs(slots(part, width), run) for part in (unit.n, unit.total))
    n_day, total_day = (slots(part * usual, width) for part in (unit.n, unit.total))
    n_ref, total_ref = (part.sum(axis=0) - _runs(part, run) for part in (n_day, total_day))
    filled = (n_day > 0).astype(np.float64)
    days_ref = filled.sum(axis=0) - _runs(filled, run)
    variance = unit.within_variance * (1 / np.maximum(n, 1) + 1 / np.maximum(n_ref, 1))
    variance += spread * (1 / run + 1 / np.maximum(days_ref, 1))
    drop = total_ref / np.maximum(n_ref, 1) - total / np.maximum(n, 1)
    valid = (n_ref >= MIN_REFERENCE) & (days_ref >= _MIN_REFERENCE_DAYS) & (n > 0)
    day, hour = np.nonzero(valid)
    return OTHER_DAYS, run, day, hour, n[valid], drop[valid], ndtr(-drop[valid] / np.sqrt(variance[valid]))


def _against_hours(
    unit: MoodCells, usual: FloatArray, others: Sequence[MoodCells], width: int, spread: float
) -> _Found:
    n_days = unit.n.shape[0]
    inside, around = slot_masks(width)
    n, n_ref = inside @ unit.n.sum(axis=0), around @ (unit.n * usual).sum(axis=0)
    (hour,) = np.nonzero((n_ref >= MIN_REFERENCE) & (n > 0))
    n, n_ref = n[hour], n_ref[hour]
    effect, variance = (part[hour] for part in hour_effects(others, width))
    inner, outer = inside @ unit.total.sum(axis=0), around @ (unit.total * usual).sum(axis=0)
    drop = outer[hour] / n_ref - inner[hour] / n - effect
    error = np.sqrt(variance + unit.within_variance * (1 / n + 1 / n_ref) + 2 * spread / n_days)
    scale = max(_NORMAL_MAD * float(np.median(np.abs(drop) / error)), 1.0) if len(hour) else 1.0
    return OTHER_HOURS, n_days, np.zeros_like(hour), hour, n, drop, ndtr(-drop / error / scale)


def _significant(plain: Sequence[_Tests], slow: pd.DataFrame, rule: DipRule) -> pd.DataFrame:
    """Return the significant tests of both families, each judged among all of its own."""
    tested = np.concatenate([tests.p_value[tests.n >= rule.min_contacts] for tests in plain] or [np.zeros(0)])
    # No q can be below its p: what is above the bound cannot pass, and need not be a row.
    likely = [tests.chosen(rule.min_contacts, rule.q) for tests in plain]
    columns = {name: [value for part in likely for value in part[name]] for name in (likely[0] if likely else ())}
    quick = pd.DataFrame(columns)
    if len(quick):
        quick = _judged(quick, (rule.q, rule.max_p), rule, len(tested))
    if len(slow):
        enough = slow[slow["n"] >= rule.min_contacts]
        slow = _judged(enough, (rule.q_slow, rule.max_p_slow), rule, len(enough))
    found = [table.assign(slow=is_slow) for table, is_slow in ((slow, True), (quick, False)) if len(table)]
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame()


def _judged(tests: pd.DataFrame, bounds: tuple[float, float], rule: DipRule, n_tests: int) -> pd.DataFrame:
    """Return the tests that pass q, p (`bounds`) and the least drop, best first."""
    judged = tests.assign(q_value=benjamini_hochberg(tests["p_value"].to_numpy(), n_tests=n_tests))
    certain = (judged["q_value"] <= bounds[0]) & (judged["p_value"] <= bounds[1]) & (judged["drop"] >= rule.min_drop)
    return judged[certain].sort_values(["p_value", "unit", "hour", "width"])
