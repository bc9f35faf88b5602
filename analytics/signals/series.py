"""Counts of many keys on a grid of hours, and the exposure they are judged against."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from analytics.signals.grid import (
    BoolArray,
    FloatArray,
    HourGrid,
    IntArray,
    WindowCounts,
    rolling_sum,
    sums_at,
    window_counts,
)
from analytics.signals.rules import DAY_HOURS


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
    normal : ndarray of int, shape (n, 2)
        Key and day of the grid of what a person marked as normal; see `normal_days`.
    """

    code: IntArray
    hour: IntArray
    n: FloatArray
    n_keys: int
    exposure: FloatArray
    grid: HourGrid
    normal: IntArray = field(default_factory=lambda: np.empty((0, 2), dtype=np.int64))

    @cached_property
    def first_seen(self) -> IntArray:
        """First hour of each key, shape (n_keys,)."""
        seen = np.full(self.n_keys, np.iinfo(np.int64).max)
        np.minimum.at(seen, self.code, self.hour)
        return seen

    def normal_on(self, days: slice) -> BoolArray:
        """Return which keys a person called normal on which of these days, shape (n_keys, n_days)."""
        marked = np.zeros((self.n_keys, days.stop - days.start), dtype=bool)
        inside = (self.normal[:, 1] >= days.start) & (self.normal[:, 1] < days.stop)
        marked[self.normal[inside, 0], self.normal[inside, 1] - days.start] = True
        return marked

    def windows(self, width: int) -> WindowCounts:
        """Return the counts of all windows of `width` hours; of `DAY_HOURS`, those of local days that are over."""
        if width != DAY_HOURS:
            return window_counts(self.code, self.hour, self.n, width=width, n_hours=self.grid.n_hours)
        end = self.grid.day_ends[self.grid.day[self.hour]]
        over = end >= 0
        rows = self.code[over], end[over], self.n[over]
        return replace(window_counts(*rows, width=1, n_hours=self.grid.n_hours), width=DAY_HOURS)

    def exposure_of(self, width: int) -> FloatArray:
        """Return the exposure of the window of `width` hours that ends in each hour; 0 where `windows` has none."""
        if width != DAY_HOURS:
            return rolling_sum(self.exposure, width)
        ends, days = self.grid.day_ends, sums_at(self.grid.day, self.exposure, self.grid.n_days)
        over = ends >= 0
        return sums_at(ends[over], days[over], self.grid.n_hours)

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
            normal=self.normal - np.array([0, self.grid.day[begin]], dtype=np.int64),
        )
