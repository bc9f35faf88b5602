"""总览: what changed, how much came in what mood, about what and where, what is alarming and what comes next."""

from __future__ import annotations

from collections.abc import Sequence

from dash import dcc, html
from dash.development.base_component import Component

from dashboards.context import Context, Page
from dashboards.data import mood
from dashboards.data.overview import Facts, facts
from dashboards.language import msg, say
from dashboards.parts.alert_rows import alert_rows
from dashboards.parts.cards import card, empty
from dashboards.parts.overview_ahead import ahead_card
from dashboards.parts.overview_course import course_card
from dashboards.parts.overview_points import points_card
from dashboards.parts.overview_tiles import tiles
from dashboards.parts.overview_topics import topics_card
from dashboards.parts.overview_touchpoints import touchpoints_card

_N_ALERTS = 4


def render(context: Context) -> Sequence[Component]:
    """Return the page."""
    now = mood.summary(context.source, context.selection)
    if now.n == 0:
        advice = say("放宽日期、渠道或商品，或点「重置」回到默认范围。")
        return [empty(say("所选范围内没有联络"), advice, "no-contacts")]
    found = facts(context, now)
    ahead = [ahead_card(context)] if context.is_dated else []
    return [
        html.Div([points_card(context, found), tiles(context, found), _open_alerts(context, found)],
                 className="overview-top"),
        html.Div([course_card(context, found), *ahead], className="columns is-wide-left" if ahead else "columns"),
        topics_card(context, found),
        touchpoints_card(context),
    ]  # fmt: skip


def _open_alerts(context: Context, found: Facts) -> Component:
    alerts, title = found.alerts, say("待处理告警")
    open_ones = alerts[alerts["state"].isin(["open", "acknowledged"])]
    more = dcc.Link(say("全部 {n} 条 →", n=len(alerts)), href=context.href("/operations"), className="more")
    if open_ones.empty:
        said = say("近期没有出现异常激增或情绪下降。") if context.is_dated else say("没有时间的数据不产生告警。")
        if len(alerts):
            said = say("这段时间的 {n} 条都已处理，或已自行结束。", n=len(alerts))
        return card(
            title, empty(say("没有待处理告警"), said), note=more if len(alerts) else "", name="card-alerts"
        )  # fmt: skip
    rest = len(open_ones) - _N_ALERTS
    foot = say("另有 {n} 条待处理，见「运营」", n=rest)
    tail = [html.Div(foot, className="card-foot")] if rest > 0 else []
    return card(title, alert_rows(context, open_ones.head(_N_ALERTS)), *tail, note=more, name="card-alerts")


PAGE = Page("/", msg("总览"), render)
