"""Which day, channel and alert the page 运营 is about, and addresses that keep them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from analytics.inbox import SYSTEM_KIND
from dashboards.context import Context
from dashboards.data import operations
from dashboards.selection import Selection

PATH = "/operations"
ALL = "*"
_RECENT = dt.timedelta(days=1)
_KEPT = ("day", "focus", "state", "alert")


@dataclass(frozen=True)
class Chosen:
    """What the page is about.

    Attributes
    ----------
    day : date
        Local.
    channel : str
        '*' = all.
    alert : dict or None
        The opened alert, a row of `Alerts.table`.
    """

    day: dt.date
    channel: str
    alert: dict[str, Any] | None


def chosen_day(context: Context) -> Chosen:
    """Return what the address names: a day, or an alert; else a fall of mood of the last two days, else the last day.

    Who is on duty looks at what is: an old fall is opened from its alert.
    """
    start, end = period(context)
    focus = context.view.get("focus", "")
    alert = context.alerts.find(context.source, context.view["alert"]) if context.view.get("alert") else None
    day = _day(context.view.get("day", ""))
    if day is not None and start <= day <= end:
        return Chosen(day, focus or ALL, alert)
    if alert is not None and alert["kind"] != SYSTEM_KIND:  # the system fails on days without data, too
        return Chosen(alert["started"].date(), focus or alert["channel"], alert)
    found = operations.dips(context.source, max(start, end - _RECENT), end, context.filters.channels)
    if found.empty:
        return Chosen(end, focus or ALL, alert)
    newest = found.sort_values(["started", "drop"], ascending=[False, False]).iloc[0]
    return Chosen(newest["started"].date(), focus or newest["channel"], alert)


def period(context: Context) -> tuple[dt.date, dt.date]:
    """Return the first and last day of the filters."""
    last = context.extent.last_day or dt.date.min
    return context.filters.start or last, context.filters.end or last


def of_channel(context: Context, channel: str) -> Selection:
    """Return the contacts of the filters in one channel ('*' = all)."""
    return context.selection if channel == ALL else context.selection.narrowed(channel_is=channel)


def here(context: Context, **changes: str | None) -> str:
    """Return the address of the page as it is, but for the given parameters."""
    kept = {name: context.view[name] for name in _KEPT if name in context.view}
    return context.href(PATH, **{**kept, **changes})


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
