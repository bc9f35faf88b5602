"""Figures of the page 运营: volume against what was expected, one alert's own hours, the forecast. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

import pandas as pd
import plotly.graph_objects as go

from dashboards.language import say
from dashboards.names import day_name, score
from dashboards.records import records
from dashboards.theme import palette, themed, translucent

_HALF_HOUR = pd.Timedelta(minutes=30)


def expected_volume(frame: pd.DataFrame, spikes: pd.DataFrame, dips: pd.DataFrame) -> go.Figure:
    """Draw contacts by hour over the band that was expected, with alarms and falls of mood marked on it.

    Parameters
    ----------
    frame : DataFrame
        `dashboards.data.expected.hours_expected`.
    spikes, dips : DataFrame
        Of the days shown, with local `started`; a mark opens the contacts of its event.
    """
    figure = go.Figure()
    _expected(figure, frame)
    _counts(figure, frame, [_hour(at, {}) for at in frame["hour"]])
    _marks(figure, frame, spikes, dips)
    _clock_axis(figure, frame)
    figure.update_yaxes(rangemode="tozero", nticks=6)
    return themed(figure, 260).update_layout(showlegend=False, margin={"t": 20}, hovermode="closest")


def own_hours(
    frame: pd.DataFrame, narrowing: dict[str, str] | None, spans: Sequence[tuple[pd.Timestamp, pd.Timestamp]]
) -> go.Figure:
    """Draw what one alert is about by the hour, with what is usual and the times of the alarm shaded.

    Parameters
    ----------
    frame : DataFrame
        `dashboards.data.alert_course.Course.hours`.
    narrowing : dict or None
        What opens an hour; None where nothing does.
    spans : sequence of (start, end)
        Local times in which it alarmed.
    """
    figure = go.Figure()
    for start, end in spans:
        figure.add_vrect(
            x0=start, x1=max(end, start + pd.Timedelta(hours=1)), line_width=0, layer="below",
            fillcolor=translucent(palette().mood["negative"], 0.14),
        )  # fmt: skip
    _expected(figure, frame)
    _counts(figure, frame, None if narrowing is None else [_hour(at, narrowing) for at in frame["hour"]])
    _clock_axis(figure, frame)
    figure.update_yaxes(rangemode="tozero", nticks=5)
    return themed(figure, 190).update_layout(showlegend=False, margin={"t": 10}, hovermode="closest")


def forecast_hours(frame: pd.DataFrame) -> go.Figure:
    """Draw a day's forecast with its 80 % interval (`dashboards.data.expected.forecast_of_day`, one channel)."""
    look = palette()
    at = frame["hour"] + _HALF_HOUR
    hover = [
        say("{start:%H:%M}–{end:%H:%M}<br>预计 {n:.0f} 条<br>80% 区间 {low:.0f} 至 {high:.0f}", start=row.hour,
            end=row.hour + pd.Timedelta(hours=1), n=row.expected, low=row.low, high=row.high)
        for row in records(frame)
    ]  # fmt: skip
    spread = {"type": "data", "symmetric": False, "array": frame["high"] - frame["expected"],
              "arrayminus": frame["expected"] - frame["low"], "color": look.ink, "thickness": 1.2}  # fmt: skip
    peak = frame["expected"].idxmax() if len(frame) else None
    colours = [look.accent if i == peak else translucent(look.volume, 0.55) for i in frame.index]
    figure = go.Figure(
        go.Bar(x=at, y=frame["expected"], error_y=spread, marker={"color": colours}, hovertext=hover, hoverinfo="text",
               textposition="none")
    )  # fmt: skip
    figure.update_xaxes(tickformat="%H:%M", dtick=4 * 3600 * 1000, tickangle=0, tick0=frame["hour"].min())
    figure.update_yaxes(rangemode="tozero", nticks=5)
    return themed(figure, 220).update_layout(showlegend=False)


def _expected(figure: go.Figure, frame: pd.DataFrame) -> None:
    known = frame[frame["expected"].notna()]
    if known.empty:
        return
    look, at = palette(), known["hour"] + _HALF_HOUR
    edge: dict[str, Any] = {"mode": "lines", "hoverinfo": "skip", "line": {"width": 0, "shape": "hvh"}}
    figure.add_scatter(x=at, y=known["high"], **edge)
    figure.add_scatter(x=at, y=known["low"], fill="tonexty", fillcolor=translucent(look.accent, 0.16), **edge)
    figure.add_scatter(
        x=at, y=known["expected"], mode="lines", hoverinfo="skip",
        line={"color": look.muted, "width": 1.2, "dash": "dot", "shape": "hvh"},
    )  # fmt: skip


