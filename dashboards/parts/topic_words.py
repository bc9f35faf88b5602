"""客户怎么说: typical words and phrases of a topic with their contacts, and what is said more than before."""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboards.context import Context
from dashboards.data.topic_words import SPANS_DAYS, Words, topic_words
from dashboards.data.topics import known
from dashboards.exports import offer
from dashboards.language import msg, say
from dashboards.names import percent, span_name
from dashboards.parts.cards import card, empty, opens
from dashboards.parts.changed import changed

N_WORDS, N_PHRASES, N_GROWN = 12, 8, 6
_KINDS = {"word": msg("典型词"), "phrase": msg("原话"), "other": msg("其他词")}


def words_card(context: Context, topic_id: str, typical: list[str]) -> Component:
    """Return the card of one topic; `typical` are its own words."""
    found = topic_words(context.source, context.selection, topic_id, typical)
    title, name = say("客户怎么说"), "card-words"
    if found.rows.empty:
        advice = say("数这些词要读联络的文字；这几天的联络没有可读的客户原话，放宽日期再看。")
        return card(title, empty(say("还数不出常用的词"), advice, "no-words"), name=name)
    why = say("数词要读文字：最多读最近 {n} 天，联络特别多的主题读得更短", n=SPANS_DAYS[0])
    days = html.Span(span_name(found.since, found.until), className="chart-period", title=why)
    body = [
        _line(found, "word", say("典型词"), topic_id, N_WORDS),
        _line(found, "phrase", say("常见原话"), topic_id, N_PHRASES),
        _grown(context, found, topic_id),
    ]
    return card(title, *body, note=[say("每个词的联络条数"), days], name=name, export="topic-words")


def _line(found: Words, kind: str, title: str, topic_id: str, most: int) -> html.Div:
    rows = found.of(kind).head(most).to_dict("records")
    chips: list[Any] = [_chip(found, row, topic_id) for row in rows]
    none = [html.Span(say("这段时间没有几条联络说一样的话"), className="words-none")]
    return html.Div([html.H3(title, className="words-title"), html.Div(chips or none, className="words")])


def _chip(found: Words, row: dict[Any, Any], topic_id: str) -> html.Span:
    title = say("{n:,} 条联络说到，占本主题 {share}；点开看原声", n=int(row["n"]), share=percent(row["share"]))
    number = opens(
        [html.Span(row["word"]), html.B(f"{row['n']:,}")], f"word-{row['word']}", look="word is-open", title=title,
        **_spec(found, str(row["word"]), topic_id),
    )  # fmt: skip
    return number


def _grown(context: Context, found: Words, topic_id: str) -> html.Div:
    head = html.H3(say("比之前说得多"), className="words-title")
    assert found.since is not None
    n_days = (found.until - found.since).days + 1 if found.until else 0
    first = context.extent.first_day
    if first is None or (found.since - first).days < n_days:
        said = say("数据不够早，没有可比的前 {n} 天。", n=n_days)
        return html.Div([head, html.Div(said, className="words-none")])
    rows = found.grown.head(N_GROWN).to_dict("records")
    if not rows:
        said = say("与前 {n} 天相比，没有哪个词的占比显著上升。", n=n_days)
        return html.Div([head, html.Div(said, className="words-none")])
    return html.Div([head, *(_grown_row(found, row, topic_id) for row in rows)], className="grown")


def _grown_row(found: Words, row: dict[Any, Any], topic_id: str) -> html.Div:
    number = opens(f"{row['n']:,}", f"grown-{row['word']}", **_spec(found, str(row["word"]), topic_id))
    was = html.Small(say("之前 {n:,} 条", n=int(row["n_before"])))
    return html.Div(
        [html.Span(row["word"], className="grown-word"), html.Span([number, was]), changed(row, before=msg("之前"))],
        className="grown-row",
    )


def _spec(found: Words, word: str, topic_id: str) -> dict[str, str]:
    return {"topic": topic_id, "exact": word, "day_from": str(found.since), "day_to": str(found.until)}


def _read(context: Context) -> pd.DataFrame:
    """Return the words of the topic of the address as a table to take along."""
    every = known(context.source)
    wanted = context.view.get("topic") or _largest(context)
    mine = every[every["topic_id"] == wanted]
    words = mine["words"].iloc[0] if len(mine) else []
    rows = topic_words(context.source, context.selection, wanted, words).rows
    return pd.DataFrame(
        {
            say("词"): rows["word"], say("类别"): [say(_KINDS[kind]) for kind in rows["kind"]], say("条数"): rows["n"],
            say("占本主题"): rows["share"], say("之前条数"): rows["n_before"], say("占比变化"): rows["change"],
            say("变化下限"): rows["change_low"], say("变化上限"): rows["change_high"], say("q 值"): rows["q_value"],
        }
    )  # fmt: skip


def _largest(context: Context) -> str:
    found = context.source.over(
        context.selection,
        "SELECT topic_id FROM contact WHERE {where} AND topic_id IS NOT NULL"
        " GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1",
    )
    return str(found["topic_id"].iloc[0]) if len(found) else ""


offer("topic-words", msg("主题的词"), _read, page="/topics")
