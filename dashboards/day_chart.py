"""One day of a service centre on one time axis: mood, reply delay, volume, with what was alarming in it."""

from __future__ import annotations

from urllib.parse import urlencode

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from dashboards.intervals import SMALL_N
from dashboards.language import say
from dashboards.names import duration, score
from dashboards.records import records
from dashboards.theme import palette, themed, translucent

_ENOUGH_FOR_INTERVAL = 5
"""Fewer contacts have an interval as wide as the scale: it is left out, and the hover says how few they are."""


def day_by_hour(hours: pd.DataFrame, usual: pd.DataFrame, dips: pd.DataFrame, spikes: pd.DataFrame) -> go.Figure:
    """Draw mood, reply delay (where anything was answered) and volume over the hours of a day.

    Parameters
    ----------
    hours : DataFrame
        24 rows of `dashboards.data.operations.by_hour`.
    usual : DataFrame
        hour, expected: of the same hours (`dashboards.data.expected.hours_expected`).
    dips, spikes : DataFrame
        Of the day, with local `started` (and `ended`): shaded spans in the mood panel, marks above the volume.
    """
    answered = bool(hours["n_response"].sum())
    heights = [0.38, 0.28, 0.34] if answered else [0.55, 0.45]
    figure = make_subplots(
        rows=len(heights), cols=1, shared_xaxes=True, row_heights=heights, vertical_spacing=0.06 if answered else 0.09
    )
    _mood(figure, hours)
    if answered:
        _delay(figure, hours)
    last = len(heights)
    _volume(figure, hours, usual, row=last)
    for dip in records(dips):
        figure.add_vrect(
            x0=dip.started,
            x1=dip.ended,
            fillcolor=translucent(palette().mood["negative"], 0.12),
            line_width=0,
            layer="below",
        )
    _spike_marks(figure, hours, spikes, row=last)
    start = pd.Timestamp(hours["hour"].iloc[0])
    figure.update_xaxes(
        range=[start - pd.Timedelta(minutes=15), start + pd.Timedelta(hours=24, minutes=15)],
        tickformat="%H:%M",
        dtick=4 * 3600 * 1000,
        tickangle=0,
        tick0=start,
    )
    figure.add_hline(y=0, line={"color": palette().faint, "width": 1, "dash": "dot"}, row=1, col=1)
    return themed(figure, 430 if answered else 330).update_layout(
        showlegend=False, margin={"t": 22}, hovermode="closest"
    )


def _mood(figure: go.Figure, hours: pd.DataFrame) -> None:
    enough = hours["n_mood"] >= _ENOUGH_FOR_INTERVAL
    spread = {
        "type": "data",
        "symmetric": False,
        "array": (hours["high"] - hours["mean"]).where(enough),
        "arrayminus": (hours["mean"] - hours["low"]).where(enough),
        "color": palette().faint,
        "thickness": 1.2,
        "width": 0,
    }
    look = palette()
    hover = [
        say(
            "{when}<br>情绪均分 {mean}（{low} 至 {high}）<br>{n:,} 条",
            when=_span(at.hour),
            mean=score(at.mean),
            low=score(at.low),
            high=score(at.high),
            n=at.n_mood,
        )
        + _small(at.n_mood)
        for at in records(hours)
    ]
    figure.add_scatter(
        x=_middle(hours),
        y=hours["mean"],
        error_y=spread,
        mode="lines+markers",
        line={"color": look.accent, "width": 2},
        marker={"size": 7, "color": [look.faint if n < SMALL_N else look.accent for n in hours["n_mood"]]},
        hovertext=hover,
        hoverinfo="text",
        customdata=_narrowing(hours, **{"with": "mood"}),
        name=say("情绪均分"),
        row=1,
        col=1,
    )
    figure.update_yaxes(title_text=say("情绪均分"), range=[-1.05, 1.05], dtick=0.5, row=1, col=1)


