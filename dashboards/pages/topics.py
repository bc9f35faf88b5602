"""主题: all topics, and one of them with its course, its words and its sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboards.charts import topic_mood, topic_share
from dashboards.context import Context, Page
from dashboards.data import topics
from dashboards.data.source import step_for
from dashboards.names import OTHER, STEPS, percent, percent_interval, score
from dashboards.parts.cards import card, empty, graph, mood_legend, opens
from dashboards.parts.topic_rows import topic_rows
from dashboards.parts.voices import grid
from dashboards.records import records

_EVENTS = {
    "born": "首次出现",
    "merged": "并入",
    "split": "分出",
    "dormant": "转入沉寂",
    "revived": "再次活跃",
    "renamed": "改名",
}


def render(context: Context) -> Sequence[Component]:
    """Return the page; the topic of the address is shown in detail, else the largest."""
    frame = topics.topic_table(context.source, context.selection)
    if frame.empty:
        return [empty("所选范围内没有联络", "放宽日期、渠道或商品，或点「重置」回到默认范围。", "no-contacts")]
    wanted = context.view.get("topic", str(frame["topic_id"].iloc[0]))
    found = frame[frame["topic_id"] == wanted]
    listed = card(
        f"全部主题（{int((frame['topic_id'] != '').sum())} 个）", topic_rows(context, frame, chosen=wanted),
        note=mood_legend(), name="card-topics",
    )  # fmt: skip
    detail = _missing(context, wanted) if found.empty else _detail(context, found.iloc[0].to_dict())
    return [html.Div([listed, html.Div(detail, className="stack")], className="columns is-topics")]


def _missing(context: Context, topic_id: str) -> list[Component]:
    known = topics.labels(context.source, [topic_id])
    name = f"「{known['label'].iloc[0]}」" if len(known) else "这个主题"
    return [card("主题", empty(f"{name}在所选范围内没有联络", "从左侧选一个主题，或放宽日期、渠道、商品。"))]


def _detail(context: Context, row: dict[Any, Any]) -> list[Component]:
    selection = context.selection.narrowed(topic=row["topic_id"])
    voices = card(
        "原声",
        grid(selection, context.extent, height="430px", compact=True),
        note=html.Span(f"共 {row['n']:,} 条", id="topic-voices-count"),
        name="card-topic-voices",
    )
    return [_head(context, row), *_course(context, row["topic_id"]), voices]


def _head(context: Context, row: dict[Any, Any]) -> Component:
    facts = [
        html.Span([html.B(percent(row["share"])), f" 占比（{percent_interval(row['share_low'], row['share_high'])}）"]),
        html.Span([html.B(score(row["mean"])), f" 情绪均分（{score(row['low'])} 至 {score(row['high'])}）"]),
        html.Span([opens(f"{row['n']:,}", "detail-n", topic=row["topic_id"]), f" 条 / 共 {row['n_total']:,} 条"]),
        html.Span(
            [opens(f"{row['n_negative']:,}", "detail-negative", topic=row["topic_id"], mood="negative"), " 条负面"]
        ),
    ]
    words = [html.Span(word, className="word") for word in row["words"][:12]]
    said = "没有主题贴合的联络。占比持续上升，往往意味着出现了新的话题。" if row["topic_id"] == "" else ""
    events = [
        html.Span(f"{e.day:%Y-%m-%d} {_EVENTS.get(e.event, e.event)}{e.other_label or ''}", className="event")
        for e in records(topics.topic_events(context.source, row["topic_id"]))
    ]
    title = OTHER if row["topic_id"] == "" else row["label"]
    body = [html.Div(facts, className="detail-facts"), html.Div(words or said, className="words")]
    return card(title, *body, *([html.Div(events, className="events")] if events else []), name="card-topic")


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
                card("占比", graph(topic_share(frame), "topic-share"), note=f"{step}，阴影为 95% 区间"),
                card("情绪", graph(topic_mood(frame), "topic-mood"), note=f"{step}，条数"),
            ],
            className="columns is-even",
        )
    ]


PAGE = Page("/topics", "主题", render)
