"""新主题: topics that came up by themselves or are on trial, since when, how they grow, and what is said in them."""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import dcc, html
from dash.development.base_component import Component

from dashboards.charts_topics import topic_counts
from dashboards.context import Context
from dashboards.data import topics
from dashboards.data.topic_births import births, sentences
from dashboards.language import say
from dashboards.names import percent
from dashboards.parts.cards import card, empty, graph, opens
from dashboards.parts.changed import changed, p_said
from dashboards.parts.topic_badges import badges
from dashboards.parts.topic_rows import is_compared

_MAX = 20


def births_view(context: Context, frame: pd.DataFrame) -> list[Component]:
    """Return the view; `frame` is `dashboards.data.topics.topic_table`."""
    title, name = say("新主题"), "card-births"
    if not context.is_dated:
        advice = say("分析时用 --time 指定时间列，即可发现新出现的主题。")
        return [card(title, empty(say("这批数据没有时间"), advice), name=name)]
    found = births(context.source, context.filters)
    rows = frame.set_index("topic_id", drop=False)
    found = found[found["topic_id"].isin(rows.index)].head(_MAX)
    if found.empty:
        advice = say(
            "新主题每天自动寻找：很多人开始说一件以前没人说的事，它就会出现在这里，并发出提醒。可放宽日期查看更早的。"
        )
        return [card(title, empty(say("这段时间没有出现新主题"), advice, "no-births"), name=name)]
    said = sentences(context.source, found)
    counted = topics.courses(topics.days(context.source, context.selection), context.selection, list(found["topic_id"]))
    body = [
        _birth(context, dict(rows.loc[row["topic_id"]]) | row, said.get(row["topic_id"], []),
               counted[counted["key"] == row["topic_id"]])
        for row in found.to_dict("records")
    ]  # fmt: skip
    note = say("{n} 个；包括观察中的主题，和在所选日期里出现的主题", n=len(found))
    return [card(title, html.Div(body, className="births"), note=note, name=name)]


def _birth(context: Context, row: dict[Any, Any], said: list[tuple[str, str]], counted: pd.DataFrame) -> html.Article:
    topic_id = row["topic_id"]
    name = dcc.Link(row["label"], href=context.href("/topics", topic=topic_id), className="topic-name")
    since = say("{day} 首次出现", day=row["born"]) if row["born"] else say("首次出现的日子不详")
    facts: list[Any] = [
        html.Span(since),
        html.Span([opens(f"{row['n']:,}", f"birth-n-{topic_id}", topic=topic_id), " ",
                   say("条，占 {share}", share=percent(row["share"]))]),
    ]  # fmt: skip
    if is_compared(context) and row["verdict"] != "none":
        facts.append(html.Span([say("较上期"), " ", changed(row)]))
    if pd.notna(row["n_texts"]):
        shown = say("当天 {n:,} 条说法，照以往只该有 {expected:.1f} 条（p {p}）", n=int(row["n_texts"]),
                    expected=row["expected"], p=p_said(row["p_value"]))  # fmt: skip
        facts.append(html.Span(shown))
    phrases = [
        opens(phrase, f"birth-phrase-{topic_id}-{i}", look="word is-open", topic=topic_id, exact=phrase)
        for i, phrase in enumerate(row["phrases"][:6])
    ]
    return html.Article(
        [
            html.Div([html.H3([name, *badges(row)]), html.Div(facts, className="detail-facts"),
                      *([html.Div(phrases, className="words")] if phrases else []), _said(topic_id, said)],
                     className="birth-text"),
            html.Div(graph(topic_counts(counted, topic_id), f"birth-{topic_id}"), className="birth-chart"),
        ],
        className="birth", **{"data-testid": f"birth-{topic_id}"},
    )  # fmt: skip


def _said(topic_id: str, said: list[tuple[str, str]]) -> html.Ul:
    return html.Ul(
        [
            html.Li(
                html.Button(text, id={"type": "contact-link", "contact": contact, "place": f"birth-{topic_id}-{i}"},
                            className="quote", n_clicks=0, title=say("打开这条联络"),
                            **{"data-testid": f"birth-{topic_id}-{i}"})
            )
            for i, (contact, text) in enumerate(said)
        ],
        className="quotes",
    )  # fmt: skip
