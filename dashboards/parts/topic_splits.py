"""占比明细: a topic's share of each channel, product and week as dots with intervals, and how each changed."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
import pandas as pd
from dash import html

from dashboards.context import Context
from dashboards.data import topic_shares
from dashboards.intervals import SMALL_N
from dashboards.names import channel_name, day_name, percent, percent_interval, product_name
from dashboards.parts.cards import card, empty, few, opens
from dashboards.parts.changed import changed
from dashboards.parts.topic_rows import is_compared

N_ROWS = 10


def splits(context: Context, topic_id: str) -> dmc.Paper:
    """Return the card with a tab for channels, products and weeks."""
    source, selection = context.source, context.selection
    tabs = [
        ("channel", "按渠道", topic_shares.by_column(source, selection, topic_id, "channel")),
        ("product", "按商品", topic_shares.by_column(source, selection, topic_id, "product")),
        ("week", "按周", topic_shares.by_week(source, selection, topic_id)),
    ]
    listed = dmc.TabsList([dmc.TabsTab(name, value=kind) for kind, name, _ in tabs])
    panels = [dmc.TabsPanel(_panel(context, kind, frame, topic_id), value=kind) for kind, _, frame in tabs]
    return card("占比明细", dmc.Tabs([listed, *panels], value="channel", className="splits"),
                note="占各渠道、商品、各周全部联络", name="card-splits")  # fmt: skip


def _panel(context: Context, kind: str, frame: pd.DataFrame, topic_id: str) -> list[Any]:
    if frame.empty:
        return [empty("这批数据没有时间", "分析时用 --time 指定时间列，即可按周比较。")]
    if kind == "product" and set(frame["key"]) == {""}:
        return [empty("联络里没有商品", "在数据来源的配置里指定商品列，即可按商品比较。")]
    shown = frame.head(N_ROWS)
    compared = kind == "week" or is_compared(context)
    longest = max(float(shown["share_high"].where(shown["n"] >= SMALL_N, 0).max()), float(shown["share"].max()), 1e-9)
    before = "上一周" if kind == "week" else "上期"
    heads = ({"channel": "渠道", "product": "商品", "week": "周"}[kind], "占比与 95% 区间", "", "条数", f"较{before}")
    rest = len(frame) - len(shown)
    what = "个渠道" if kind == "channel" else "个商品" if kind == "product" else "周"
    rows = [_row(row, kind, topic_id, longest, compared=compared) for row in shown.to_dict("records")]
    tail = [html.Div(f"另有 {rest} {what}，可在上方筛选", className="card-foot")] if rest > 0 else []
    return [html.Div([html.Span(text) for text in heads], className="split-row is-head"), *rows, *tail]


def _row(row: dict[Any, Any], kind: str, topic_id: str, longest: float, *, compared: bool) -> html.Div:
    narrowing = {"topic": topic_id, **_narrowing(row, kind)}
    small = row["n"] < SMALL_N
    number = opens(f"{row['k']:,}", f"split-{kind}-{row['key']}", **narrowing) if row["k"] else html.Span("0")
    before = "上一周" if kind == "week" else "上期"
    return html.Div(
        [
            html.Span([html.Span(_name(row, kind), className="split-name"), *([few()] if small else [])],
                      className="topic-label", title=_name(row, kind)),
            _dot(row, longest),
            html.Span([html.B(percent(row["share"])),
                       html.Small(percent_interval(row["share_low"], row["share_high"]))]),
            html.Span([number, html.Small(f"/ {row['n']:,}")]),
            changed(row, before=before) if compared else html.Span("–", title="数据不够早，没有上期"),
        ],
        className=f"split-row {'is-small' if small else ''}",
        **{"data-testid": f"split-row-{kind}-{row['key'] or 'none'}"},
    )  # fmt: skip


def _dot(row: dict[Any, Any], longest: float) -> html.Div:
    low, high, at = (min(row[name] / longest, 1.0) for name in ("share_low", "share_high", "share"))
    return html.Div(
        [
            html.I(className="reach", style={"left": f"{low:.2%}", "width": f"{max(high - low, 0):.2%}"}),
            html.I(className="at", style={"left": f"{at:.2%}"}),
        ],
        className="dot-track",
    )


def _name(row: dict[Any, Any], kind: str) -> str:
    if kind == "channel":
        return channel_name(row["key"])
    if kind == "product":
        return product_name(row["key"])
    start, end = pd.Timestamp(row["day_from"]).date(), pd.Timestamp(row["day_to"]).date()
    return day_name(start) if start == end else f"{day_name(start)}–{day_name(end)}"


def _narrowing(row: dict[Any, Any], kind: str) -> dict[str, str]:
    if kind == "week":
        return {"day_from": row["day_from"], "day_to": row["day_to"]}
    return {f"{kind}_is": row["key"]}
