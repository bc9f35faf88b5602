"""Which days a report is about."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from analytics.errors import ConfigError
from dashboards.language import say

_WEEK = re.compile(r"(\d{4})-W(\d{2})")
_LENGTH = dt.timedelta(days=7)
_LONGEST_DAYS = 92


@dataclass(frozen=True)
class Week:
    """Days of a report, both included.

    Examples
    --------
    >>> Week(dt.date(2026, 9, 7), dt.date(2026, 9, 13)).name
    '2026-W37'
    """

    start: dt.date
    end: dt.date

    @property
    def is_whole(self) -> bool:
        """Whether it is a calendar week, Monday to Sunday (ISO 8601)."""
        return self.start.weekday() == 0 and self.end - self.start == _LENGTH - dt.timedelta(days=1)

    @property
    def name(self) -> str:
        """2026-W37, or both days; part of a file's name."""
        if self.is_whole:
            year, week, _ = self.start.isocalendar()
            return f"{year}-W{week:02}"
        return f"{self.start}_{self.end}"

    @property
    def title(self) -> str:
        """Heading of the report, in the reader's language."""
        if self.is_whole:
            year, week, _ = self.start.isocalendar()
            return say("{year} 年第 {week} 周", year=year, week=week)
        return say("{start} 至 {end}", start=self.start.isoformat(), end=self.end.isoformat())


def asked_week(week: str | None, start: str | None, end: str | None) -> Week | None:
    """Return the week asked for; None if none was.

    Parameters
    ----------
    week : str, optional
        As 2026-W37.
    start, end : str, optional
        First and last local day, in place of a week.

    Raises
    ------
    ConfigError
        If it is no week, no days, or more than 92 of them.

    Examples
    --------
    >>> asked_week("2026-W37", None, None).start
    datetime.date(2026, 9, 7)
    """
    if week is not None and (start is not None or end is not None):
        raise ConfigError("report: expected --week, or --from and --to, got both; leave one out")
    if week is not None:
        return _of_week(week)
    if start is None and end is None:
        return None
    if start is None or end is None:
        raise ConfigError("report: expected --from and --to together; give the other, too")
    first, last = _day("--from", start), _day("--to", end)
    if not 0 <= (last - first).days < _LONGEST_DAYS:
        raise ConfigError(
            f"report: expected --to not before --from and at most {_LONGEST_DAYS} days, got {first} to {last}"
        )
    return Week(first, last)


def last_week(first_day: dt.date, last_day: dt.date) -> Week:
    """Return the last calendar week that the data has whole; all days where there is none.

    Examples
    --------
    >>> last_week(dt.date(2026, 8, 1), dt.date(2026, 9, 16)).name
    '2026-W37'
    """
    monday = last_day - dt.timedelta(days=last_day.weekday())
    if last_day.weekday() < _LENGTH.days - 1:
        monday -= _LENGTH
    return Week(monday, monday + _LENGTH - dt.timedelta(days=1)) if monday >= first_day else Week(first_day, last_day)


def _of_week(text: str) -> Week:
    found = _WEEK.fullmatch(text.strip().upper())
    try:
        if found is None:
            raise ValueError
        monday = dt.date.fromisocalendar(int(found[1]), int(found[2]), 1)
        return Week(monday, monday + _LENGTH - dt.timedelta(days=1))
    except (ValueError, OverflowError):
        raise ConfigError(f"--week: expected a calendar week as 2026-W37, got {text!r}") from None


def _day(option: str, text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        raise ConfigError(f"{option}: expected a day as 2026-09-07, got {text!r}") from None
