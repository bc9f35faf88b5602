"""Hours as whole numbers: the axis on which counts, windows and local days meet."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.calendar_days import Event, calendar_days
from analytics.errors import SchemaError

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

_HOUR_NS = 3_600_000_000_000


@dataclass(frozen=True)
class HourGrid:
    """Consecutive UTC hours and the local day and hour of the week that each belongs to.

    Attributes
    ----------
    start : Timestamp
        First hour, UTC.
    n_hours : int
        Number of hours.
    day : ndarray of int, shape (n_hours,)
        Local day of each hour, counted from 0 = local day of `start`.
    hour_of_week : ndarray of int, shape (n_hours,)
        0 = Monday 00:00 to 01:00 local, 167 = Sunday 23:00, by what the day works like: a public holiday is a Sunday, a
        make-up day (调休) a Friday.
    event : ndarray of bool, shape (n_hours,)
        Whether the hour is of a day on which a site expects more.
    """

    start: pd.Timestamp
    n_hours: int
    day: IntArray
    hour_of_week: IntArray
    event: BoolArray

    @property
    def n_days(self) -> int:
        """Local days touched."""
        return int(self.day[-1]) + 1

    @property
    def day_ends(self) -> IntArray:
        """Last hour of each local day, shape (n_days,); -1 where the grid ends before the day does."""
        ends = np.searchsorted(self.day, np.arange(self.n_days), side="right") - 1
        return np.where(self.hour_of_week[ends] % 24 == 23, ends, -1)

    def cut(self, begin: int, n_hours: int) -> HourGrid:
        """Return the grid of `n_hours` hours from position `begin` on."""
        at = slice(begin, begin + n_hours)
        start, day = self.hour_at([begin])[0], self.day[at] - self.day[begin]
        return HourGrid(start, n_hours, day, self.hour_of_week[at], self.event[at])

    def index_of(self, hours: pd.Series) -> IntArray:
        """Return the position of each hour; times inside an hour belong to it."""
        stamps = utc_nanoseconds(hours)
        return (stamps - self.start.value) // _HOUR_NS

    def hour_at(self, index: npt.ArrayLike) -> pd.DatetimeIndex:
        """Return the start of the hours at these positions, UTC."""
        stamps = np.asarray(index, dtype=np.int64) * _HOUR_NS + self.start.value
        return pd.DatetimeIndex(stamps.astype("datetime64[ns]")).tz_localize("UTC")


def utc_nanoseconds(times: pd.Series) -> IntArray:
    """Return UTC nanoseconds since 1970; raise `SchemaError` where the times carry no zone."""
    if not isinstance(times.dtype, pd.DatetimeTZDtype):
        raise SchemaError(f"{times.name}: expected times with a zone (UTC), got {times.dtype}; convert before counting")
    converted = times.dt.tz_convert("UTC").dt.tz_localize(None)
    return np.asarray(converted.to_numpy(dtype="datetime64[ns]").astype(np.int64))


def hour_grid(first: pd.Timestamp, last: pd.Timestamp, zone: str, events: tuple[Event, ...] = ()) -> HourGrid:
    """Return the grid of all hours from the one of `first` to the one of `last`, both included.

    Examples
    --------
    >>> grid = hour_grid(pd.Timestamp("2026-01-05 15:00Z"), pd.Timestamp("2026-01-05 17:30Z"), "Asia/Shanghai")
    >>> grid.n_hours, grid.day.tolist(), grid.hour_of_week.tolist()
    (3, [0, 1, 1], [23, 24, 25])
    """
    start, end = first.tz_convert("UTC").floor("h"), last.tz_convert("UTC").floor("h")
    if end < start:
        raise SchemaError(f"hours: expected the last at or after the first, got {start} to {end}")
    hours = pd.date_range(start, end, freq="h")
    local = hours.tz_convert(zone)
    dates = local.tz_localize(None).normalize()
    day = ((dates - dates[0]) // pd.Timedelta(days=1)).to_numpy(dtype=np.int64)
    known = calendar_days(dates[0].date(), dates[-1].date(), events)
    works_like = np.array([date.weekday_like for date in known], dtype=np.int64)
    event = np.array([bool(date.event) for date in known])
    hour_of_week = works_like[day] * 24 + local.hour.to_numpy(dtype=np.int64)
    return HourGrid(start, len(hours), day, hour_of_week, event[day])


def sums_at(place: IntArray, values: FloatArray, size: int) -> FloatArray:
    """Return for each of `size` places the sum of the values there.

    Examples
    --------
    >>> sums_at(np.array([0, 2, 0]), np.array([1.0, 2.0, 3.0]), 3).tolist()
    [4.0, 0.0, 2.0]
    """
    return np.bincount(place, weights=values, minlength=size).astype(np.float64)


def rolling_sum(values: FloatArray, width: int) -> FloatArray:
    """Return the sum of each value and the `width` - 1 before it; fewer at the beginning.

    Examples
    --------
    >>> rolling_sum(np.array([1.0, 2.0, 3.0, 4.0]), 3).tolist()
    [1.0, 3.0, 6.0, 9.0]
    """
    total = np.concatenate([np.zeros(1), np.cumsum(values)])
    upper = np.arange(1, len(values) + 1)
    return np.asarray(total[upper] - total[np.maximum(upper - width, 0)])


@dataclass(frozen=True)
class WindowCounts:
    """Counts of keys in windows of `width` hours, without the zeros.

    Attributes
    ----------
    width : int
        Hours in a window.
    code, end : ndarray of int, shape (n,)
        Key and last hour of the window, sorted by both.
    n : ndarray of float, shape (n,)
        Contacts in the window.
    n_hours : int
        Length of the grid.
    """

    width: int
    code: IntArray
    end: IntArray
    n: FloatArray
    n_hours: int

    def at(self, code: IntArray, end: IntArray) -> FloatArray:
        """Return the counts of these (key, window) pairs, 0 where none is stored; shapes broadcast."""
        wanted = code * self.n_hours + end
        stored = self.code * self.n_hours + self.end
        place = np.searchsorted(stored, wanted)
        found = np.minimum(place, max(len(stored) - 1, 0))
        hit = (place < len(stored)) & (stored[found] == wanted) if len(stored) else np.zeros(wanted.shape, bool)
        return np.where(hit, self.n[found] if len(stored) else 0.0, 0.0)


def window_counts(code: IntArray, hour: IntArray, n: FloatArray, *, width: int, n_hours: int) -> WindowCounts:
    """Return the counts of all windows of `width` hours that hold anything, one for each hour they can end in."""
    steps = np.arange(width)
    ends = (hour[:, None] + steps).ravel()
    codes, counts = np.repeat(code, width), np.repeat(n, width)
    inside = ends < n_hours
    flat = codes[inside] * n_hours + ends[inside]
    cells, place = np.unique(flat, return_inverse=True)
    sums = sums_at(place, counts[inside], len(cells))
    return WindowCounts(width, cells // n_hours, cells % n_hours, sums, n_hours)