def _delay(figure: go.Figure, hours: pd.DataFrame) -> None:
    look = palette()
    hover = [
        say(
            "{when}<br>首次响应中位数 {wait}<br>{n:,} 条有响应",
            when=_span(at.hour),
            n=at.n_response,
            wait=duration(at.median_response_seconds),
        )
        + _small(at.n_response)
        for at in records(hours)
    ]
    waits = hours["median_response_seconds"]
    figure.add_scatter(
        x=_middle(hours),
        y=waits,
        mode="lines+markers",
        line={"color": look.delay, "width": 2},
        marker={"size": 6, "color": [look.faint if n < SMALL_N else look.delay for n in hours["n_response"]]},
        hovertext=hover,
        hoverinfo="text",
        customdata=_narrowing(hours, **{"with": "response"}),
        name=say("首次响应"),
        row=2,
        col=1,
    )
    top = max([60.0, *waits.dropna()])
    every = next((step for step in (15, 30, 60, 120, 300, 600, 1800, 3600) if top / step <= 4), 7200)
    ticks = [every * i for i in range(int(top // every) + 2)]
    figure.update_yaxes(
        title_text=say("首次响应"),
        range=[0, top * 1.12],
        tickvals=ticks,
        ticktext=[_short(t) for t in ticks],
        row=2,
        col=1,
    )


def _volume(figure: go.Figure, hours: pd.DataFrame, usual: pd.DataFrame, *, row: int) -> None:
    look = palette()
    hover = [say("{when}<br>联络量 {n:,} 条", when=_span(at.hour), n=at.n) for at in records(hours)]
    figure.add_bar(
        x=_middle(hours),
        y=hours["n"],
        marker={"color": look.volume},
        hovertext=hover,
        hoverinfo="text",
        textposition="none",
        customdata=_narrowing(hours),
        name=say("联络量"),
        row=row,
        col=1,
    )
    known = usual[usual["expected"].notna()]
    if len(known):
        said = [say("预期 {n:.1f} 条", n=value) for value in known["expected"]]
        figure.add_scatter(
            x=_middle(known),
            y=known["expected"],
            mode="lines",
            line={"color": look.ink, "width": 1.2, "dash": "dot"},
            name=say("预期"),
            hovertext=said,
            hoverinfo="text",
            row=row,
            col=1,
        )
    figure.update_yaxes(title_text=say("联络量"), rangemode="tozero", row=row, col=1)


def _spike_marks(figure: go.Figure, hours: pd.DataFrame, spikes: pd.DataFrame, *, row: int) -> None:
    if not len(spikes):
        return
    top = max(float(hours["n"].max()), 1.0) * 1.15
    hover = [
        say(
            "{when:%H:%M} {name}<br>{n:g}，预期 {expected:.1f}<br>点开看 {listed:,} 条原声",
            when=at.started,
            name=at.label,
            n=at.observed,
            expected=at.expected,
            listed=at.n_listed,
        )
        for at in records(spikes)
    ]
    figure.add_scatter(
        x=spikes["started"] + pd.Timedelta(minutes=30),
        y=[top] * len(spikes),
        mode="markers",
        name=say("异常"),
        cliponaxis=False,
        marker={"symbol": "triangle-down", "size": 12, "color": palette().mood["negative"]},
        hovertext=hover,
        hoverinfo="text",
        customdata=[[urlencode({"spike": at.spike_id})] for at in records(spikes)],
        row=row,
        col=1,
    )


def _narrowing(hours: pd.DataFrame, **more: str) -> list[list[str]]:
    return [
        [urlencode({"day_from": f"{at:%Y-%m-%d}", "day_to": f"{at:%Y-%m-%d}", "hour": at.isoformat(), **more})]
        for at in hours["hour"]
    ]


def _span(hour: pd.Timestamp) -> str:
    return f"{hour:%H:%M}–{hour + pd.Timedelta(hours=1):%H:%M}"


def _middle(hours: pd.DataFrame) -> pd.Series:
    """Return the middle of each hour, so that a bar covers the hour it counts."""
    return hours["hour"] + pd.Timedelta(minutes=30)


def _small(n: int) -> str:
    return say("（样本少）") if n < SMALL_N else ""


def _short(seconds: float) -> str:
    if seconds < 60:
        return say("{n:g}秒", n=seconds)
    return say("{n:g}分", n=seconds / 60) if seconds < 3600 else say("{n:g}时", n=seconds / 3600)
