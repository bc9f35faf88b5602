"""Which days an analysis works on. Nothing of Airflow in here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from analytics.errors import ConfigError

JOIN_GAP_DAYS = 1
"""Days apart up to which two stretches are one: only days that follow each other, so that none is worked through that
nothing came for."""


def asked_window(day: str | None, to: str | None) -> list[tuple[str, str]]:
    """Return the one window a person asked for as (first day, last day), or none where nothing was asked.

    Raises
    ------
    ConfigError
        If one is no ISO day, if the order is wrong, or if `to` stands alone.

    Examples
    --------
    >>> asked_window("2026-03-01", None)
    [('2026-03-01', '2026-03-01')]
    """
    if not day and not to:
        return []
    if not day:
        raise ConfigError(f"day: expected the first local day, got none although `to` is {to!r}; give both")
    first, last = _day("day", day), _day("to", to or day)
    if last < first:
        raise ConfigError(f"to: expected a day not before {first}, got {last}")
    return [(first.isoformat(), last.isoformat())]


def stretches(days: Iterable[str], join_gap_days: int = JOIN_GAP_DAYS) -> list[tuple[str, str]]:
    """Return the windows that cover `days`, latest first: what is new is wanted soonest.

    A call found in a drawer, or contacts without a time (1970-01-01), would stretch one window over years of days that
    nothing new has come for; so far apart days make a window each.

    Parameters
    ----------
    days : iterable of str
        ISO days, in any order, repeated or not.
    join_gap_days : int
        Days whose distance is at most this share a window.

    Examples
    --------
    >>> stretches(["2026-03-02", "2026-03-01", "1970-01-01"])
    [('2026-03-01', '2026-03-02'), ('1970-01-01', '1970-01-01')]
    """
    windows: list[tuple[dt.date, dt.date]] = []
    for day in sorted({_day("days", day) for day in days}):
        if windows and (day - windows[-1][1]).days <= join_gap_days:
            windows[-1] = (windows[-1][0], day)
        else:
            windows.append((day, day))
    return [(first.isoformat(), last.isoformat()) for first, last in reversed(windows)]


def window_arguments(window: tuple[str, str]) -> list[str]:
    """Return the command-line arguments that every job takes for a window.

    Examples
    --------
    >>> window_arguments(("2026-03-01", "2026-03-02"))
    ['--day', '2026-03-01', '--to', '2026-03-02']
    """
    first, last = window
    return ["--day", first, "--to", last]


def _day(name: str, value: str) -> dt.date:
    try:
        return dt.date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise ConfigError(f"{name}: expected a local day as 2026-03-01, got {value!r}") from error
