"""占比明细: a topic's share of each channel, product and week as dots with intervals, and how each changed."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
import pandas as pd
from dash import html

from dashboards.context import Context
from dashboards.data import topic_shares
from dashboards.intervals import SMALL_N
from dashboards.language import msg, say
from dashboards.names import channel_name, day_name, percent, percent_interval, product_name
from dashboards.parts.cards import card, empty, few, opens
from dashboards.parts.changed import BEFORE, changed
from dashboards.parts.topic_rows import is_compared

N_ROWS = 10
_BEFORE = {"channel": BEFORE, "product": BEFORE, "week": msg("上一周")}
_HEADS = {"channel": msg("渠道"), "product": msg("商品"), "week": msg("周")}
_REST = {
    "channel": msg("另有 {n} 个渠道，可在上方筛选"),
    "product": msg("另有 {n} 个商品，可在上方筛选"),
    "week": msg("另有 {n} 周，可在上方筛选"),
}
_AGAINST = {"channel": msg("较上期"), "product": msg("较上期"), "week": msg("较上一周")}


def splits(context: Context, topic_id: str) -> dmc.Paper:
    """Return the card with a tab for channels, products and weeks."""
    source, selection = context.source, context.selection
    tabs = [
        ("channel", say("按渠道"), topic_shares.by_column(source, selection, topic_id, "channel")),
        ("product", say("按商品"), topic_shares.by_column(source, selection, topic_id, "product")),
        ("week", say("按周"), topic_shares.by_week(source, selection, topic_id)),
    ]
    listed = dmc.TabsList([dmc.TabsTab(name, value=kind) for kind, name, _ in tabs])
    panels = [dmc.TabsPanel(_panel(context, kind, frame, topic_id), value=kind) for kind, _, frame in tabs]
    return card(say("占比明细"), dmc.Tabs([listed, *panels], value="channel", className="splits"),
                note=say("占各渠道、商品、各周全部联络"), name="card-splits")  # fmt: skip


def _panel(context: Context, kind: str, frame: pd.DataFrame, topic_id: str) -> list[Any]:
    if frame.empty:
        return [empty(say("这批数据没有时间"), say("分析时用 --time 指定时间列，即可按周比较。"))]
    if kind == "product" and set(frame["key"]) == {""}:
        return [empty(say("联络里没有商品"), say("在数据来源的配置里指定商品列，即可按商品比较。"))]
    shown = frame.head(N_ROWS)
    compared = kind == "week" or is_compared(context)
    longest = max(float(shown["share_high"].where(shown["n"] >= SMALL_N, 0).max()), float(shown["share"].max()), 1e-9)
    heads = (say(_HEADS[kind]), say("占比与 95% 区间"), "", say("条数"), say(_AGAINST[kind]))
    rest = len(frame) - len(shown)
    rows = [_row(row, kind, topic_id, longest, compared=compared) for row in shown.to_dict("records")]
    tail = [html.Div(say(_REST[kind], n=rest), className="card-foot")] if rest > 0 else []
    found = [] if kind == "week" else _most(frame, kind)
    return [*found, html.Div([html.Span(text) for text in heads], className="split-row is-head"), *rows, *tail]


def _most(frame: pd.DataFrame, kind: str) -> list[Any]:
    """Return which channels or products have surely more of the topic than the others, in a sentence."""
    sure = frame[(frame["times_verdict"] == "significant") & (frame["times"] > 1) & (frame["n"] >= SMALL_N)]
    if sure.empty:
        return []
    named = [
        say("「{name}」（其余的 {times:.1f} 倍）", name=_name(row, kind), times=row["times"])
        for row in sure.sort_values("times", ascending=False).head(3).to_dict("records")
    ]
    return [html.P(say("明显偏多：{names}", names=say("、").join(named)), className="chart-says split-says")]


def _row(row: dict[Any, Any], kind: str, topic_id: str, longest: float, *, compared: bool) -> html.Div:
    narrowing = {"topic": topic_id, **_narrowing(row, kind)}
    small = row["n"] < SMALL_N
    number = opens(f"{row['k']:,}", f"split-{kind}-{row['key']}", **narrowing) if row["k"] else html.Span("0")
    marks = [few()] if small else _more_or_less(row) if kind != "week" else []
    return html.Div(
        [
            html.Span([html.Span(_name(row, kind), className="split-name"), *marks],
                      className="topic-label", title=_name(row, kind)),
            _dot(row, longest),
            html.Span([html.B(percent(row["share"])),
                       html.Small(percent_interval(row["share_low"], row["share_high"]))]),
            html.Span([number, html.Small(f"/ {row['n']:,}")]),
            changed(row, before=_BEFORE[kind]) if compared else html.Span("–", title=say("数据不够早，没有上期")),
        ],
        className=f"split-row {'is-small' if small else ''}",
        **{"data-testid": f"split-row-{kind}-{row['key'] or 'none'}"},
    )  # fmt: skip


def _more_or_less(row: dict[Any, Any]) -> list[Any]:
    if row["times_verdict"] != "significant":
        return []
    name = say("偏多") if row["times"] > 1 else say("偏少")
    title = say("占比是其余的 {times:.2f} 倍；按逐日数据检验并按项数校正，显著", times=row["times"])
    return [html.Span(name, className=f"badge {'is-new' if row['times'] > 1 else 'is-quiet'}", title=title)]


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
