"""What people ask of alerts, brought into the form that is kept: the same for the command line and the pages."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple
from zoneinfo import ZoneInfo

from analytics.errors import ConfigError
from analytics.inbox.tables import AlertRow


class Standing(NamedTuple):
    """How an alert stood when somebody looked at it: what a decision is made on."""

    state: str
    owner: str | None
    changed_at: dt.datetime | None


class DecidedMeanwhileError(ConfigError):
    """Somebody decided about the alert after it was looked at; nothing was changed."""


def standing_of(row: AlertRow) -> Standing:
    """Return how an alert stands."""
    return Standing(row.state, row.owner, row.changed_at)


def check_seen(row: AlertRow, seen: Standing | None) -> None:
    """Say whether an alert still stands as it was seen; `None` asks for no check.

    Raises
    ------
    DecidedMeanwhileError
        If it does not.
    """
    if seen is not None and standing_of(row) != seen:
        raise DecidedMeanwhileError(
            f"alerts: {row.alert_id} was {seen.state} when it was looked at, and is {row.state} by "
            f"{row.changed_by or 'nobody'} now; look again; nothing was changed"
        )


def name_of(text: str) -> str:
    """Return a name in one line.

    Raises
    ------
    ConfigError
        If it is empty.

    Examples
    --------
    >>> name_of(" 小 王 ")
    '小 王'
    """
    name = " ".join(text.split())
    if not name:
        raise ConfigError("alerts: expected a name, got nothing; nothing was kept")
    return name


def plain(text: str) -> str:
    """Return what somebody wrote in one line, with phone numbers and the like masked."""
    from analytics.text.redact import redact  # compiles hundreds of rules, which reading the inbox need not

    return redact(" ".join(text.split()))


def comment_of(text: str) -> str:
    """Return a comment as it is kept (see `plain`).

    Raises
    ------
    ConfigError
        If nothing is left of it.
    """
    said = plain(text)
    if not said:
        raise ConfigError("alerts: expected a comment, got nothing; nothing was kept")
    return said


def end_of_mute(until: str, zone: str) -> dt.datetime:
    """Return the end of a mute; a day ends with its midnight.

    Raises
    ------
    ConfigError
        If `until` is no local day or time.

    Examples
    --------
    >>> end_of_mute("2026-03-08", "Asia/Shanghai").isoformat()
    '2026-03-09T00:00:00+08:00'
    """
    try:
        end = dt.datetime.fromisoformat(until)
    except ValueError as error:
        raise ConfigError(
            f"alerts mute: expected --until as 2026-03-08 or '2026-03-08 09:00', got {until!r}; nothing was kept"
        ) from error
    if len(until) == len("2026-03-08"):
        end += dt.timedelta(days=1)
    return end if end.tzinfo else end.replace(tzinfo=ZoneInfo(zone))
