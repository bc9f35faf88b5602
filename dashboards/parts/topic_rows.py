"""Topics as rows: name, share as a bar coloured by mood, interval, count, change."""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import dcc, html

from analytics.names import MOOD_NAMES
from dashboards.context import Context
from dashboards.intervals import SMALL_N
from dashboards.mood_shares import mood_share
from dashboards.names import percent, percent_interval, score
from dashboards.parts.cards import change, few, opens


def topic_rows(context: Context, frame: pd.DataFrame, *, chosen: str | None = None, place: str = "topic") -> html.Div:
    """Return a row for each topic of `dashboards.data.topics.topic_table`; `chosen` is marked."""
    widest = max([*frame["share"], 1e-9])
    compared = bool(len(frame)) and _has_before(context, frame)
    heads = ("主题", "占比与情绪", "占比（95% 区间）", "条数", "情绪均分", "较上期" if compared else "")
    meanings = {"较上期": "占比与上一个等长时段相比，单位百分点；灰色表示差异不显著"}
    head = html.Div([html.Span(text, title=meanings.get(text, "")) for text in heads], className="topic-row is-head")
    rows = [
        _row(context, row, widest, chosen=chosen, place=place, compared=compared) for row in frame.to_dict("records")
    ]
    return html.Div([head, *rows], className="topic-rows", id=f"{place}-rows")


def _row(
    context: Context, row: dict[Any, Any], widest: float, *, chosen: str | None, place: str, compared: bool
) -> html.Div:
    topic_id, small = row["topic_id"], row["n"] < SMALL_N
    marks = [few()] if small else []
    return html.Div(
        [
            html.Span([dcc.Link(row["label"], href=context.href("/topics", topic=topic_id), className="topic-name",
                                title="、".join(row["words"][:8])), *marks], className="topic-label"),
            _bar(row, row["share"] / widest, place),
            html.Span([html.B(percent(row["share"])),
                       html.Small(percent_interval(row["share_low"], row["share_high"]))]),
            opens(f"{row['n']:,}", f"{place}-n-{topic_id or 'other'}", topic=topic_id),
            html.Span([html.B(score(row["mean"])), html.Small(f"{score(row['low'])} 至 {score(row['high'])}")]
                      if row["n_mood"] else "–", className="topic-mood"),
            _change(row) if compared else html.Span(),
        ],
        className=f"topic-row {'is-chosen' if chosen == topic_id else ''} {'is-small' if small else ''}",
        **{"data-testid": f"{place}-row-{topic_id or 'other'}"},
    )  # fmt: skip


def _bar(row: dict[Any, Any], width: float, place: str) -> html.Div:
    total = max(row["n_mood"], 1)
    shares = {mood: mood_share(mood, int(row[f"n_{mood}"]), int(row["n_mood"])) for mood in MOOD_NAMES}
    parts = [
        html.Span(
            opens("", f"{place}-bar-{row['topic_id'] or 'other'}-{mood}", look=f"segment mood-{mood}",
                  title=shares[mood],
                  topic=row["topic_id"], mood=mood),
            style={"width": f"{row[f'n_{mood}'] / total:.2%}"},
        )
        for mood in MOOD_NAMES
    ]  # fmt: skip
    return html.Div(
        html.Div(parts, className="mood-bar", style={"width": f"{max(width, 0.01):.2%}"}), className="bar-place"
    )


def _change(row: dict[Any, Any]) -> html.Span:
    difference = (row["share"] - row["share_before"]) * 100
    arrow = "↑" if difference > 0 else "↓" if difference < 0 else ""
    return change(f"{arrow}{abs(difference):.1f}", differs=bool(row["differs"]))


def _has_before(context: Context, frame: pd.DataFrame) -> bool:
    before, first = context.filters.before(), context.extent.first_day
    return before is not None and first is not None and before.start is not None and before.start >= first
