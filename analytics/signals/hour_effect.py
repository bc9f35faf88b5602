"""What an hour of the day does to the mood, as the other channels show it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

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
    inside, around = list(range(hour, hour + width)), neighbours(hour, width)
    drops, variances = [], []
    for unit in units:
        n_in, n_out = unit.n[:, inside].sum(), unit.n[:, around].sum()
        if min(n_in, n_out) >= MIN_REFERENCE:
            drops.append(unit.total[:, around].sum() / n_out - unit.total[:, inside].sum() / n_in)
            variances.append(unit.within_variance * (1 / n_in + 1 / n_out))
    if not drops:
        return 0.0, 0.0
    weight = 1 / np.array(variances)
    return float(np.average(drops, weights=weight)), float(1 / weight.sum())
