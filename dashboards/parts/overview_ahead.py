"""接下来: the volume of the days to come beside that of the last days."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
from dash import dcc, html
from dash.development.base_component import Component

from dashboards.charts_overview import past_and_ahead
from dashboards.context import Context
from dashboards.data.days_ahead import Ahead, days_ahead
from dashboards.exports import offer
from dashboards.language import msg, say
from dashboards.names import day_name
from dashboards.parts.cards import Chart, card, chart_card, empty
from dashboards.parts.overview_findings import signed_percent

_TITLE = msg("接下来的联络量")


def ahead_card(context: Context) -> Component:
    """Return the card."""
    refused = _refused(context)
    found = None if refused else days_ahead(context.source, context.selection, _channels(context))
    more = dcc.Link(say("按小时看 →"), href=context.href("/operations"), className="more")
    if found is None or found.days.empty:
        said = refused or say("预测从最新数据的末日往后算：把时段调到最近，或运行 kesheng run forecast。")
        return card(say(_TITLE), empty(say("没有可显示的预测"), said), note=more, name="card-ahead")
    chart = Chart(
        figure=past_and_ahead(found.past, found.days), name="ahead", title=say(_TITLE), unit=say("按天，条"),
        says=_says(found),
    )  # fmt: skip
    period = replace(context.filters, start=found.past["day"].iloc[0].date(), end=found.days["day"].iloc[-1].date())
    drawn = chart_card(replace(context, filters=period), chart, export="overview-ahead")
    drawn.children = [*drawn.children, html.Div([_note(found), " ", more], className="card-foot")]
    return drawn


def _refused(context: Context) -> str:
    """Return why there is no forecast of what is selected; '' where there may be one."""
    limits = context.viewer.limits
    if context.filters.products or limits.products or limits.teams:
        return say("预测只分渠道，不分商品和班组。")
    return ""


def _channels(context: Context) -> tuple[str, ...]:
    """Return the channels whose forecasts are shown; who may see some channels only never sees the sum of all."""
    return context.filters.channels or context.viewer.limits.channels


def _says(found: Ahead) -> str:
    total = float(found.days["expected"].sum())
    busiest = found.days.iloc[int(found.days["expected"].to_numpy().argmax())]
    said = say("未来 {days} 天预计共 {n:,.0f} 条", days=len(found.days), n=total)
    recent = found.past.tail(len(found.days))
    if len(recent) == len(found.days) and recent["n"].sum():
        by = signed_percent(total / float(recent["n"].sum()) - 1)
        said = say("{said}，比最近 {days} 天 {by}", said=said, days=len(recent), by=by)
    day = day_name(busiest["day"].date(), weekday=True)
    return say("{said}；最忙的是{day}，约 {n:,.0f} 条。", said=said, day=day, n=float(busiest["expected"]))


def _note(found: Ahead) -> str:
    made = say("据截至{day}的数据", day=day_name(found.made_on))
    if found.days["low"].isna().all():
        return say("{made}；几个渠道的区间不能相加，单选一个渠道或全部渠道可见范围。", made=made)
    return say("{made}；竖线由各小时的 80% 区间两端相加而成，比全天的 80% 区间宽。", made=made)


def _table(context: Context) -> pd.DataFrame:
    """Return the days that are drawn: of the past what came, of the days ahead what is expected."""
    names = [say("日期"), say("联络量"), say("预计"), say("范围下限"), say("范围上限")]
    found = None if _refused(context) else days_ahead(context.source, context.selection, _channels(context))
    if found is None:
        return pd.DataFrame(columns=names)
    past = found.past.assign(expected=float("nan"), low=float("nan"), high=float("nan"))
    days = found.days.assign(n=float("nan"))
    whole = pd.DataFrame(
        {name: [*past[name].astype(object), *days[name].astype(object)] for name in ("n", "expected", "low", "high")}
    )
    shown = [day.date().isoformat() for day in (*past["day"], *days["day"])]
    return whole.assign(day=shown)[["day", "n", "expected", "low", "high"]].set_axis(names, axis=1)


offer("overview-ahead", msg("近日与未来几天的联络量"), _table, page="/",
      meanings={msg("范围下限"): msg("各小时 80% 区间的下端相加，比全天的 80% 区间宽")})  # fmt: skip
