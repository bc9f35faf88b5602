"""Counts of many keys on a grid of hours, and the exposure they are judged against."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analytics.signals.grid import FloatArray, HourGrid, IntArray, WindowCounts, window_counts


@dataclass(frozen=True)
class Series:
    """Counts of many keys, without the zeros.

    Attributes
    ----------
    code, hour : ndarray of int, shape (n_rows,)
        Key and position on the grid.
    n : ndarray of float, shape (n_rows,)
        Contacts.
    n_keys : int
        Keys; codes are below it.
    exposure : ndarray of float, shape (n_hours,)
        What counts are in proportion to: the volume of the hour, or its usual share of a day.
    grid : HourGrid
        The hours.
    """

    code: IntArray
    hour: IntArray
    n: FloatArray
    n_keys: int
    exposure: FloatArray
    grid: HourGrid

    @cached_property
    def first_seen(self) -> IntArray:
        """First hour of each key, shape (n_keys,)."""
        seen = np.full(self.n_keys, np.iinfo(np.int64).max)
        np.minimum.at(seen, self.code, self.hour)
        return seen

    def windows(self, width: int) -> WindowCounts:
        """Return the counts of all windows of `width` hours."""
        return window_counts(self.code, self.hour, self.n, width=width, n_hours=self.grid.n_hours)

    def cut(self, begin: int, end: int) -> Series:
        """Return the hours from `begin` to `end` (exclusive), with the same codes."""
        kept = (self.hour >= begin) & (self.hour < end)
        return Series(
            code=self.code[kept],
            hour=self.hour[kept] - begin,
            n=self.n[kept],
            n_keys=self.n_keys,
            exposure=self.exposure[begin:end],
            grid=self.grid.cut(begin, end - begin),
        )
