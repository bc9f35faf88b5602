"""历史: what happened to a topic and what people decided, day by day, with the contacts that show it."""

from __future__ import annotations

from collections.abc import Sequence

import dash_mantine_components as dmc
from dash import html

from dashboards.data.inbox import MADE_BY
from dashboards.data.topic_history import Moment
from dashboards.language import msg, say
from dashboards.parts.cards import card, empty

_SAID = {
    "born": msg("首次出现"),
    "promoted": msg("转为正式主题"),
    "dormant": msg("转入沉寂"),
    "revived": msg("再次活跃"),
    "renamed": msg("改名"),
    "pin": msg("固定"),
    "unpin": msg("取消固定"),
    "hide": msg("隐藏"),
    "unhide": msg("取消隐藏"),
    "unrename": msg("恢复原名"),
    "untouchpoint": msg("触点恢复自动判断"),
    "unsplit": msg("撤销拆分"),
}
_MILESTONES = frozenset(("born", "promoted", "merged", "unmerged", "split", "merge", "unmerge"))


def timeline(moments: Sequence[Moment]) -> dmc.Paper:
    """Return the card; the last moment stands first."""
    if not moments:
        advice = say("主题的出现、合并、改名和沉寂会记在这里；在上方改名、合并或固定，也会记下是谁、为什么。")
        return card(say("历史"), empty(say("还没有记录"), advice), name="card-history")
    return card(say("历史"), html.Div([_moment(m, i) for i, m in enumerate(moments)], className="timeline"),
                note=say("{n} 条记录", n=len(moments)), name="card-history")  # fmt: skip


def said(moment: Moment) -> str:
    """Return what happened, in words.

    Examples
    --------
    >>> import datetime as dt
    >>> said(Moment(dt.date(2026, 9, 1), "merged", other="催发货"))
    '并入「催发货」'
    >>> said(Moment(dt.date(2026, 9, 1), "rename", value="催发货"))
    '改名为「催发货」'
    """
    other = moment.other
    pairs = {
        "merged": (say("并入「{other}」", other=other), say("「{other}」并入本主题", other=other)),
        "unmerged": (say("从「{other}」恢复独立", other=other), say("「{other}」恢复独立", other=other)),
        "split": (say("从「{other}」分出", other=other), say("分出「{other}」", other=other)),
    }
    pairs["merge"], pairs["unmerge"] = pairs["merged"], pairs["unmerged"]
    if moment.what == "split" and moment.value:
        return say("决定拆成 {n} 个主题", n=moment.value)
    if moment.what in pairs:
        return pairs[moment.what][moment.is_other]
    if moment.what == "rename":
        return say("改名为「{name}」", name=moment.value)
    if moment.what == "touchpoint":
        return say("触点改为「{name}」", name=moment.value)
    return say(_SAID[moment.what]) if moment.what in _SAID else moment.what


def _moment(moment: Moment, place: int) -> html.Div:
    by = [html.Span(say("看板") if moment.by == MADE_BY else moment.by, className="who")] if moment.by else []
    undone = [html.Span(say("已撤销"), className="badge is-quiet")] if moment.is_withdrawn else []
    links = [
        html.Button(say("原声 {i}", i=i), id={"type": "contact-link", "contact": c, "place": f"history-{place}-{i}"},
                    className="number", n_clicks=0, title=say("打开这条联络"),
                    **{"data-testid": f"history-{place}-{i}"})
        for i, c in enumerate(moment.contact_ids, start=1)
    ]  # fmt: skip
    reason = [html.Div(moment.why, className="moment-why")] if moment.why else []
    shown = [html.Div([say("可看："), *links], className="moment-links")] if links else []
    return html.Div(
        [
            html.Span(f"{moment.day:%Y-%m-%d}", className="moment-day"),
            html.I(className=f"moment-dot {'is-milestone' if moment.what in _MILESTONES else ''}"),
            html.Div([html.Div([html.B(said(moment)), *by, *undone], className="moment-said"), *reason, *shown]),
        ],
        className=f"moment {'is-undone' if moment.is_withdrawn else ''}",
    )
