"""运营: the inbox of alerts, the day by the hour against what was expected, its indicators, teams, and tomorrow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from dashboards.context import Context, Page
from dashboards.data.expected import hours_expected
from dashboards.language import msg, say
from dashboards.names import channel_name, day_name
from dashboards.parts.alert_detail import alert_card, gone_card
from dashboards.parts.cards import card, empty
from dashboards.parts.chosen_day import ALL, PATH, Chosen, chosen_day, here, of_channel, period
from dashboards.parts.dip_cards import dip_cards
from dashboards.parts.hour_cards import day_card, expected_card, forecast_card
from dashboards.parts.inbox import inbox_card
from dashboards.parts.kpi_strip import kpi_strip
from dashboards.parts.strong_moods import strong_moods
from dashboards.parts.team_table import team_card


def render(context: Context) -> Sequence[Component]:
    """Return the page for the alert, day and channel of the address, else the day that needs looking at."""
    if not context.is_dated:
        advice = say("逐小时曲线、指标与告警都需要时间。分析时用 --time 指定时间列后重新运行。")
        return [
            card(say("运营"), empty(say("这批数据没有时间"), advice, "undated")),
            strong_moods(context),
        ]
    chosen = chosen_day(context)
    first = context.extent.first_day or chosen.day
    hours = hours_expected(context.source, of_channel(context, chosen.channel), chosen.day, first)
    return [
        html.H2(say("运营"), className="only-read"),
        _inbox(context, chosen),
        _picker(context, chosen.day, chosen.channel),
        kpi_strip(context, chosen.day, chosen.channel),
        expected_card(context, chosen, hours),
        html.Div([day_card(context, chosen, hours), dip_cards(context, chosen)], className="columns is-wide-left"),
        html.Div([team_card(context, chosen), forecast_card(context)], className="columns is-wide-left is-strong"),
    ]


def _inbox(context: Context, chosen: Chosen) -> Component:
    """Return the inbox with the opened alert beside it; on a phone the alert comes first."""
    if not context.view.get("alert"):
        return html.Div([inbox_card(context), strong_moods(context)], className="columns is-wide-left is-strong")
    opened = alert_card(context, chosen.alert) if chosen.alert is not None else gone_card(context)
    left = html.Div([inbox_card(context), strong_moods(context)], className="stack")
    return html.Div([left, opened], className="columns is-inbox")


def _picker(context: Context, day: dt.date, channel: str) -> Component:
    start, end = period(context)
    channels = context.filters.channels or tuple(c for c in context.extent.channels if c)

    def step(text: str, to: dt.date, name: str) -> Component:
        if not start <= to <= end:
            return html.Span(text, className="step is-off")
        return dcc.Link(text, href=here(context, day=to.isoformat(), focus=channel), className="step", id=name)

    links = [
        dcc.Link(channel_name(c), href=here(context, day=day.isoformat(), focus=c),
                 className=f"pill {'is-on' if c == channel else ''}")
        for c in (ALL, *channels)
    ]  # fmt: skip
    one = dt.timedelta(days=1)
    return dmc.Group(
        [
            html.Div([step(say("‹ 前一天"), day - one, "day-before"),
                      html.B(day_name(day, weekday=True), id="day-shown"),
                      step(say("后一天 ›"), day + one, "day-after")], className="day-picker"),
            html.Nav(links, className="pills", id="channel-pills", **{"aria-label": say("渠道")}),
        ],
        justify="space-between", className="picker",
    )  # fmt: skip


PAGE = Page(PATH, msg("运营"), render)
