"""Topics as rows: name, share as a bar coloured by mood, interval, count, change."""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import dcc, html

from analytics.names import MOOD_NAMES
from dashboards.context import Context
from dashboards.intervals import SMALL_N
from dashboards.language import msg, say
from dashboards.mood_shares import mood_share
from dashboards.names import percent, percent_interval, score
from dashboards.parts.cards import few, opens
from dashboards.parts.changed import changed
from dashboards.parts.topic_badges import badges

_HEADS = (msg("主题"), msg("占比与情绪"), msg("占比（95% 区间）"), msg("条数"), msg("情绪均分"), msg("较上期"))
_MEANINGS = {msg("较上期"): msg("占比与上一个等长时段相比，单位百分点；按逐日数据检验，并按主题个数校正；灰色的不显著")}


def topic_rows(context: Context, frame: pd.DataFrame, *, chosen: str | None = None, place: str = "topic") -> html.Div:
    """Return a row for each topic of `dashboards.data.topics.topic_table`; `chosen` is marked."""
    rows = [topic_row(context, row, widest(frame), chosen=chosen, place=place) for row in frame.to_dict("records")]
    return html.Div([head(context), *rows], className="topic-rows", id=f"{place}-rows")


def head(context: Context) -> html.Div:
    """Return the names of the columns."""
    shown = (*_HEADS[:-1], _HEADS[-1] if is_compared(context) else "")
    return html.Div(
        [
            html.Span(say(text) if text else "", title=say(_MEANINGS[text]) if text in _MEANINGS else "")
            for text in shown
        ],
        className="topic-row is-head",
    )


def widest(frame: pd.DataFrame) -> float:
    """Return the share that has a bar of full length."""
    return float(max([*frame["share"], 1e-9]))


def topic_row(
    context: Context, row: dict[Any, Any], longest: float, *, chosen: str | None = None, place: str = "topic"
) -> html.Div:
    """Return the row of one topic; links keep how the list is shown."""
    topic_id, small = row["topic_id"], row["n"] < SMALL_N
    marks = [few()] if small else []
    kept = {name: context.view[name] for name in ("group", "hidden") if name in context.view}
    return html.Div(
        [
            html.Span([dcc.Link(row["label"], href=context.href("/topics", **kept, topic=topic_id),
                                className="topic-name", title="、".join([row["label"], *row["words"][:8]])),
                       *badges(row, short=True), *marks], className="topic-label"),
            _bar(row, row["share"] / longest, place),
            html.Span([html.B(percent(row["share"])),
                       html.Small(percent_interval(row["share_low"], row["share_high"]))]),
            opens(f"{row['n']:,}", f"{place}-n-{topic_id or 'other'}", topic=topic_id),
            html.Span(mood_said(row["mean"], row["low"], row["high"]) if row["n_mood"] else "–",
                      className="topic-mood"),
            changed(row) if is_compared(context) else html.Span(),
        ],
        className=f"topic-row {'is-chosen' if chosen == topic_id else ''} {'is-small' if small else ''}",
        **{"data-testid": f"{place}-row-{topic_id or 'other'}",
           "data-words": " ".join([row["label"], *row["words"]]).lower()},
    )  # fmt: skip


def mood_said(mean: float, low: float, high: float) -> list[Any]:
    """Return a mean mood and its interval."""
    return [html.B(score(mean)), html.Small(say("{low} 至 {high}", low=score(low), high=score(high)))]


def is_compared(context: Context) -> bool:
    """Return whether the data reaches back over all of the period before."""
    before, first = context.filters.before(), context.extent.first_day
    return before is not None and first is not None and before.start is not None and before.start >= first


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
