"""From significant slots to falls: the best of those that overlap, joined where they touch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from analytics.signals.mood_cells import HOURS, BoolArray, MoodCells

_LIKE_SHARE = 0.5
"""A day or a neighbouring slot belongs to a fall if it fell at least half as far."""

_PATTERN_SHARE = 0.65
"""A run of days is one pattern if most of its days fell: every working day of a week, not two bad days of seven."""

_MIN_CONTACTS = 5


@dataclass(frozen=True)
class DipSlot:
    """One fall on one local day, from `hour` to `end_hour` (exclusive), of the unit at position `unit`.

    p_value and q_value are of the pattern it was seen in, over one or more days. `slow` says that replies were slow in
    it; `repeated_days` counts the days on which the unit fell at these hours.
    """

    unit: int
    day: int
    hour: int
    end_hour: int
    basis: str
    drop: float
    p_value: float
    q_value: float
    slow: bool
    repeated_days: int


def pick_slots(tests: pd.DataFrame, units: Sequence[MoodCells]) -> list[DipSlot]:
    """Return the falls behind significant slots, in order of day, hour and unit.

    Parameters
    ----------
    tests : DataFrame
        Of `scan`, best first. A slot that overlaps a better one of the same channel and day says nothing new.
    units : sequence of MoodCells
        What `tests` refers to.
    """
    taken = {unit.channel: np.zeros(unit.n.shape, dtype=bool) for unit in units}
    picked: list[DipSlot] = []
    for row in tests.to_dict("records"):
        unit = units[row["unit"]]
        hour, end_hour = row["hour"], row["hour"] + row["width"]
        for day in _days_that_fell(unit, slice(hour, end_hour), row):
            if taken[unit.channel][day, hour:end_hour].any():
                continue
            taken[unit.channel][day, hour:end_hour] = True
            kept = {name: row[name] for name in ("unit", "basis", "drop", "p_value", "q_value", "slow")}
            picked.append(DipSlot(day=day, hour=hour, end_hour=end_hour, repeated_days=1, **kept))
    return _joined(picked)


def unusual_cells(found: Sequence[DipSlot], units: Sequence[MoodCells]) -> list[BoolArray]:
    """Return for each unit the cells in which its channel fell."""
    by_channel = {unit.channel: np.zeros(unit.n.shape, dtype=bool) for unit in units}
    for slot in found:
        by_channel[units[slot.unit].channel][slot.day, slot.hour : slot.end_hour] = True
    return [by_channel[unit.channel] for unit in units]


def _days_that_fell(unit: MoodCells, hours: slice, row: Mapping[Hashable, Any]) -> list[int]:
    """Return the days of a test on which the slot fell; none if they are not most of its days."""
    days = list(row["days"])
    if len(days) == 1:
        return days
    n, total = unit.n[days, hours].sum(axis=1), unit.total[days, hours].sum(axis=1)
    drops = total.sum() / n.sum() + row["drop"] - total / np.maximum(n, 1)
    told = n >= _MIN_CONTACTS
    fell = told & (drops >= _LIKE_SHARE * row["drop"])
    if not row["slow"]:
        fell &= drops * np.sqrt(n) >= np.sqrt(unit.within_variance)
        if fell.sum() < _PATTERN_SHARE * told.sum():
            return []
    return [days[int(i)] for i in np.flatnonzero(fell)]


def _joined(picked: Sequence[DipSlot]) -> list[DipSlot]:
    """Join slots of a unit and day that touch and fell alike; a shallow one beside a deep one is its shadow."""
    best_first = sorted(picked, key=lambda s: (not s.slow, s.p_value, s.unit, s.day, s.hour))
    found: list[DipSlot] = []
    for slot in best_first:
        beside = [i for i, other in enumerate(found) if _touch(slot, other)]
        if not beside:
            found.append(slot)
            continue
        main = found[beside[0]]
        if slot.drop >= _LIKE_SHARE * main.drop and slot.slow == main.slow:
            found[beside[0]] = replace(main, hour=min(main.hour, slot.hour), end_hour=max(main.end_hour, slot.end_hour))
    closed = _closed(found)
    days = Counter((s.unit, s.hour, s.end_hour) for s in closed)
    counted = [replace(s, repeated_days=days[s.unit, s.hour, s.end_hour]) for s in closed]
    return sorted(counted, key=lambda s: (s.day, s.hour, s.unit))


def _closed(found: list[DipSlot]) -> list[DipSlot]:
    """Join what touches only since its neighbours were joined."""
    rest: list[DipSlot] = []
    for slot in sorted(found, key=lambda s: (s.unit, s.day, s.hour)):
        if rest and _touch(rest[-1], slot):
            better, other = sorted((rest[-1], slot), key=lambda s: s.p_value)
            rest[-1] = replace(better, hour=min(better.hour, other.hour), end_hour=max(better.end_hour, other.end_hour))
        else:
            rest.append(slot)
    return rest


def _touch(one: DipSlot, other: DipSlot) -> bool:
    same = (one.unit, one.day) == (other.unit, other.day)
    return same and one.hour <= other.end_hour and other.hour <= one.end_hour and one.end_hour <= HOURS
