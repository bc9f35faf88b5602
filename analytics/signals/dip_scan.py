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
from analytics.signals.hour_effect import MIN_REFERENCE, OTHER_DAYS, OTHER_HOURS, hour_effect, neighbours
from analytics.signals.mood_cells import HOURS, BoolArray, MoodCells
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
    tests = []
    for place, unit in enumerate(units):
        usual = np.ones_like(unit.n) if unusual is None else (~unusual[place]).astype(np.float64)
        others = [other for other in units if other.team is None and other.channel != unit.channel]
        quick = unit.without(unit.slow(unit.waited, unit.replied))
        for width in rule.window_hours:
            spread = _day_variance(unit, width)
            runs = [run for run in rule.run_days if run * 2 <= unit.n.shape[0]]
            plain = [_against_days(quick, usual, width, run, spread) for run in runs]
            plain.append(_against_hours(quick, usual, others, width, spread))
            tests += [table.assign(unit=place, slow=False) for table in plain]
        slow = slow_tests(unit, usual, others, spread=_day_variance(unit, 1))
        tests.append(slow.assign(unit=place, slow=True, first_day=-1, n_days=0))
    tests = [table for table in tests if len(table)]
    if not tests:
        return pd.DataFrame()
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
    valid = (n_ref >= MIN_REFERENCE) & (days_ref >= _MIN_REFERENCE_DAYS) & (n > 0)
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
        }
    )


def _against_hours(
    unit: MoodCells, usual: FloatArray, others: Sequence[MoodCells], width: int, spread: float
) -> pd.DataFrame:
    n_days = unit.n.shape[0]
    rows = []
    for hour in range(HOURS - width + 1):
        inside, around = list(range(hour, hour + width)), neighbours(hour, width)
        n, n_ref = unit.n[:, inside].sum(), (unit.n * usual)[:, around].sum()
        if n_ref < MIN_REFERENCE or n == 0:
            continue
        effect, variance = hour_effect(others, hour, width)
        drop = (unit.total * usual)[:, around].sum() / n_ref - unit.total[:, inside].sum() / n - effect
        variance += unit.within_variance * (1 / n + 1 / n_ref) + 2 * spread / n_days
        rows.append((hour, n, drop, variance))
    if not rows:
        return pd.DataFrame()
    hours, n_in, drops, variances = (np.array(column) for column in zip(*rows, strict=True))
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
        }
    )


def _significant(tests: pd.DataFrame, rule: DipRule) -> pd.DataFrame:
    enough = tests[tests["n"] >= rule.min_contacts]
    q = np.ones(len(enough))
    slow = enough["slow"].to_numpy(dtype=bool)
    for family in (slow, ~slow):
        q[family] = benjamini_hochberg(enough["p_value"].to_numpy()[family])
    judged = enough.assign(q_value=q)
    certain = (q <= np.where(slow, rule.q_slow, rule.q)) & (
        judged["p_value"] <= np.where(slow, rule.max_p_slow, rule.max_p)
    )
    found = judged[certain & (judged["drop"] >= rule.min_drop)]
    ordered = found.assign(quick=~found["slow"]).sort_values(["quick", "p_value", "unit", "hour", "width"])
    return ordered.assign(days=_days(ordered)).drop(columns=["quick", "first_day", "n_days"]).reset_index(drop=True)


def _days(found: pd.DataFrame) -> pd.Series:
    """Return the days of each test, whether it lists them or is a run of days."""
    listed = found["days"] if "days" in found else [None] * len(found)
    columns = zip(listed, found["first_day"], found["n_days"], strict=True)
    days = [
        listed if isinstance(listed, tuple) else tuple(range(int(first), int(first + n)))
        for listed, first, n in columns
    ]
    return pd.Series(days, index=found.index, dtype=object)
