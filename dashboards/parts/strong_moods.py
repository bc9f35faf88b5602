"""强情绪: what operations must see the same day, each number open to its contacts."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import html

from dashboards.context import Context
from dashboards.data import categories
from dashboards.language import msg, say
from dashboards.names import percent, percent_interval, span_name
from dashboards.parts.alert_rows import severity_mark
from dashboards.parts.cards import card, empty, opens
from dashboards.records import records

_TITLE = msg("强情绪")


def strong_moods(context: Context) -> dmc.Paper:
    """Return the card: contacts of the page's days, channels and products by strong mood."""
    frame = categories.table(context.source, context.selection)
    if frame.empty:
        advice = say("运行 kesheng run categorise --day … 再 kesheng run publish --day …，规则见 docs/rules.md。")
        return card(say(_TITLE), empty(say("还没有按规则归类"), advice), name="card-strong")
    total = int(frame["n_total"].iloc[0])
    span = span_name(context.filters.start, context.filters.end)
    note = say("{span}，共 {n:,} 条", span=span, n=total)
    if not int(frame["n"].sum()):
        what = say("、").join(frame["label"])
        body = empty(
            say("所选范围内没有强情绪"),
            say("没有客户说到{what}。换更长的日期，或在词表里加上你们的说法。", what=what),
        )
        return card(say(_TITLE), body, note=note, name="card-strong")
    head = html.Div(
        [html.Span(text) for text in ("", say("类别"), say("占比（95% 区间）"), say("条数"))],
        className="strong-row is-head",
    )
    return card(say(_TITLE), html.Div([head, *map(_row, records(frame))]), note=note, name="card-strong")


def _row(row: Any) -> html.Div:
    n = opens(f"{row.n:,}", f"strong-n-{row.category}", category=row.category) if row.n else html.Span("0")
    severity = severity_mark(row.severity)
    share = html.Span(
        [html.B(percent(row.share)), html.Small(percent_interval(row.share_low, row.share_high))]
        if row.n_total
        else "–"
    )
    name = html.Span(row.label, title=row.description, className="strong-name")
    return html.Div([severity, name, share, n], className="strong-row", **{"data-testid": f"strong-{row.category}"})
