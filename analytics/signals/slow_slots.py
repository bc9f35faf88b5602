"""Slots in which replies were slow: few enough to be tested for a fall of mood by themselves.

That replies were slow is seen in the replies, not in the mood; so these slots may be a family of their own [1]_, and a
fall in one of them needs far less evidence than a fall at any hour of any day.

.. [1] C. R. Genovese, K. Roeder, L. Wasserman, "False Discovery Control with p-value Weighting", Biometrika 93, 2006.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtr

from analytics.signals.grid import FloatArray
from analytics.signals.hour_effect import MIN_REFERENCE, OTHER_DAYS, OTHER_HOURS, hour_effect, neighbours
from analytics.signals.mood_cells import HOURS, BoolArray, MoodCells

_MIN_REFERENCE_DAYS = 4
_PATTERN_DAYS = 3


@dataclass(frozen=True)
class _Slot:
    """Hours `hour` to `end_hour` (exclusive) of these days."""

    days: tuple[int, ...]
    hour: int
    end_hour: int


def slow_tests(unit: MoodCells, usual: FloatArray, others: Sequence[MoodCells], *, spread: float) -> pd.DataFrame:
    """Return one test for each stretch of slow hours of a day, and for each that comes on three days or more.

    Parameters
    ----------
    unit : MoodCells
        Channel or team.
    usual : ndarray of float, shape (n_days, 24)
        1 where a cell may serve as reference, 0 where it is known as a fall.
    others : sequence of MoodCells
        Other channels, for the usual course of the day.
    spread : float
        Variance of a slot's mean from day to day beyond that of its contacts.

    Returns
    -------
    DataFrame
        days (tuple), hour, width, basis, n, drop, p_value. The reference is the same hours of days on which they were
        not slow; where there are few such days, the hours around the slot.
    """
    slow = unit.slow(unit.waited, unit.replied)
    found = [_test(unit, slot, usual * ~slow, others, spread) for slot in (*_of_days(slow), *_patterns(slow))]
    return pd.DataFrame([row for row in found if row is not None])


def _of_days(slow: BoolArray) -> Iterator[_Slot]:
    for day in np.flatnonzero(slow.any(axis=1)):
        for hour, end_hour in _stretches(slow[day]):
            yield _Slot((int(day),), hour, end_hour)


def _patterns(slow: BoolArray) -> Iterator[_Slot]:
    for hour, end_hour in _stretches(slow.sum(axis=0) >= _PATTERN_DAYS):
        days = np.flatnonzero(slow[:, hour:end_hour].any(axis=1))
        yield _Slot(tuple(int(day) for day in days), hour, end_hour)


def _stretches(flags: BoolArray) -> list[tuple[int, int]]:
    """Return begin and end (exclusive) of each run of true values."""
    edges = np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8))
    return [(int(a), int(b)) for a, b in zip(np.flatnonzero(edges == 1), np.flatnonzero(edges == -1), strict=True)]


def _test(
    unit: MoodCells, slot: _Slot, usual: FloatArray, others: Sequence[MoodCells], spread: float
) -> dict[str, object] | None:
    days, hours, width = list(slot.days), slice(slot.hour, slot.end_hour), slot.end_hour - slot.hour
    n, total = unit.n[days, hours].sum(), unit.total[days, hours].sum()
    rest = np.ones(usual.shape[0], dtype=bool)
    rest[days] = False
    n_day = (unit.n * usual)[rest, hours].sum(axis=1)
    n_ref, total_ref, effect, variance = n_day.sum(), (unit.total * usual)[rest, hours].sum(), 0.0, 0.0
    basis = OTHER_DAYS
    if (n_day > 0).sum() < _MIN_REFERENCE_DAYS or n_ref < MIN_REFERENCE or 2 * len(days) > usual.shape[0]:
        around = neighbours(slot.hour, width)
        n_ref, total_ref = (unit.n * usual)[:, around].sum(), (unit.total * usual)[:, around].sum()
        effect, variance = hour_effect(others, slot.hour, width)
        basis = OTHER_HOURS
    if n == 0 or n_ref < MIN_REFERENCE or width >= HOURS:
        return None
    drop = total_ref / n_ref - total / n - effect
    variance += unit.within_variance * (1 / n + 1 / n_ref) + spread / len(days)
    return {
        "days": slot.days,
        "hour": slot.hour,
        "width": width,
        "basis": basis,
        "n": float(n),
        "drop": float(drop),
        "p_value": float(ndtr(-drop / np.sqrt(variance))),
    }
