"""Figures of topics. Pure, as `dashboards.charts`; a point opens the contacts of its topic and days."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from dashboards.charts import band, bucket_days, bucket_name, day_axis, marker_colours, mood_bars, small_mark
from dashboards.intervals import SMALL_N
from dashboards.language import say
from dashboards.names import percent, percent_interval
from dashboards.records import records
from dashboards.theme import palette, themed


def topic_share(
    frame: pd.DataFrame, topic_id: str, *, height: int = 190, top: float | None = None, n_ticks: int = 3
) -> go.Figure:
    """Draw a topic's share of contacts over time with its interval.

    Parameters
    ----------
    frame : DataFrame
        `dashboards.data.topics.topic_over_time`.
    topic_id : str
        Whose contacts a point opens.
    height : int
        Pixels.
    top : float, optional
        Upper end of the axis, where several are compared; else it fits the line.
    n_ticks : int
        Dates on the axis.
    """
    figure = go.Figure()
    colour = palette().accent
    band(figure, frame["bucket"], frame["share_low"], frame["share_high"], colour)
    figure.add_scatter(
        x=frame["bucket"], y=frame["share"], mode="lines+markers", name=say("占比"), line={"color": colour, "width": 2},
        marker={"size": 5 if len(frame) > 30 else 6, "color": marker_colours(frame["n_total"], colour)},
        hovertext=_share_hover(frame), hoverinfo="text", customdata=bucket_days(frame, topic=topic_id),
        showlegend=False,
    )  # fmt: skip
    figure.update_yaxes(tickformat=".1%" if _highest(frame, top) < 0.05 else ".0%", nticks=5, rangemode="tozero")
    figure.update_yaxes(range=[0, top if top is not None else _highest(frame, None) * 1.08])
    day_axis(figure, frame, n_ticks=n_ticks)
    return themed(figure, height)


def topic_mood(frame: pd.DataFrame, topic_id: str) -> go.Figure:
    """Draw a topic's contacts by mood over time."""
    figure = make_subplots(rows=1, cols=1)
    mood_bars(figure, frame, row=1, topic=topic_id)
    figure.update_yaxes(rangemode="tozero", nticks=5)
    day_axis(figure, frame, n_ticks=3)
    return themed(figure, 190).update_layout(barmode="stack", showlegend=False)


def topic_counts(frame: pd.DataFrame, topic_id: str) -> go.Figure:
    """Draw a young topic's contacts over time as small bars."""
    hover = [
        say("{when}<br>{n:,} 条，占 {share}", when=bucket_name(row), n=int(row.n), share=percent(row.share))
        for row in records(frame)
    ]
    figure = go.Figure(
        go.Bar(
            x=frame["bucket"], y=frame["n"], marker={"color": palette().accent}, hovertext=hover, hoverinfo="text",
            textposition="none", customdata=bucket_days(frame, topic=topic_id),
        )
    )  # fmt: skip
    figure.update_yaxes(rangemode="tozero", nticks=3)
    day_axis(figure, frame, n_ticks=2)
    return themed(figure, 96).update_layout(margin={"l": 34, "r": 12, "t": 6, "b": 24})


def common_top(frame: pd.DataFrame) -> float:
    """Return the upper end of the axis that all topics of `dashboards.data.topics.courses` share."""
    return _highest(frame, None) * 1.05


def _highest(frame: pd.DataFrame, top: float | None) -> float:
    """Return the highest end of an interval worth showing: a point of few contacts does not squeeze all others."""
    if top is not None:
        return top
    solid = frame[frame["n_total"] >= SMALL_N]
    found = [solid["share_high"].max(), frame["share"].max(), 0.01]
    return float(max(value for value in found if value == value))


def _share_hover(frame: pd.DataFrame) -> list[str]:
    return [
        say(
            "{when}<br>占比 {share}（{interval}）<br>{n:,} / {total:,} 条",
            when=bucket_name(row), share=percent(row.share), interval=percent_interval(row.share_low, row.share_high),
            n=int(row.n), total=int(row.n_total),
        )
        + small_mark(row.n_total)
        for row in records(frame)
    ]  # fmt: skip