def _counts(figure: go.Figure, frame: pd.DataFrame, opening: list[list[str]] | None) -> None:
    look = palette()
    over = (frame["n"] > frame["high"]) & frame["high"].notna()
    hover = [_said(row) for row in records(frame)]
    figure.add_scatter(
        x=frame["hour"] + _HALF_HOUR, y=frame["n"], mode="lines+markers", line={"color": look.volume, "width": 1.6},
        marker={"size": [7 if high else 4 for high in over],
                "color": [look.mood["negative"] if high else look.volume for high in over]},
        hovertext=hover, hoverinfo="text", customdata=opening, name=say("联络量"),
    )  # fmt: skip


def _said(row: Any) -> str:
    when = f"{day_name(row.hour.date())} {row.hour:%H:%M}–{row.hour + pd.Timedelta(hours=1):%H:%M}"
    if pd.isna(row.expected):
        return say("{when}<br>{n:,} 条，历史不足，没有预期", when=when, n=row.n)
    return say("{when}<br>{n:,} 条，预期 {expected:.1f}（{low:.0f} 至 {high:.0f}）", when=when, n=row.n,
               expected=row.expected, low=row.low, high=row.high)  # fmt: skip


def _marks(figure: go.Figure, frame: pd.DataFrame, spikes: pd.DataFrame, dips: pd.DataFrame) -> None:
    look = palette()
    top = max(float(frame["n"].max()), float(frame["high"].max() or 0), 1.0)
    said = {
        "spike": lambda at: say("{when:%H:%M} {name}<br>{n:g}，预期 {expected:.1f}<br>点开看 {listed:,} 条原声",
                                when=at.started, name=at.label, n=at.observed, expected=at.expected,
                                listed=at.n_listed),
        "dip": lambda at: say("{when:%H:%M} 情绪下降 {drop:.2f}<br>均分 {mean}<br>点开看 {listed:,} 条原声",
                              when=at.started, drop=at.drop, mean=score(at.mean), listed=at.n_listed),
    }  # fmt: skip
    shapes = {"spike": ("triangle-down", look.mood["negative"], 1.14), "dip": ("diamond", look.delay, 1.04)}
    for event, found in (("spike", spikes), ("dip", dips)):
        inside = found[(found["started"] >= frame["hour"].min()) & (found["started"] <= frame["hour"].max())]
        if inside.empty:
            continue
        symbol, colour, height = shapes[event]
        rows = list(records(inside))
        figure.add_scatter(
            x=inside["started"] + _HALF_HOUR, y=[top * height] * len(rows), mode="markers", cliponaxis=False,
            marker={"symbol": symbol, "size": 12, "color": colour}, hovertext=[said[event](row) for row in rows],
            hoverinfo="text", customdata=[[urlencode({event: getattr(row, f"{event}_id")})] for row in rows],
        )  # fmt: skip


def _hour(at: pd.Timestamp, narrowing: dict[str, str]) -> list[str]:
    day = f"{at:%Y-%m-%d}"
    return [urlencode({**narrowing, "day_from": day, "day_to": day, "hour": at.isoformat()})]


def _clock_axis(figure: go.Figure, frame: pd.DataFrame) -> None:
    """Write each day under its midnight, and noon where the days are few."""
    hours = frame["hour"]
    n_days = max(len(hours) // 24, 1)
    marks = [at for at in hours if at.hour == 0 or (at.hour == 12 and n_days <= 4)]
    every = -(-n_days // 5)
    texts = [day_name(at.date()) if at.hour == 0 else f"{at:%H:%M}" for at in marks]
    age = [(at.date() - marks[0].date()).days for at in marks]
    shown = [text if days % every == 0 else "" for days, text in zip(age, texts, strict=True)]
    figure.update_xaxes(
        tickvals=marks, ticktext=shown, tickangle=0, range=[hours.min(), hours.max() + pd.Timedelta(hours=1)]
    )
