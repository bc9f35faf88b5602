"""历史: what happened to a topic and what people decided, day by day, with the contacts that show it."""

from __future__ import annotations

from collections.abc import Sequence

import dash_mantine_components as dmc
from dash import html

from dashboards.data.inbox import MADE_BY
from dashboards.data.topic_history import Moment
from dashboards.parts.cards import card, empty

_SAID = {
    "born": "首次出现",
    "promoted": "转为正式主题",
    "dormant": "转入沉寂",
    "revived": "再次活跃",
    "renamed": "改名",
    "pin": "固定",
    "unpin": "取消固定",
    "hide": "隐藏",
    "unhide": "取消隐藏",
    "unrename": "恢复原名",
    "untouchpoint": "触点恢复自动判断",
    "unsplit": "撤销拆分",
}
_MILESTONES = frozenset(("born", "promoted", "merged", "unmerged", "split", "merge", "unmerge"))


def timeline(moments: Sequence[Moment]) -> dmc.Paper:
    """Return the card; the last moment stands first."""
    if not moments:
        said = "主题的出现、合并、改名和沉寂会记在这里；在上方改名、合并或固定，也会记下是谁、为什么。"
        return card("历史", empty("还没有记录", said), name="card-history")
    return card("历史", html.Div([_moment(m, i) for i, m in enumerate(moments)], className="timeline"),
                note=f"{len(moments)} 条记录", name="card-history")  # fmt: skip


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
    other = f"「{moment.other}」"
    pairs = {
        "merged": (f"并入{other}", f"{other}并入本主题"),
        "unmerged": (f"从{other}恢复独立", f"{other}恢复独立"),
        "split": (f"从{other}分出", f"分出{other}"),
    }
    pairs["merge"], pairs["unmerge"] = pairs["merged"], pairs["unmerged"]
    if moment.what == "split" and moment.value:
        return f"决定拆成 {moment.value} 个主题"
    if moment.what in pairs:
        return pairs[moment.what][moment.is_other]
    if moment.what == "rename":
        return f"改名为「{moment.value}」"
    if moment.what == "touchpoint":
        return f"触点改为「{moment.value}」"
    return _SAID.get(moment.what, moment.what)


def _moment(moment: Moment, place: int) -> html.Div:
    by = [html.Span("看板" if moment.by == MADE_BY else moment.by, className="who")] if moment.by else []
    undone = [html.Span("已撤销", className="badge is-quiet")] if moment.is_withdrawn else []
    links = [
        html.Button(f"原声 {i}", id={"type": "contact-link", "contact": c, "place": f"history-{place}-{i}"},
                    className="number", n_clicks=0, title="打开这条联络", **{"data-testid": f"history-{place}-{i}"})
        for i, c in enumerate(moment.contact_ids, start=1)
    ]  # fmt: skip
    reason = [html.Div(moment.why, className="moment-why")] if moment.why else []
    shown = [html.Div(["可看：", *links], className="moment-links")] if links else []
    return html.Div(
        [
            html.Span(f"{moment.day:%Y-%m-%d}", className="moment-day"),
            html.I(className=f"moment-dot {'is-milestone' if moment.what in _MILESTONES else ''}"),
            html.Div([html.Div([html.B(said(moment)), *by, *undone], className="moment-said"), *reason, *shown]),
        ],
        className=f"moment {'is-undone' if moment.is_withdrawn else ''}",
    )
