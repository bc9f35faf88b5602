"""One topic: its numbers, decisions, course, what its customers say, shares, what moved its mood, and its history."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from dash import dcc, html
from dash.development.base_component import Component

from analytics.names import MOOD_NAMES
from dashboards.charts_topics import topic_mood, topic_share
from dashboards.context import Context
from dashboards.data import topics
from dashboards.data.source import step_of
from dashboards.data.topic_history import history
from dashboards.language import say
from dashboards.names import OTHER, STEPS, percent, percent_interval, score
from dashboards.parts.cards import Chart, card, chart_card, empty, opens
from dashboards.parts.changed import VERDICTS, changed
from dashboards.parts.topic_actions import actions, pending
from dashboards.parts.topic_badges import badges
from dashboards.parts.topic_drivers import topic_drivers
from dashboards.parts.topic_rows import is_compared
from dashboards.parts.topic_splits import splits
from dashboards.parts.topic_timeline import timeline
from dashboards.parts.topic_words import words_card
from dashboards.parts.voices import grid


def detail(context: Context, row: dict[Any, Any], known: pd.DataFrame) -> list[Component]:
    """Return the cards of a topic with contacts in the selection.

    Parameters
    ----------
    row : dict
        The topic's row of `dashboards.data.topics.topic_table`.
    known : DataFrame
        `dashboards.data.topics.known`.
    """
    topic_id = str(row["topic_id"])
    voices = card(
        say("原声"),
        grid(context.selection.narrowed(topic=topic_id), context.extent, height="430px", compact=True),
        note=html.Span(say("共 {n:,} 条", n=int(row["n"])), id="topic-voices-count"),
        name="card-topic-voices",
    )
    past = [] if topic_id == "" else [_history(context, topic_id)]
    moved = [topic_drivers(context, topic_id)] if context.is_dated else []
    said = [words_card(context, topic_id, row["words"])] if context.is_dated else []
    return [_head(context, row, known), *_course(context, topic_id), *said, splits(context, topic_id), *moved, voices,
            *past]  # fmt: skip


def missing(context: Context, topic_id: str, known: pd.DataFrame) -> list[Component]:
    """Return the cards of a topic without contacts in the selection: part of another, or of other days."""
    rows = known[known["topic_id"] == topic_id].to_dict("records")
    advice = say("从左侧选一个主题，或放宽日期、渠道、商品。")
    if not rows:
        return [card(say("主题"), empty(say("这个主题在所选范围内没有联络"), advice))]
    row = rows[0]
    if row["into"] in set(known["topic_id"]):
        other = names_of(known)[row["into"]]
        link = dcc.Link(
            say("看「{other}」", other=other), href=context.href("/topics", topic=row["into"]), className="more"
        )
        said: Any = empty(say("它的联络都算在「{other}」里", other=other), link)
    else:
        said = empty(say("所选范围内没有联络"), advice)
    return [_titled(row, known, [*_decisions(context, row, known), said]), _history(context, topic_id)]


def names_of(known: pd.DataFrame) -> dict[str, str]:
    """Return topic → name."""
    return dict(zip(known["topic_id"], known["label"], strict=True))


def _decisions(context: Context, row: dict[Any, Any], known: pd.DataFrame) -> list[Component]:
    over, may = context.source.decided(), context.viewer.may_decide
    lines = html.Div(pending(row, known, over, may=may), className="pendings")
    return [lines, actions(row, known, over, may=may)]


def _history(context: Context, topic_id: str) -> Component:
    return timeline(history(context.source, topic_id, context.decisions.of(topic_id)))


def _head(context: Context, row: dict[Any, Any], known: pd.DataFrame) -> Component:
    topic_id = row["topic_id"]
    share = say("占比（{interval}）", interval=percent_interval(row["share_low"], row["share_high"]))
    mood = say("情绪均分（{low} 至 {high}）", low=score(row["low"]), high=score(row["high"]))
    number = opens(f"{row['n']:,}", "detail-n", topic=topic_id)
    facts = [
        html.Span([html.B(percent(row["share"])), " ", share]),
        html.Span([html.B(score(row["mean"])), " ", mood]),
        html.Span([number, " ", say("条 / 共 {n:,} 条", n=int(row["n_total"]))]),
        *(
            html.Span([say(name), " ", opens(f"{row[f'n_{mood}']:,}", f"detail-{mood}", topic=topic_id, mood=mood)])
            for mood, name in MOOD_NAMES.items()
        ),
        *_compared(context, row),
        *([html.Span([say("触点："), row["touchpoint"]])] if row["touchpoint"] else []),
    ]
    body: list[Component] = [html.Div(facts, className="detail-facts")]
    if topic_id == "":
        other = say("没有主题贴合的联络。占比持续上升，往往意味着出现了新的话题。")
        return card(say(OTHER), *body, html.Div(other, className="words"), name="card-topic")
    if not context.is_dated:
        body.append(html.Div([html.Span(word, className="word") for word in row["words"][:12]], className="words"))
    body += _mentions(context, topic_id)
    mine = known[known["topic_id"] == topic_id].to_dict("records")
    body += _decisions(context, mine[0], known) if mine else []
    return _titled(row, known, body)


def _titled(row: dict[Any, Any], known: pd.DataFrame, body: Sequence[Component]) -> Component:
    note = html.Div(badges(row, names=names_of(known)), className="badges")
    return card(row["label"], *body, note=note, name="card-topic")


def _compared(context: Context, row: dict[Any, Any]) -> list[Component]:
    if not is_compared(context) or row["verdict"] not in VERDICTS or row["verdict"] == "none":
        return []
    return [html.Span([say("较上期"), " ", changed(row, interval=True)], id="detail-change")]


def _mentions(context: Context, topic_id: str) -> list[Component]:
    n = topics.n_mentions(context.source, context.selection, topic_id)
    if not n:
        return []
    title = say("为别的事来、也提到它的联络")
    number = opens(f"{n:,}", "detail-mentions", title=title, mentions=topic_id)
    return [html.Div([say("另有"), " ", number, " ", say("条联络顺带提到")], className="mentions")]


def _course(context: Context, topic_id: str) -> list[Component]:
    if not context.is_dated:
        advice = say("分析时用 --time 指定时间列，即可看到占比与情绪的变化。")
        return [card(say("随时间的变化"), empty(say("这批数据没有时间"), advice))]
    frame = topics.topic_over_time(context.source, context.selection, topic_id)
    step = say(STEPS[step_of(context.filters, int(frame["n_total"].sum()))])
    share = Chart(
        topic_share(frame, topic_id), "topic-share", say("占比"), say("{step}，阴影为 95% 区间", step=step),
        says=_peak(frame),
    )  # fmt: skip
    mood = Chart(topic_mood(frame, topic_id), "topic-mood", say("情绪"), say("{step}，条数", step=step))
    return [html.Div([chart_card(context, share), chart_card(context, mood)], className="columns is-even")]


def _peak(frame: pd.DataFrame) -> str:
    """Return when the share was highest, where that interval lies above the share of the whole period."""
    whole = frame["n"].sum() / max(frame["n_total"].sum(), 1)
    sure = frame[frame["share_low"] > whole]
    if sure.empty:
        return ""
    top = sure.loc[sure["share"].idxmax()]
    return say(
        "最高在 {when}：{share}，全期 {whole}。", when=pd.Timestamp(top["day_from"]).strftime("%Y-%m-%d"),
        share=percent(top["share"]), whole=percent(whole),
    )  # fmt: skip
