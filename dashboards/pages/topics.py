"""主题: all topics, and one of them with its course, its shares, its history and its sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from dash import dcc, html
from dash.development.base_component import Component

from dashboards.charts_topics import topic_mood, topic_share
from dashboards.context import Context, Page
from dashboards.data import topics
from dashboards.data.source import step_for
from dashboards.data.topic_history import history
from dashboards.names import OTHER, STEPS, percent, percent_interval, score
from dashboards.parts.cards import card, empty, graph, opens
from dashboards.parts.changed import VERDICTS, changed
from dashboards.parts.topic_actions import actions, pending
from dashboards.parts.topic_badges import badges
from dashboards.parts.topic_list import topic_list
from dashboards.parts.topic_rows import is_compared
from dashboards.parts.topic_splits import splits
from dashboards.parts.topic_timeline import timeline
from dashboards.parts.voices import grid


def render(context: Context) -> Sequence[Component]:
    """Return the page; the topic of the address is shown in detail, else the largest."""
    frame = topics.topic_table(context.source, context.selection)
    if frame.empty:
        return [empty("所选范围内没有联络", "放宽日期、渠道或商品，或点「重置」回到默认范围。", "no-contacts")]
    visible = frame[~frame["hidden"]]
    wanted = context.view.get("topic", str((visible if len(visible) else frame)["topic_id"].iloc[0]))
    found = frame[frame["topic_id"] == wanted]
    known = topics.known(context.source)
    listed = topic_list(context, frame, wanted)
    detail = _missing(context, wanted, known) if found.empty else _detail(context, found.iloc[0].to_dict(), known)
    return [html.Div([listed, html.Div(detail, className="stack")], className="columns is-topics")]


def _missing(context: Context, topic_id: str, known: pd.DataFrame) -> list[Component]:
    """Return the card of a topic without contacts in the selection: part of another, or of other days."""
    rows = known[known["topic_id"] == topic_id].to_dict("records")
    if not rows:
        return [card("主题", empty("这个主题在所选范围内没有联络", "从左侧选一个主题，或放宽日期、渠道、商品。"))]
    row = rows[0]
    if row["into"] in set(known["topic_id"]):
        names = _names(known)
        link = dcc.Link(
            f"看「{names[row['into']]}」", href=context.href("/topics", topic=row["into"]), className="more"
        )
        said: Any = empty(f"它的联络都算在「{names[row['into']]}」里", link)
    else:
        said = empty("所选范围内没有联络", "从左侧选一个主题，或放宽日期、渠道、商品。")
    over = context.source.decided()
    body = [html.Div(pending(row, known, over), className="pendings"), actions(row, known, over), said]
    return [_titled(row, known, body), _history(context, topic_id)]


def _detail(context: Context, row: dict[Any, Any], known: pd.DataFrame) -> list[Component]:
    selection = context.selection.narrowed(topic=row["topic_id"])
    voices = card(
        "原声",
        grid(selection, context.extent, height="430px", compact=True),
        note=html.Span(f"共 {row['n']:,} 条", id="topic-voices-count"),
        name="card-topic-voices",
    )
    past = [] if row["topic_id"] == "" else [_history(context, row["topic_id"])]
    return [
        _head(context, row, known), *_course(context, row["topic_id"]), splits(context, row["topic_id"]), voices, *past
    ]  # fmt: skip


def _history(context: Context, topic_id: str) -> Component:
    return timeline(history(context.source, topic_id, context.decisions.of(topic_id)))


def _head(context: Context, row: dict[Any, Any], known: pd.DataFrame) -> Component:
    facts = [
        html.Span([html.B(percent(row["share"])), f" 占比（{percent_interval(row['share_low'], row['share_high'])}）"]),
        html.Span([html.B(score(row["mean"])), f" 情绪均分（{score(row['low'])} 至 {score(row['high'])}）"]),
        html.Span([opens(f"{row['n']:,}", "detail-n", topic=row["topic_id"]), f" 条 / 共 {row['n_total']:,} 条"]),
        html.Span(
            [opens(f"{row['n_negative']:,}", "detail-negative", topic=row["topic_id"], mood="negative"), " 条负面"]
        ),
        *_compared(context, row),
        *([html.Span(["触点：", row["touchpoint"]])] if row["touchpoint"] else []),
    ]
    words = [html.Span(word, className="word") for word in row["words"][:12]]
    said = "没有主题贴合的联络。占比持续上升，往往意味着出现了新的话题。" if row["topic_id"] == "" else ""
    body: list[Component] = [html.Div(facts, className="detail-facts"), html.Div(words or said, className="words")]
    if row["topic_id"] == "":
        return card(OTHER, *body, name="card-topic")
    mine = known[known["topic_id"] == row["topic_id"]].to_dict("records")
    over = context.source.decided()
    body += _mentions(context, row["topic_id"])
    if mine:
        body += [html.Div(pending(mine[0], known, over), className="pendings"), actions(mine[0], known, over)]
    return _titled(row, known, body)


def _titled(row: dict[Any, Any], known: pd.DataFrame, body: Sequence[Component]) -> Component:
    return card(
        row["label"], *body, note=html.Div(badges(row, names=_names(known)), className="badges"), name="card-topic"
    )


def _compared(context: Context, row: dict[Any, Any]) -> list[Component]:
    if not is_compared(context) or row["verdict"] not in VERDICTS or row["verdict"] == "none":
        return []
    return [html.Span(["较上期 ", changed(row, interval=True)], id="detail-change")]


def _mentions(context: Context, topic_id: str) -> list[Component]:
    n = topics.n_mentions(context.source, context.selection, topic_id)
    if not n:
        return []
    number = opens(f"{n:,}", "detail-mentions", title="为别的事来、也提到它的联络", mentions=topic_id)
    return [html.Div(["另有 ", number, " 条联络顺带提到"], className="mentions")]


def _course(context: Context, topic_id: str) -> list[Component]:
    if not context.is_dated:
        return [
            card("随时间的变化", empty("这批数据没有时间", "分析时用 --time 指定时间列，即可看到占比与情绪的变化。"))
        ]
    frame = topics.topic_over_time(context.source, context.selection, topic_id)
    step = STEPS[step_for(context.source, context.selection)]
    return [
        html.Div(
            [
                card("占比", graph(topic_share(frame, topic_id), "topic-share"), note=f"{step}，阴影为 95% 区间"),
                card("情绪", graph(topic_mood(frame, topic_id), "topic-mood"), note=f"{step}，条数"),
            ],
            className="columns is-even",
        )
    ]


def _names(known: pd.DataFrame) -> dict[str, str]:
    return dict(zip(known["topic_id"], known["label"], strict=True))


PAGE = Page("/topics", "主题", render)
