"""The days a job works on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from analytics.errors import ConfigError
from analytics.schema import UNDATED_DAY


@dataclass(frozen=True)
class Window:
    """Local days from `first` to `last`, both included.

    Examples
    --------
    >>> Window.parse("2026-03-01", "2026-03-03").n_days
    3
    >>> Window.parse("2026-03-01").before(7).first
    datetime.date(2026, 2, 22)
    """

    first: dt.date
    last: dt.date

    @classmethod
    def parse(cls, first: str, last: str | None = None) -> Window:
        """Read ISO days; raise `ConfigError` where one is no day or the order is wrong."""
        try:
            begin = dt.date.fromisoformat(first)
            end = dt.date.fromisoformat(last) if last else begin
        except ValueError as error:
            raise ConfigError(
                f"--day/--to: expected a day as 2026-03-01, got {first!r} {last or ''}".rstrip()
            ) from error
        if end < begin:
            raise ConfigError(f"--to: expected a day not before --day {begin}, got {end}")
        return cls(begin, end)

    @classmethod
    def covering(cls, days: Sequence[dt.date]) -> Window:
        """Return the smallest window that holds all `days` (at least one)."""
        return cls(min(days), max(days))

    @property
    def n_days(self) -> int:
        """Number of days."""
        return (self.last - self.first).days + 1

    @property
    def days(self) -> list[dt.date]:
        """All days in order."""
        return [self.first + dt.timedelta(days=i) for i in range(self.n_days)]

    @property
    def undated(self) -> bool:
        """Whether this is the window of contacts without a time."""
        return self.last == UNDATED_DAY

    def before(self, n_days: int) -> Window:
        """Return the same window begun `n_days` earlier: a job's window with its history."""
        return Window(max(self.first - dt.timedelta(days=n_days), UNDATED_DAY), self.last)
