"""Which two sets of contacts an address compares: two periods, two products or two channels."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from dashboards.context import Context
from dashboards.data.topic_pairs import Side
from dashboards.filters import Filters
from dashboards.language import msg, say
from dashboards.names import channel_name, product_name, span_name
from dashboards.selection import Selection

KINDS = {"period": msg("两个时段"), "product": msg("两个商品"), "channel": msg("两个渠道")}
BETWEEN = "~"
"""Between the first and the last day of a period in an address."""


def kind_of(context: Context) -> str:
    """Return what the address compares; periods without it."""
    found = context.view.get("by", "period")
    return found if found in KINDS else "period"


def choices(context: Context, kind: str) -> list[tuple[str, str]]:
    """Return value and name of the products or channels that can be compared: those of the filters, most used first."""
    extent, filters = context.extent, context.filters
    every, kept, name = (
        (extent.products, filters.products, product_name)
        if kind == "product"
        else (extent.channels, filters.channels, channel_name)
    )
    return [(value, name(value)) for value in every if not kept or value in kept]


def sides(context: Context) -> tuple[Side, Side] | str:
    """Return both sides, or why there are none."""
    kind = kind_of(context)
    return _periods(context) if kind == "period" else _values(context, kind)


def _values(context: Context, kind: str) -> tuple[Side, Side] | str:
    found = dict(choices(context, kind))
    if len(found) < 2:
        return (
            say("所选范围内不足两个商品。清空上方的商品筛选，或在数据来源的配置里指定商品列。")
            if kind == "product"
            else say("所选范围内不足两个渠道。清空上方的渠道筛选再比较。")
        )
    asked = [context.view.get(side) for side in ("a", "b")]
    first = asked[0] if asked[0] in found else next(v for v in _preferred(found) if v != asked[1])
    second = asked[1] if asked[1] in found else next(v for v in _preferred(found) if v != first)
    if first == second:
        return say("两边选了同一项，请换一个再比较。")
    made = [
        Side(found[value], Selection(context.filters, {f"{kind}_is": value}), {f"{kind}_is": value})
        for value in (first, second)
    ]
    return made[0], made[1]


def _preferred(found: dict[str, str]) -> list[str]:
    """Return the values, what has no name last."""
    return sorted(found, key=lambda value: value == "")


def _periods(context: Context) -> tuple[Side, Side] | str:
    filters = context.filters
    if filters.start is None or filters.end is None:
        return say("这批数据没有时间。分析时用 --time 指定时间列，即可比较两个时段。")
    other = period_of(context.view.get("b", "")) or _before(filters)
    if other is None:
        return say("没有可比的时段。")
    if other[0] <= filters.end and filters.start <= other[1]:
        return say("两段日期有重叠，不能比较。请为 B 选 A 之外的日期。")
    days = {"from": other[0].isoformat(), "to": other[1].isoformat()}
    second = replace(filters, start=other[0], end=other[1])
    return (
        Side(span_name(filters.start, filters.end), Selection(filters), {}),
        Side(span_name(*other), Selection(second), days),
    )


def period_of(text: str) -> tuple[dt.date, dt.date] | None:
    """Read a period from an address; None for what is none.

    Examples
    --------
    >>> period_of("2026-09-01~2026-09-07")[1]
    datetime.date(2026, 9, 7)
    >>> period_of("2026-09-07~2026-09-01"), period_of("x")
    (None, None)
    """
    try:
        first, last = (dt.date.fromisoformat(part) for part in text.split(BETWEEN))
    except ValueError:
        return None
    return (first, last) if first <= last else None


def _before(filters: Filters) -> tuple[dt.date, dt.date] | None:
    before = filters.before()
    return None if before is None or before.start is None or before.end is None else (before.start, before.end)
