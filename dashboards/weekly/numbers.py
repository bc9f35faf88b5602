"""The numbers of a week: headline, indicators with targets and intervals, volume and mood, what is ahead."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd
from markupsafe import Markup

from analytics.kpi_catalog import Indicator
from dashboards.context import Context
from dashboards.data import mood, week_indicators
from dashboards.data.days_ahead import days_ahead
from dashboards.data.overview import Facts
from dashboards.intervals import SMALL_N
from dashboards.language import say
from dashboards.names import day_name, duration, percent, score
from dashboards.records import records
from dashboards.selection import Selection
from dashboards.weekly import drawing

COURSE_DAYS = 28
_WRITERS: dict[str, Callable[[float], str]] = {
    "share": percent, "seconds": duration, "score": score, "points": "{:+.0f}".format, "count": "{:,.0f}".format,
}  # fmt: skip


def indicators(context: Context) -> list[dict[str, Any]]:
    """Return the tiles of the indicators: label, value, interval, before, target, whether it is met, course."""
    start, end = _days(context)
    now = week_indicators.over_period(context.source, start, end)
    period = context.filters.before()
    before: dict[str, float] = {}
    if period is not None and period.start and period.end and _reaches(context, period.start):
        was = week_indicators.over_period(context.source, period.start, period.end)
        before = dict(zip(was["indicator"], was["value"], strict=True))
    courses = week_indicators.daily(context.source, _course_start(context), end)
    return [
        _tile(context.source.indicators[row.indicator], row, before, courses, (end - start).days + 1)
        for row in records(now)
    ]


def course(context: Context, facts: Facts) -> dict[str, Any]:
    """Return the picture of volume and mood over four weeks, and the week in figures."""
    start, end = _days(context)
    wide = replace(context.filters, start=_course_start(context), end=end)
    days = mood.over_time(context.source, Selection(wide))
    now = facts.now
    by_day = days["day_from"].eq(days["day_to"]).all()
    says = say("情绪均分 {mean}（95% 区间 {low} 至 {high}），共 {n:,} 条联络", mean=score(now.mean), low=score(now.low),
               high=score(now.high), n=now.n)  # fmt: skip
    return {
        "picture": drawing.course(days, pd.Timestamp(start), says) if by_day else Markup(""),
        "says": says,
        "rows": [_day_row(row) for row in records(days[days["bucket"] >= pd.Timestamp(start)])] if by_day else [],
    }


def ahead(context: Context) -> dict[str, Any] | None:
    """Return the picture of the days that are expected and its sentence; None where nothing is forecast."""
    limits = context.viewer.limits
    if limits.products or limits.teams:
        return None  # forecasts are of channels
    found = days_ahead(context.source, context.selection, limits.channels)
    if found is None or found.days.empty:
        return None
    busiest = found.days.loc[found.days["expected"].idxmax()]
    says = say(
        "未来 {days} 天预计共 {n:,.0f} 条；最忙的是{day}，约 {most:,.0f} 条",
        days=len(found.days), n=float(found.days["expected"].sum()),
        day=day_name(busiest["day"].date(), weekday=True), most=float(busiest["expected"]),
    )  # fmt: skip
    rows = [
        {
            "day": day_name(row.day.date(), weekday=True),
            "expected": f"{row.expected:,.0f}",
            "interval": "–" if math.isnan(row.low) else f"{row.low:,.0f}–{row.high:,.0f}",
        }
        for row in records(found.days)
    ]
    return {"picture": drawing.ahead(found.past, found.days, says), "says": says, "rows": rows,
            "made_on": day_name(found.made_on)}  # fmt: skip


def _tile(
    what: Indicator, row: Any, before: dict[str, float], courses: dict[str, list[float]], n_days: int
) -> dict[str, Any]:
    write, value = _WRITERS[what.unit], float(row.value)
    interval = "" if math.isnan(row.low) else say("{low} 至 {high}", low=write(row.low), high=write(row.high))
    met = None if what.target is None or what.better is None else _met(what, value)
    was = before.get(what.name, float("nan"))
    return {
        "label": say(what.label),
        "value": write(value),
        "interval": interval,
        "n": f"{row.n:,}",
        "is_small": row.n < SMALL_N,
        "before": "" if math.isnan(was) else write(was),
        "target": "" if what.target is None else write(what.target),
        "met": met,
        "course": drawing.sparkline(courses.get(what.name, []), n_days),
    }


def _met(what: Indicator, value: float) -> bool:
    assert what.target is not None
    return value <= what.target if what.better == "lower" else value >= what.target


def _day_row(row: Any) -> dict[str, Any]:
    share = row.n_negative / row.n_mood if row.n_mood else float("nan")
    return {
        "day": day_name(pd.Timestamp(row.bucket).date(), weekday=True), "n": f"{row.n:,}", "mean": score(row.mean),
        "interval": say("{low} 至 {high}", low=score(row.low), high=score(row.high)), "negative": percent(share),
        "is_small": row.n_mood < SMALL_N,
    }  # fmt: skip


def _days(context: Context) -> tuple[dt.date, dt.date]:
    start, end = context.filters.start, context.filters.end
    assert start is not None and end is not None
    return start, end


def _course_start(context: Context) -> dt.date:
    start, end = _days(context)
    first = context.extent.first_day or start
    return max(first, min(start, end - dt.timedelta(days=COURSE_DAYS - 1)))


def _reaches(context: Context, day: dt.date) -> bool:
    return context.extent.first_day is not None and context.extent.first_day <= day
