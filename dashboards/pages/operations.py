"""运营: one day by the hour, its indicators, its falls of mood, and the alerts of the period."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import dash_mantine_components as dmc
import pandas as pd
from dash import dcc, html
from dash.development.base_component import Component

from dashboards.charts import dip_parts
from dashboards.context import Context, Page
from dashboards.data import operations
from dashboards.day_chart import day_by_hour
from dashboards.names import PARTS, channel_name, day_name, duration, score
from dashboards.parts.alert_rows import alert_rows
from dashboards.parts.cards import card, empty, graph, opens, still_graph
from dashboards.parts.kpi_strip import kpi_strip
from dashboards.parts.strong_moods import strong_moods
from dashboards.records import records

_N_ALERTS = 50
_LEGEND = (("dip", "情绪下降"), ("spike", "激增"), ("usual", "前 14 天均值"))


def render(context: Context) -> Sequence[Component]:
    """Return the page for the day and channel of the address, else the day that needs looking at."""
    if not context.is_dated:
        return [
            card(
                "运营",
                empty(
                    "这批数据没有时间",
                    "逐小时曲线、指标与告警都需要时间。分析时用 --time 指定时间列后重新运行。",
                    "undated",
                ),
            ),
            strong_moods(context),
        ]
    day, channel = _day_and_channel(context)
    return [
        _picker(context, day, channel),
        kpi_strip(context, day, channel),
        html.Div(
            [_day_card(context, day, channel), _dip_cards(context, day, channel)], className="columns is-wide-left"
        ),
        html.Div([_alerts(context), strong_moods(context)], className="columns is-wide-left is-strong"),
    ]


def _day_and_channel(context: Context) -> tuple[dt.date, str]:
    """Return what the address names: a day, or an alert; else the newest day with a fall of mood, else the last."""
    start, end = _period(context)
    focus = context.view.get("focus", "")
    for alert in records(_in_period(context)):
        if alert.alert_id == context.view.get("alert") and "day" not in context.view:
            return alert.started.date(), focus or alert.channel
    try:
        day = dt.date.fromisoformat(context.view.get("day", ""))
        if start <= day <= end:
            return day, focus or "*"
    except ValueError:
        pass
    found = operations.dips(context.source, start, end, context.filters.channels)
    if found.empty:
        return end, focus or "*"
    newest = found.sort_values(["started", "drop"], ascending=[False, False]).iloc[0]
    return newest["started"].date(), focus or newest["channel"]


def _period(context: Context) -> tuple[dt.date, dt.date]:
    last = context.extent.last_day or dt.date.min
    start, end = context.filters.start or last, context.filters.end or last
    return start, end


def _picker(context: Context, day: dt.date, channel: str) -> Component:
    start, end = _period(context)
    focus = None if channel == "*" else channel
    channels = context.filters.channels or tuple(c for c in context.extent.channels if c)

    def step(text: str, to: dt.date, name: str) -> Component:
        if not start <= to <= end:
            return html.Span(text, className="step is-off")
        return dcc.Link(
            text, href=context.href("/operations", day=to.isoformat(), focus=focus or "*"), className="step", id=name
        )

    links = [
        dcc.Link(channel_name(c), href=context.href("/operations", day=day.isoformat(), focus=c),
                 className=f"pill {'is-on' if c == channel else ''}")
        for c in ("*", *channels)
    ]  # fmt: skip
    one = dt.timedelta(days=1)
    return dmc.Group(
        [
            html.Div([step("‹ 前一天", day - one, "day-before"), html.B(day_name(day, weekday=True), id="day-shown"),
                      step("后一天 ›", day + one, "day-after")], className="day-picker"),
            html.Div(links, className="pills", id="channel-pills"),
        ],
        justify="space-between", className="picker",
    )  # fmt: skip


def _day_card(context: Context, day: dt.date, channel: str) -> Component:
    selection = context.selection if channel == "*" else context.selection.narrowed(channel_is=channel)
    hours = operations.by_hour(context.source, selection, day)
    if not int(hours["n"].sum()):
        return card(
            "逐小时", empty(f"{day_name(day)} {channel_name(channel)}没有联络", "换一天或换一个渠道。"), name="card-day"
        )
    usual = operations.usual_by_hour(context.source, selection, day)
    channels = () if channel == "*" else (channel,)
    dips = operations.dips(context.source, day, day, channels)
    spikes = operations.spikes(context.source, day, day, channels)
    figure = day_by_hour(hours, usual, dips, spikes)
    note = html.Div(
        [html.Span([html.I(className=f"swatch is-{kind}"), name]) for kind, name in _LEGEND], className="legend"
    )
    return card(f"{channel_name(channel)} · 逐小时", graph(figure, "day-by-hour"), note=note, name="card-day")


def _dip_cards(context: Context, day: dt.date, channel: str) -> Component:
    frame = operations.dips(context.source, day, day, () if channel == "*" else (channel,))
    if frame.empty:
        return card("情绪下降", empty("当日没有情绪下降", "没有哪个时段的情绪显著低于平时。"), name="card-dips")
    return html.Div([_dip(row) for _, row in frame.head(3).iterrows()], className="stack", id="card-dips")


def _dip(row: pd.Series) -> Component:
    parts = {name: float(row[part]) for part, name in PARTS.items()}
    when = f"{row['started']:%H:%M}–{row['ended']:%H:%M}"
    team = f" {row['team']}" if isinstance(row["team"], str) and row["team"] else ""
    waits = (
        f"首次响应 {duration(float(row['response_seconds']))}，平时 {duration(float(row['usual_response_seconds']))}"
        if pd.notna(row["response_seconds"]) and pd.notna(row["usual_response_seconds"])
        else "这段时间没有回复时长"
    )
    return card(
        f"情绪下降 {when}",
        html.P(row["verdict"], className="verdict"),
        still_graph(dip_parts(float(row["expected"]), parts, float(row["mean"]))),
        html.Div([
            html.Span(waits),
            html.Span(_drop_interval(row)),
            html.Span(_delay_interval(row)),
            opens(f"{int(row['n_listed']):,} 条原声", f"dip-n-{row['dip_id']}", dip=row["dip_id"]),
        ], className="dip-facts"),
        note=f"{channel_name(row['channel'])}{team}",
    )  # fmt: skip


def _drop_interval(row: pd.Series) -> str:
    fall = f"下降 {row['drop']:.2f}"
    if pd.isna(row["drop_low"]):
        return f"{fall}，联络太少，没有区间"
    return f"{fall}，95% 区间 {score(row['drop_low'])} 至 {score(row['drop_high'])}"


def _delay_interval(row: pd.Series) -> str:
    if pd.isna(row["delay_low"]):
        return ""
    return f"「回复变慢」95% 区间 {row['delay_low']:.2f}–{row['delay_high']:.2f}"


def _in_period(context: Context) -> pd.DataFrame:
    """Return the alerts of the filters; the one that the address names comes first."""
    found = context.alerts.table(
        context.source, start=context.filters.start, end=context.filters.end, channels=context.filters.channels
    )
    return found.sort_values("alert_id", key=lambda ids: ids != context.view.get("alert"), kind="stable")


def _alerts(context: Context) -> Component:
    found = _in_period(context)
    if found.empty:
        return card("告警", empty("所选日期内没有告警", "没有关键词、主题、联络量或情绪出现异常。"), name="card-alerts")
    n_open = int((found["state"] == "open").sum())
    rest = len(found) - _N_ALERTS
    tail = [html.Div(f"另有 {rest} 条较早或已处理的告警，缩短日期即可看到", className="card-foot")] if rest > 0 else []
    return card(
        "告警",
        alert_rows(context, found.head(_N_ALERTS), chosen=context.view.get("alert")),
        *tail,
        note=f"共 {len(found)} 条，{n_open} 条待处理",
        name="card-alerts",
    )


PAGE = Page("/operations", "运营", render)
