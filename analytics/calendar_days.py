"""What kind of day a date is in China: workday, weekend, public holiday, make-up workday (调休), and events of a shop.

The State Council announces holidays and make-up days once a year; the library `chinesecalendar` holds them. For years
that it does not know yet, Monday to Friday are workdays, and `known` says so.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import chinese_calendar

from analytics.errors import ConfigError

DayKind = Literal["workday", "weekend", "holiday", "makeup"]

_CHINESE_NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "National Day": "国庆节",
    "Mid-autumn Festival": "中秋节",
    "Anti-Fascist 70th Day": "抗战胜利日",
}


@dataclass(frozen=True)
class Event:
    """Days on which a shop expects more contacts; `first` and `last` are (year or None, month, day), both included."""

    name: str
    first: tuple[int | None, int, int]
    last: tuple[int | None, int, int]

    def day_number(self, day: dt.date) -> int | None:
        """Return which day of the event this is, from 1; None if it is none.

        Examples
        --------
        >>> Event("双11", (None, 11, 9), (None, 11, 13)).day_number(dt.date(2026, 11, 11))
        3
        """
        for year in (day.year, day.year - 1):
            begin = dt.date(self.first[0] or year, *self.first[1:])
            end = dt.date(self.last[0] or begin.year, *self.last[1:])
            if end < begin:
                end = end.replace(year=begin.year + 1)
            if begin <= day <= end:
                return (day - begin).days + 1
        return None


@dataclass(frozen=True)
class CalendarDay:
    """One local day.

    Attributes
    ----------
    day : date
    kind : str
        workday, weekend, holiday or makeup (a Saturday or Sunday that is worked).
    name : str
        The holiday that it belongs to, also for its make-up days, else "".
    event : str
        Name of the event, else "".
    event_day : int
        Which day of the event, from 1; 0 without one.
    known : bool
        False where the year's holidays have not been announced to the library.
    """

    day: dt.date
    kind: DayKind
    name: str = ""
    event: str = ""
    event_day: int = 0
    known: bool = True

    @property
    def weekday_like(self) -> int:
        """0 (Monday) to 6: what the day works like. A make-up day works as a Friday, a holiday as a Sunday."""
        return {"makeup": 4, "holiday": 6}.get(self.kind, self.day.weekday())

    @property
    def is_usual(self) -> bool:
        """Whether nothing but the weekday is to be known of it."""
        return self.kind in ("workday", "weekend") and not self.event


def calendar_day(day: dt.date, events: Sequence[Event] = ()) -> CalendarDay:
    """Return what kind of day this is.

    Examples
    --------
    >>> calendar_day(dt.date(2026, 10, 1)).name, calendar_day(dt.date(2026, 10, 10)).kind
    ('国庆节', 'makeup')
    """
    kind, name, known = _kind(day)
    for event in events:
        number = event.day_number(day)
        if number is not None:
            return CalendarDay(day, kind, name, event.name, number, known)
    return CalendarDay(day, kind, name, known=known)


def calendar_days(first: dt.date, last: dt.date, events: Sequence[Event] = ()) -> list[CalendarDay]:
    """Return the days from `first` to `last`, both included."""
    return [calendar_day(first + dt.timedelta(days=i), events) for i in range((last - first).days + 1)]


def load_events(*paths: Path) -> tuple[Event, ...]:
    """Read events of TOML files; a file that is not there holds none.

    Raises
    ------
    ConfigError
        Naming file and event, if a name or a date is missing or is no date.
    """
    return tuple(event for path in paths if path.exists() for event in _read_events(path))


def _read_events(path: Path) -> list[Event]:
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8")).get("event", [])
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not valid TOML: {error}") from error
    return [_event(path, number, row) for number, row in enumerate(found, start=1)]


def _event(path: Path, number: int, row: dict[str, object]) -> Event:
    try:
        return Event(str(row["name"]), _date(str(row["from"])), _date(str(row["to"])))
    except (KeyError, ValueError) as error:
        raise ConfigError(
            f"{path}, event {number}: expected name, from and to, the dates as 2026-11-11 or, for every year, 11-11; "
            f"got {sorted(row)}"
        ) from error


def _date(text: str) -> tuple[int | None, int, int]:
    *years, month, day = (int(part) for part in text.split("-"))
    year = years[0] if years else None
    dt.date(year or 2000, month, day)
    return year, month, day


@cache
def _kind(day: dt.date) -> tuple[DayKind, str, bool]:
    try:
        off, holiday = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:
        return ("weekend" if day.weekday() >= 5 else "workday"), "", False
    name = _CHINESE_NAMES.get(str(holiday), str(holiday)) if holiday else ""
    if off:
        return ("holiday" if holiday else "weekend"), name, True
    return ("makeup" if day.weekday() >= 5 else "workday"), name, True
