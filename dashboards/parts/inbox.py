"""The inbox: alerts by state, and the list that refreshes by itself."""

from __future__ import annotations

import dash_mantine_components as dmc
import pandas as pd
from dash import dcc, html
from dash.development.base_component import Component

from dashboards.context import Context
from dashboards.data.alerts import Alerts
from dashboards.data.source import Extent
from dashboards.exports import offer
from dashboards.language import msg, say
from dashboards.names import SPIKE_KINDS, STATES, channel_name
from dashboards.parts.alert_rows import alert_rows, growth, state_name
from dashboards.parts.cards import card, empty
from dashboards.parts.chosen_day import PATH, here
from dashboards.parts.mute_list import mute_list

TICK_SECONDS = 60
_N_ALERTS = 50


def state_token(alerts: Alerts, extent: Extent) -> str:
    """Return a text that changes when something happens to an alert, or data is published."""
    return f"{alerts.version()}|{extent.last_day} {extent.n_contacts}"


def inbox_card(context: Context) -> dmc.Paper:
    """Return the card: tabs by state, the list, and what asks each minute whether something changed."""
    return card(
        say("告警收件箱"),
        html.Div(role="status", id="inbox-news", className="inbox-news"),
        html.Div(inbox_list(context), id="inbox-list"),
        dcc.Interval(id="inbox-tick", interval=TICK_SECONDS * 1000),
        dcc.Store(id="inbox-token", data=state_token(context.alerts, context.extent)),
        name="card-alerts",
        export="alerts",
    )


def inbox_list(context: Context) -> list[Component]:
    """Return the tabs with their counts and the alerts of the chosen one."""
    found = in_period(context)
    state = _tab(context, found)
    counts = found["state"].value_counts()
    tabs = [
        dcc.Link(
            [say(name), html.Span(f" {int(counts.get(key, 0))}", className="tab-count")],
            href=here(context, state=key),
            className=f"pill {'is-on' if key == state else ''}",
        )
        for key, name in STATES.items()
    ]
    shown = found[found["state"] == state]
    rest = len(shown) - _N_ALERTS
    tail = [html.Div(say("另有 {n:,} 条，缩短日期即可看到", n=rest), className="card-foot")] if rest > 0 else []
    nav = html.Div([*_away(context), html.Nav(tabs, className="pills inbox-tabs", **{"aria-label": say("告警状态")})])
    mutes = mute_list(context) if state == "muted" else []
    if shown.empty:
        return [nav, _nothing(found, state), *mutes, *_earlier(context)]
    rows = alert_rows(context, shown.head(_N_ALERTS), chosen=context.view.get("alert"), state=state)
    return [nav, html.Div(rows, className="inbox-scroll"), *tail, *mutes, *_earlier(context)]


def _away(context: Context) -> list[Component]:
    """Say where the alerts are from while the inbox's database cannot be reached."""
    if not context.alerts.is_away:
        return []
    said = say("收件箱的数据库暂时连接不上：以下是上次发布时的告警，现在不能处理。恢复后刷新本页即可。")
    return [html.Div(said, role="status", className="foot-note", id="inbox-away")]


def _tab(context: Context, found: pd.DataFrame) -> str:
    """Return the state whose alerts are listed: of the address, else that of the opened alert, else open."""
    named = context.view.get("state", "")
    if named in STATES:
        return named
    opened = found.loc[found["alert_id"] == context.view.get("alert"), "state"]
    return str(opened.iloc[0]) if len(opened) else "open"


def in_period(context: Context) -> pd.DataFrame:
    """Return the alerts of the filters."""
    filters = context.filters
    found = context.alerts.table(context.source, start=filters.start, end=filters.end, channels=filters.channels)
    products = filters.products
    if not products:
        return found
    of_other = (found["kind"].isin(["volume", "negative"])) & (found["channel"] == "*") & (found["key"] != "*")
    return found[~of_other | found["key"].isin(products)]


def _nothing(found: pd.DataFrame, state: str) -> Component:
    if found.empty:
        return empty(say("所选日期内没有告警"), say("没有关键词、主题、联络量或情绪出现异常。"), "no-alerts")
    if state == "open":
        n = int((found["state"] == "acknowledged").sum())
        return empty(say("没有待处理的告警"), say("已认领 {n} 条，在旁边的标签里。", n=n), "no-alerts")
    return empty(say("没有「{state}」的告警", state=say(STATES[state])), say("看看其他标签。"), "no-alerts")


def _earlier(context: Context) -> list[Component]:
    """Return how many open alerts began outside of the chosen days: a filter must not hide work."""
    first, last = context.extent.first_day, context.extent.last_day
    start, end = context.filters.start, context.filters.end
    if first is None or last is None or start is None or end is None or (start <= first and end >= last):
        return []
    whole = context.alerts.table(context.source, start=None, end=None, channels=context.filters.channels)
    day = whole["started"].dt.date
    n = int(((whole["state"] == "open") & ((day < start) | (day > end))).sum())
    if not n:
        return []
    href = context.href(PATH, **{"from": first.isoformat(), "to": last.isoformat(), "state": "open"})
    link = dcc.Link(say("查看全部日期"), href=href, className="more")
    said = say("所选日期之外还有 {n} 条待处理，", n=n)
    return [html.Div([said, link], className="card-foot", id="inbox-earlier")]


def alerts_table(context: Context) -> pd.DataFrame:
    """Return the alerts of the filters as a table to save."""
    found = in_period(context)
    rows = found.to_dict("records")
    return pd.DataFrame(
        {
            say("编号"): found["alert_id"],
            say("级别"): found["severity"],
            say("状态"): [state_name(row) for row in rows],
            say("标题"): found["title"],
            say("类型"): [say(SPIKE_KINDS.get(kind, kind)) if kind else "" for kind in found["kind"].fillna("")],
            say("渠道"): [channel_name(channel) for channel in found["channel"]],
            say("开始"): found["started"],
            say("最近一次"): found["last_seen"],
            say("实际"): found["observed"],
            say("预期"): found["expected"],
            say("联络数"): found["n_contacts"],
            say("趋势"): [growth(row) for row in rows],
            say("负责人"): found["owner"].fillna(""),
        }
    )


offer("alerts", msg("告警"), alerts_table, page=PATH)
