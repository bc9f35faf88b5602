"""All slots in which a unit's mood could have fallen, each tested against other days or against the hours around it.

Two comparisons, because one alone is blind: a fall on some days is seen against the same hours of the other days; a
fall at the same hour of every day has no other days, and is seen against the hours around it, after taking out what the
same hours do to other channels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtr

from analytics.signals.grid import FloatArray
from analytics.signals.mood_cells import HOURS, BoolArray, MoodCells
from analytics.signals.multiplicity import benjamini_hochberg

OTHER_DAYS, OTHER_HOURS = "other days", "other hours"

NEIGHBOUR_HOURS = 3
_NORMAL_MAD = 1.4826
"""Standard deviation over median absolute value of a normal distribution: hours differ by themselves, more or less."""

_MIN_REFERENCE_DAYS, _MIN_REFERENCE = 4, 20
_SLOW_BUDGET, _SLOW_CONTACTS = 0.8, 5
"""Slots in which replies were slow throughout are a family of their own, with four fifths of the allowed errors.

They are few, so that each needs far less evidence; a split that does not depend on the mood under the null keeps the
false discovery rate [1]_.

.. [1] C. R. Genovese, K. Roeder, L. Wasserman, "False Discovery Control with p-value Weighting", Biometrika 93, 2006.
"""


@dataclass(frozen=True)
class DipRule:
    """What counts as a fall of mood.

    Attributes
    ----------
    q : float
        False discovery rate over all slots tested.
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

    q: float = 0.05
    min_contacts: int = 8
    min_drop: float = 0.1
    max_p: float = 0.002
    max_p_slow: float = 0.01
    window_hours: tuple[int, ...] = (1, 2, 3)
    run_days: tuple[int, ...] = (1, 3, 7)
    zone: str = "Asia/Shanghai"


def scan(units: Sequence[MoodCells], rule: DipRule, *, unusual: Sequence[BoolArray] | None = None) -> pd.DataFrame:
    """Return the significant slots, best first.

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
        unit (position), first_day, n_days, hour, width, basis, n, drop, p_value, slow, q_value; sorted by p_value.
        slow: replies were slow on every day and hour of it.
    """
    tests = []
    for place, unit in enumerate(units):
        usual = np.ones_like(unit.n) if unusual is None else (~unusual[place]).astype(np.float64)
        others = [other for other in units if other.team is None and other.channel != unit.channel]
        for width in rule.window_hours:
            spread = _day_variance(unit, width)
            runs = [run for run in rule.run_days if run * 2 <= unit.n.shape[0]]
            tests += [_against_days(unit, usual, width, run, spread).assign(unit=place) for run in runs]
            tests.append(_against_hours(unit, usual, others, width, spread).assign(unit=place))
    return _significant(pd.concat(tests, ignore_index=True), rule)


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


def _against_days(unit: MoodCells, usual: FloatArray, width: int, run: int, spread: float) -> pd.DataFrame:
    n, total = (_runs(slots(part, width), run) for part in (unit.n, unit.total))
    n_day, total_day = (slots(part * usual, width) for part in (unit.n, unit.total))
    n_ref, total_ref = (part.sum(axis=0) - _runs(part, run) for part in (n_day, total_day))
    filled = (n_day > 0).astype(np.float64)
    days_ref = filled.sum(axis=0) - _runs(filled, run)
    variance = unit.within_variance * (1 / np.maximum(n, 1) + 1 / np.maximum(n_ref, 1))
    variance += spread * (1 / run + 1 / np.maximum(days_ref, 1))
    drop = total_ref / np.maximum(n_ref, 1) - total / np.maximum(n, 1)
    valid = (n_ref >= _MIN_REFERENCE) & (days_ref >= _MIN_REFERENCE_DAYS) & (n > 0)
    day, hour = np.nonzero(valid)
    return pd.DataFrame(
        {
            "first_day": day,
            "n_days": run,
            "hour": hour,
            "width": width,
            "basis": OTHER_DAYS,
            "n": n[valid],
            "drop": drop[valid],
            "p_value": ndtr(-drop[valid] / np.sqrt(variance[valid])),
            "slow": _slow_throughout(unit, width, run)[valid],
        }
    )


