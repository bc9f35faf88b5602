"""The list of all topics: searched by word, by size or along the customer's way, hidden ones on demand."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
import pandas as pd
from dash import dcc, html
from dash.development.base_component import Component

from dashboards.context import Context
from dashboards.data.touchpoints import UNKNOWN, stages
from dashboards.language import msg, say
from dashboards.names import percent
from dashboards.parts.cards import card, empty, mood_legend
from dashboards.parts.topic_rows import head, topic_row, widest

_VIEWS = ((None, msg("按大小")), ("stage", msg("按旅程阶段")))


def topic_list(context: Context, frame: pd.DataFrame, chosen: str) -> dmc.Paper:
    """Return the card of the list; `frame` is `dashboards.data.topics.topic_table`, `chosen` the topic in detail."""
    n_hidden = int(frame["hidden"].sum())
    shown = frame if context.view.get("hidden") else frame[~frame["hidden"]]
    n_topics = int((shown["topic_id"] != "").sum())
    if context.view.get("group") == "stage":
        rows = _by_stage(context, shown, chosen)
    else:
        rows = [topic_row(context, row, widest(shown), chosen=chosen) for row in shown.to_dict("records")]
    body = [
        _tools(context, n_hidden),
        html.Div([head(context), *rows], className="topic-rows", id="topic-rows"),
        html.Div(
            empty(say("没有匹配的主题"), say("换一个词，或清空搜索框；被隐藏的主题要先点「显示已隐藏」。"), "no-match"),
            id="topic-no-match",
            style={"display": "none"},
        ),
    ]
    if not n_topics:
        advice = say("联络太少，或主题尚未计算：运行 kesheng run 后刷新。全部被隐藏时，点「显示已隐藏」。")
        body.append(empty(say("还没有主题"), advice, "no-topics"))
    return card(say("全部主题（{n} 个）", n=n_topics), *body, note=mood_legend(), name="card-topics", export="topics")


def _tools(context: Context, n_hidden: int) -> html.Div:
    search = dmc.TextInput(
        id="topic-search", placeholder=say("搜名称或关键词"), size="xs", className="topic-search", value="",
        persistence="topics", persistence_type="memory", **{"aria-label": say("搜索主题")},
    )  # fmt: skip
    here = {name: context.view[name] for name in ("topic", "hidden", "group") if name in context.view}
    views = [
        dcc.Link(
            say(name),
            href=context.href("/topics", **{**here, "group": group}),
            className=f"pill {'is-on' if context.view.get('group') == group else ''}",
        )
        for group, name in _VIEWS
    ]
    is_shown = bool(context.view.get("hidden"))
    switch = dcc.Link(
        say("收起已隐藏（{n}）", n=n_hidden) if is_shown else say("显示已隐藏（{n}）", n=n_hidden),
        href=context.href("/topics", **{**here, "hidden": None if is_shown else "1"}), className="more",
        id="show-hidden",
    )  # fmt: skip
    return html.Div(
        [search, html.Div(views, className="pills is-small"), *([switch] if n_hidden else [])], className="topic-tools"
    )


def _by_stage(context: Context, shown: pd.DataFrame, chosen: str) -> list[Component]:
    longest = widest(shown)
    rows: list[Component] = []
    for stage, points in [*stages().items(), (UNKNOWN, (UNKNOWN,))]:
        of_stage = shown[_point(shown).isin(points)]
        if of_stage.empty:
            continue
        total = percent(float(of_stage["share"].sum()))
        rows.append(_heading(stage, say("{n} 个主题，占 {share}", n=len(of_stage), share=total), "stage"))
        for point in points:
            of_point = of_stage[_point(of_stage) == point].to_dict("records")
            if of_point and point != UNKNOWN:
                rows.append(_heading(point, "", "point"))
            rows += [topic_row(context, row, longest, chosen=chosen) for row in of_point]
    rest = shown[shown["topic_id"] == ""].to_dict("records")
    return [
        *rows,
        *([_heading(say("未归入主题"), "", "stage")] if rest else []),
        *(topic_row(context, row, longest, chosen=chosen) for row in rest),
    ]


def _point(frame: pd.DataFrame) -> pd.Series:
    """Return the touchpoint of each topic; what is no topic has none and is not unknown either."""
    framed = {point for points in stages().values() for point in points}
    known = frame["touchpoint"].where(frame["touchpoint"].isin(framed), UNKNOWN)
    return known.where(frame["topic_id"] != "", "")


def _heading(name: str, said: str, kind: str) -> html.Div:
    parts: list[Any] = [html.Span(name), *([html.Small(said)] if said else [])]
    return html.Div(parts, className=f"topic-heading is-{kind}")
