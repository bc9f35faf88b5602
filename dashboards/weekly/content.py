"""Everything that a report says, as plain values for its template."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from analytics.errors import ConfigError
from dashboards.context import Context
from dashboards.data import mood
from dashboards.data.overview import facts
from dashboards.language import say
from dashboards.names import channel_name, span_name
from dashboards.parts.overview_points import ranked
from dashboards.weekly import happenings, numbers, quotes
from dashboards.weekly.week import Week


def content(context: Context, week: Week, *, role: str, published: dt.datetime | None) -> dict[str, Any]:
    """Return the values of a report over a context whose filters are the week's days.

    Parameters
    ----------
    role : str
        What the role is called whose rows these are; '' where nothing is hidden.
    published : datetime or None
        When the warehouse was published.

    Raises
    ------
    ConfigError
        If no contact is of these days.
    """
    now = mood.summary(context.source, context.selection)
    if now.n == 0:
        raise ConfigError(
            f"report: expected contacts from {week.start} to {week.end}, found none that may be seen; the data is of"
            f" {context.extent.first_day} to {context.extent.last_day}; name other days with --week or --from and --to"
        )
    found = facts(context, now)
    return {
        "week": week,
        "lead": _lead(context, now.n, role),
        "published": _moment(published, context.source.zone),
        "until": _short_of(context, week),
        "compared": _compared(found.changed),
        "findings": [
            {"tone": one.tone, "mark": one.mark, "lead": one.lead, "rest": one.rest, "how": one.how}
            for one in ranked(context, found)
        ],
        "tiles": numbers.indicators(context),
        "course": numbers.course(context, found),
        "topics": happenings.topics(found),
        "newcomers": happenings.newcomers(context, found),
        "falls": happenings.falls(context),
        "alerts": happenings.alerts(context, found),
        "precision": happenings.precision(context),
        "ahead": numbers.ahead(context),
        "quotes": quotes.quotes(context, found),
        "has_inbox": context.alerts.inbox is not None,
    }


def summary_lines(told: dict[str, Any]) -> list[str]:
    """Return the findings as lines of text, for a mail."""
    said = [say("{lead}：{rest}", lead=one["lead"], rest=one["rest"]) for one in told["findings"]]
    return [f"{one['mark']} {text}" for one, text in zip(told["findings"], said, strict=True)]


def _lead(context: Context, n: int, role: str) -> str:
    limits = context.viewer.limits
    seen = [*(channel_name(name) for name in limits.channels), *limits.products, *limits.teams]
    parts = [
        span_name(context.filters.start, context.filters.end),
        say("{n:,} 条联络", n=n),
        say("{role}可见的部分", role=role) if role and limits.any else "",
        say("、").join(name for name in seen if name),
    ]
    return " · ".join(part for part in parts if part)


def _short_of(context: Context, week: Week) -> str:
    """Return the last day of the data where the week goes on after it; '' where it does not."""
    last = context.extent.last_day
    return last.isoformat() if last is not None and last < week.end else ""


def _compared(changed: Any) -> str:
    if changed is None:
        return say("数据够不着一个等长的上期，只说现状")
    return say("与上期 {before} 相比", before=span_name(changed.before_start, changed.before_end))


def _moment(at: dt.datetime | None, zone: str) -> str:
    return "–" if at is None else f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"
