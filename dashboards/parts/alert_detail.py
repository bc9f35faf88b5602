"""One alert opened: its course, what customers said, what became of it, and what can be decided."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import dash_mantine_components as dmc
import pandas as pd
from dash import dcc, html
from dash.development.base_component import Component

from analytics.inbox import SYSTEM, SYSTEM_KIND
from analytics.names import ALERT_EVENT_NAMES
from dashboards.access.looked import looked
from dashboards.charts_operations import own_hours
from dashboards.context import Context
from dashboards.data import alert_evidence
from dashboards.data.alert_course import Course, course
from dashboards.language import say
from dashboards.names import day_name
from dashboards.parts.alert_actions import actions
from dashboards.parts.alert_rows import against_expected, facts, growth, severity_mark, state_name
from dashboards.parts.cards import card, empty, few, graph, opens
from dashboards.parts.chosen_day import here
from dashboards.parts.dip_cards import dip_of_alert
from dashboards.parts.trouble import trouble
from dashboards.records import records

Alert = dict[str, Any]
_FEW_CONTACTS = 10


def alert_card(context: Context, alert: Alert) -> dmc.Paper:
    """Return the card of an opened alert, a row of `Alerts.table`."""
    spans = alert_evidence.occurrences(context.source, context.alerts, alert)
    back = dcc.Link(say("关闭"), href=here(context, alert=None), className="alert-close", id="alert-close")
    head = html.Div(
        [
            severity_mark(alert["severity"]),
            html.Div(alert["title"], className="alert-heading", id="alert-title"),
            html.Span(state_name(alert), className=f"state is-{alert['state']}", id="alert-state"),
        ],
        className="alert-head",
    )
    return card(
        say("告警详情"),
        head,
        _facts(alert),
        actions(context, alert),
        *_about(context, alert, spans),
        _history(context, alert),
        note=back,
        name="card-alert",
    )


def gone_card(context: Context) -> dmc.Paper:
    """Return what is shown for an alert that is not there (any more)."""
    back = dcc.Link(say("关闭"), href=here(context, alert=None), className="more")
    return card(
        say("告警详情"),
        empty(say("没有这条告警"), say("它可能已撤回，或不在您可查看的范围内。"), "no-alert"),
        note=back,
        name="card-alert",
    )


def _about(context: Context, alert: Alert, spans: pd.DataFrame) -> list[Component]:
    """Return what stands behind an alert: hours and voices, or what went wrong with a run of ours."""
    if alert["kind"] == SYSTEM_KIND:
        return [trouble(context.alerts.body(alert["alert_id"]))]
    return [
        *_course(context, alert, spans),
        *dip_of_alert(context, alert),
        _occurrences(spans),
        _said(context, alert),
    ]


def _facts(alert: Alert) -> html.Div:
    if alert["kind"] == SYSTEM_KIND:
        return html.Div(_named(_known(alert)), className="alert-known")
    kind, when, owner = _known(alert)
    said = [
        kind,
        when,
        (say("实际与预期"), against_expected(alert) or "–"),
        (say("趋势"), growth(alert) or "–"),
        owner,
    ]
    if isinstance(alert["held"], str):
        said.append((say("暂不发送"), alert["held"]))
    return html.Div(_named(said), className="alert-known")


def _known(alert: Alert) -> list[tuple[str, str]]:
    """Return what every alert has: what it is about, when, and who looks after it."""
    started, seen = alert["started"], alert["last_seen"]
    until: str = say(" 至 {end:%m-%d %H:%M}", end=seen) if pd.notna(seen) else ""
    what = say("类型与任务") if alert["kind"] == SYSTEM_KIND else say("类型与渠道")
    return [
        (what, " · ".join(facts(alert))),
        (say("时间"), say("{start:%m-%d %H:%M} 起", start=started) + until),
        (say("负责人"), alert["owner"] or say("无")),
    ]


def _named(said: list[tuple[str, str]]) -> list[html.Span]:
    return [html.Span([html.B(name), text]) for name, text in said]


def _course(context: Context, alert: Alert, spans: pd.DataFrame) -> list[Component]:
    first, last = context.extent.first_day, context.extent.last_day
    found = course(context.source, alert, first, last) if first is not None and last is not None else None
    if found is None or not len(found.hours):
        return []
    shaded = [(row.started, row.ended) for row in records(spans)]
    figure = own_hours(found.hours, found.narrowing, shaded)
    return [
        html.H3(say("逐小时（条）"), className="alert-part"),
        html.P(_in_words(found), className="chart-says"),
        graph(figure, "alert-course"),
    ]


def _in_words(found: Course) -> str:
    """Return the highest hour in words, and what was expected then."""
    peak = found.hours.loc[found.hours["n"].idxmax()]
    when = f"{day_name(peak['hour'].date())} {peak['hour']:%H:%M}"
    if pd.isna(peak["expected"]):
        return say("{when} 最多，{n:,} 条；历史不足，没有预期。", when=when, n=int(peak["n"]))
    return say(
        "{when} 最多，{n:,} 条；前几周此时平均 {expected:.1f} 条（80% 区间 {low:.0f} 至 {high:.0f}）。"
        "阴影是告警的时间。",
        when=when, n=int(peak["n"]), expected=peak["expected"], low=peak["low"], high=peak["high"],
    )  # fmt: skip


def _occurrences(spans: pd.DataFrame) -> Component:
    if spans.empty:
        return html.Div(say("这条告警的联络已不在仓库中。"), className="foot-note")
    rows = [
        html.Li(
            [
                html.Span(f"{row.started:%m-%d %H:%M}–{row.ended:%m-%d %H:%M}"),
                opens(say("{n:,} 条原声", n=row.n_listed), f"part-n-{row.event_id}", **{row.event: row.event_id}),
                *([few()] if row.n_listed < _FEW_CONTACTS else []),
            ]
        )
        for row in records(spans)
    ]
    return html.Div([html.H3(say("发生了 {n} 次", n=len(rows)), className="alert-part"),
                     html.Ul(rows, className="occurrences")])  # fmt: skip


def _said(context: Context, alert: Alert) -> Component:
    quotes = alert_evidence.quotations(context.source, alert)
    looked("alert", urlencode({"alert": str(alert["alert_id"])}), [contact for contact, _ in quotes])
    related = alert_evidence.related(context.source, alert)
    found: list[Component] = [html.H3(say("客户怎么说"), className="alert-part")]
    found += [
        html.Button(
            line, id={"type": "contact-link", "contact": contact, "place": f"quote-{i}"}, n_clicks=0,
            className="quote", title=say("点开看对话"),
        )
        for i, (contact, line) in enumerate(quotes)
    ]  # fmt: skip
    if not quotes:
        found.append(html.Div(say("没有可引用的原话。"), className="foot-note"))
    if related:
        found.append(html.Div(say("同时上升：{words}", words="、".join(related)), className="foot-note"))
    return html.Div(found, className="quotes")


def _history(context: Context, alert: Alert) -> Component:
    inbox, zone = context.alerts.inbox, ZoneInfo(context.source.zone)
    if inbox is None:
        return html.Div(say("没有收件箱，告警是发布时的样子，不能处理。"), className="foot-note", id="no-inbox")
    moments: list[tuple[dt.datetime, Component]] = []
    for event in inbox.history(alert["alert_id"]):
        what = say(ALERT_EVENT_NAMES.get(event.what, event.what))
        if event.what != "commented":
            moments.append((event.at, _moment(event.at.astimezone(zone), _who(event.by), what, event.detail)))
    for comment in inbox.comments(alert["alert_id"]):
        at = comment.at.astimezone(zone)
        moments.append((comment.at, _moment(at, comment.by, say("备注"), comment.text, is_comment=True)))
    rows = [row for _, row in sorted(moments, key=lambda pair: pair[0])]
    return html.Div(
        [
            html.H3(say("经过与备注"), className="alert-part"),
            html.Ol(rows, className="alert-history", id="alert-history"),
        ]
    )


def _moment(at: dt.datetime, who: str, what: str, detail: str, *, is_comment: bool = False) -> html.Li:
    said = html.Span(detail, className="moment-detail" + (" is-comment" if is_comment else ""))
    return html.Li([html.Time(f"{at:%m-%d %H:%M}"), html.B(f"{who} · {what}"), said])


def _who(by: str) -> str:
    return say("系统") if by == SYSTEM else by
