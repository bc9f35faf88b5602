"""What an hour of the day does to the mood, as the other channels show it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np

from analytics.signals.grid import FloatArray
from analytics.signals.mood_cells import HOURS, MoodCells

OTHER_DAYS, OTHER_HOURS = "other days", "other hours"
"""What a slot is compared with."""

NEIGHBOUR_HOURS = 3
MIN_REFERENCE = 20
"""Contacts that a comparison rests on, at least."""


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
    """Return by how much the mood of these units is lower in a slot than around it, and the variance of that."""
    drops, variances = hour_effects(units, width)
    return float(drops[hour]), float(variances[hour])


def hour_effects(units: Sequence[MoodCells], width: int) -> tuple[FloatArray, FloatArray]:
    """Return the same for each slot of `width` hours by its first hour; two arrays of shape (25 - width,)."""
    inside, around = slot_masks(width)
    weighted, weight = np.zeros(len(inside)), np.zeros(len(inside))
    for unit in units:
        n, total = unit.n.sum(axis=0), unit.total.sum(axis=0)
        n_in, n_out = inside @ n, around @ n
        told = np.minimum(n_in, n_out) >= MIN_REFERENCE
        n_in, n_out = np.maximum(n_in, 1), np.maximum(n_out, 1)
        drop = around @ total / n_out - inside @ total / n_in
        own = told / (unit.within_variance * (1 / n_in + 1 / n_out))
        weighted, weight = weighted + own * drop, weight + own
    known = weight > 0
    safe = np.where(known, weight, 1.0)
    return np.where(known, weighted / safe, 0.0), np.where(known, 1 / safe, 0.0)


@cache
def slot_masks(width: int) -> tuple[FloatArray, FloatArray]:
    """Return 1 for the hours inside and for those around each slot of `width` hours; shape (25 - width, 24) each."""
    inside, around = (np.zeros((HOURS - width + 1, HOURS)) for _ in range(2))
    for hour in range(HOURS - width + 1):
        inside[hour, hour : hour + width] = 1.0
        around[hour, neighbours(hour, width)] = 1.0
    return inside, around