def _slow_throughout(unit: MoodCells, width: int, run: int) -> BoolArray:
    """Say of each slot and run of days whether replies were slow in all cells with replies enough to tell."""
    slow = unit.slow(unit.waited, unit.replied)
    quick = ((unit.replied >= _SLOW_CONTACTS) & ~slow).astype(np.float64)
    n_quick = _runs(slots(quick, width), run)
    n_slow = _runs(slots(np.where(slow, unit.replied, 0.0), width), run)
    return np.asarray((n_quick == 0) & (n_slow >= _SLOW_CONTACTS))


def neighbours(hour: int, width: int) -> list[int]:
    """Return the hours of the day up to `NEIGHBOUR_HOURS` before and after a slot.

    Examples
    --------
    >>> neighbours(12, 1)
    [9, 10, 11, 13, 14, 15]
    """
    around = (*range(hour - NEIGHBOUR_HOURS, hour), *range(hour + width, hour + width + NEIGHBOUR_HOURS))
    return [h for h in around if 0 <= h < HOURS]


def hour_effect(units: Sequence[MoodCells], hour: int, width: int) -> tuple[float, float]:
    """Return by how much other channels' mood is lower in a slot than around it, and the variance of that."""
    inside, around = list(range(hour, hour + width)), neighbours(hour, width)
    drops, variances = [], []
    for unit in units:
        n_in, n_out = unit.n[:, inside].sum(), unit.n[:, around].sum()
        if min(n_in, n_out) >= _MIN_REFERENCE:
            drops.append(unit.total[:, around].sum() / n_out - unit.total[:, inside].sum() / n_in)
            variances.append(unit.within_variance * (1 / n_in + 1 / n_out))
    if not drops:
        return 0.0, 0.0
    weight = 1 / np.array(variances)
    return float(np.average(drops, weights=weight)), float(1 / weight.sum())


def _against_hours(
    unit: MoodCells, usual: FloatArray, others: Sequence[MoodCells], width: int, spread: float
) -> pd.DataFrame:
    n_days = unit.n.shape[0]
    rows = []
    for hour in range(HOURS - width + 1):
        inside, around = list(range(hour, hour + width)), neighbours(hour, width)
        n, n_ref = unit.n[:, inside].sum(), (unit.n * usual)[:, around].sum()
        if n_ref < _MIN_REFERENCE or n == 0:
            continue
        effect, variance = hour_effect(others, hour, width)
        drop = (unit.total * usual)[:, around].sum() / n_ref - unit.total[:, inside].sum() / n - effect
        variance += unit.within_variance * (1 / n + 1 / n_ref) + 2 * spread / n_days
        waits = unit.slow(unit.waited[:, inside].sum(axis=0), unit.replied[:, inside].sum(axis=0))
        rows.append((hour, n, drop, variance, bool(waits.all())))
    if not rows:
        return pd.DataFrame()
    hours, n_in, drops, variances, slow = (np.array(column) for column in zip(*rows, strict=True))
    scale = max(_NORMAL_MAD * float(np.median(np.abs(drops) / np.sqrt(variances))), 1.0)
    return pd.DataFrame(
        {
            "first_day": 0,
            "n_days": n_days,
            "hour": hours,
            "width": width,
            "basis": OTHER_HOURS,
            "n": n_in,
            "drop": drops,
            "p_value": ndtr(-drops / np.sqrt(variances) / scale),
            "slow": slow,
        }
    )


def _significant(tests: pd.DataFrame, rule: DipRule) -> pd.DataFrame:
    enough = tests[tests["n"] >= rule.min_contacts]
    q = np.ones(len(enough))
    slow = enough["slow"].to_numpy(dtype=bool)
    for family, budget in ((slow, _SLOW_BUDGET), (~slow, 1 - _SLOW_BUDGET)):
        q[family] = np.minimum(benjamini_hochberg(enough["p_value"].to_numpy()[family]) / budget, 1.0)
    judged = enough.assign(q_value=q, slow=slow)
    bound = np.where(slow, rule.max_p_slow, rule.max_p)
    certain = (judged["q_value"] <= rule.q) & (judged["p_value"] <= bound)
    found = judged[certain & (judged["drop"] >= rule.min_drop)]
    return found.sort_values(["p_value", "unit", "first_day", "hour"], ignore_index=True)
