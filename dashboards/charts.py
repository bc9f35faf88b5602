"""Figures from frames. Pure: nothing is read, the frame is not changed.

A point that can be clicked carries in `customdata[0]` the narrowing (see `dashboards.selection`) of the contacts it
stands for, as address parameters.
"""

from __future__ import annotations

from urllib.parse import urlencode

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from analytics.names import MOOD_NAMES
from dashboards.intervals import SMALL_N
from dashboards.language import msg, say
from dashboards.mood_shares import mood_share
from dashboards.names import day_name, month_name, score
from dashboards.records import records
from dashboards.theme import palette, themed, translucent

_SMALL = msg("（样本少）")


def volume_and_mood(frame: pd.DataFrame) -> go.Figure:
    """Draw contacts by mood as stacked bars, and above them the mean mood with its interval.

    Parameters
    ----------
    frame : DataFrame
        `dashboards.data.mood.over_time`: bucket, n_*, mean, low, high, day_from, day_to.
    """
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, row_heights=[0.4, 0.6], vertical_spacing=0.08)
    _mood_line(figure, frame, row=1)
    mood_bars(figure, frame, row=2)
    figure.update_yaxes(title_text=say("情绪均分"), row=1, col=1)
    figure.update_yaxes(title_text=say("联络量"), rangemode="tozero", row=2, col=1)
    day_axis(figure, frame)
    figure.add_hline(y=0, line={"color": palette().faint, "width": 1, "dash": "dot"}, row=1, col=1)
    return themed(figure, 340).update_layout(barmode="stack", showlegend=False)


def mood_over_time(frame: pd.DataFrame) -> go.Figure:
    """Draw the mean mood over time with its interval."""
    figure = make_subplots(rows=1, cols=1)
    _mood_line(figure, frame, row=1)
    figure.add_hline(y=0, line={"color": palette().faint, "width": 1, "dash": "dot"})
    day_axis(figure, frame, n_ticks=4)
    return themed(figure, 190)


def dip_parts(expected: float, parts: dict[str, float], mean: float) -> go.Figure:
    """Draw how the mood fell: expected, what each part took (`parts`: name → drop), and what was measured."""
    names = [say("预期"), *parts, say("实际")]
    values = [expected, *(-drop for drop in parts.values()), mean]
    figure = go.Figure(
        go.Waterfall(
            x=names,
            y=values,
            measure=["absolute", *("relative" for _ in parts), "total"],
            text=[score(value) for value in values],
            textposition="outside",
            textfont={"color": palette().ink},
            cliponaxis=False,
            connector={"line": {"color": palette().faint, "width": 1}},
            decreasing={"marker": {"color": palette().mood["negative"]}},
            increasing={"marker": {"color": palette().mood["positive"]}},
            totals={"marker": {"color": palette().muted}},
            hoverinfo="x+text",
            width=0.55,
        )
    )
    marks = [expected, mean, *(expected - sum(list(parts.values())[: i + 1]) for i in range(len(parts)))]
    low, high = min(0.0, *marks), max(0.0, *marks)
    pad = 0.18 * (high - low or 1)
    figure.update_yaxes(range=[low - pad, high + pad], showticklabels=False, showgrid=False)
    figure.add_hline(y=0, line={"color": palette().line, "width": 1})
    return themed(figure, 220).update_layout(margin={"l": 8, "r": 8, "t": 8, "b": 28})


def _mood_line(figure: go.Figure, frame: pd.DataFrame, *, row: int) -> None:
    seen = frame[frame["mean"].notna()]
    band(figure, seen["bucket"], seen["low"], seen["high"], palette().accent, row=row)
    hover = [
        say(
            "{when}<br>情绪均分 {mean}（{low} 至 {high}）<br>{n:,} 条",
            when=bucket_name(at),
            mean=score(at.mean),
            low=score(at.low),
            high=score(at.high),
            n=int(at.n_mood),
        )
        + small_mark(at.n_mood)
        for at in records(seen)
    ]
    figure.add_scatter(
        x=seen["bucket"],
        y=seen["mean"],
        mode="lines+markers",
        name=say("情绪均分"),
        line={"color": palette().accent, "width": 2},
        marker={"size": 6, "color": marker_colours(seen["n_mood"], palette().accent)},
        hovertext=hover,
        hoverinfo="text",
        customdata=bucket_days(seen, **{"with": "mood"}),
        showlegend=False,
        row=row,
        col=1,
    )


def mood_bars(figure: go.Figure, frame: pd.DataFrame, *, row: int, **narrowing: str) -> None:
    """Add bars of contacts by mood over time, each of which opens its contacts, narrowed further by `narrowing`."""
    n_mood = frame["n_mood"].fillna(0).astype(int)
    for mood, name in MOOD_NAMES.items():
        n = frame[f"n_{mood}"].fillna(0)
        hover = [
            "<br>".join([bucket_name(at), mood_share(mood, int(k), total), say("{n:,} 条有情绪", n=int(total))])
            + small_mark(total)
            for at, k, total in zip(records(frame), n, n_mood, strict=True)
        ]
        figure.add_bar(
            x=frame["bucket"],
            y=n,
            name=say(name),
            marker={"color": palette().mood[mood]},
            hovertext=hover,
            hoverinfo="text",
            textposition="none",
            customdata=bucket_days(frame, mood=mood, **narrowing),
            row=row,
            col=1,
        )


def band(
    figure: go.Figure, x: pd.Series, low: pd.Series, high: pd.Series, colour: str, *, row: int | None = None
) -> None:
    """Add the interval of a line."""
    place = {} if row is None else {"row": row, "col": 1}
    edge = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip", "showlegend": False}
    figure.add_scatter(x=x, y=high, **edge, **place)
    figure.add_scatter(x=x, y=low, fill="tonexty", fillcolor=translucent(colour, 0.14), **edge, **place)


def marker_colours(n: pd.Series, colour: str) -> list[str]:
    """Return the colour of each point: grey where it rests on few contacts."""
    return [palette().faint if count < SMALL_N else colour for count in n]


def bucket_days(frame: pd.DataFrame, **narrowing: str) -> list[list[str]]:
    """Return what each point opens: the contacts of its days, narrowed further."""
    return [[urlencode({"day_from": row.day_from, "day_to": row.day_to, **narrowing})] for row in records(frame)]


def small_mark(n: float) -> str:
    """Return the remark on a number of few contacts, '' for others."""
    return say(_SMALL) if n < SMALL_N else ""


def bucket_name(row: object) -> str:
    """Return the days of a point, `day_from` to `day_to`, as people write them."""
    start, end = pd.Timestamp(row.day_from).date(), pd.Timestamp(row.day_to).date()  # type: ignore[attr-defined]
    if start == end:
        return day_name(start, weekday=True)
    return say("{start}至{end}", start=day_name(start), end=day_name(end))


def day_axis(figure: go.Figure, frame: pd.DataFrame, *, n_ticks: int = 9) -> None:
    """Write at most `n_ticks` dates, evenly spread, the last bucket among them."""
    days = list(pd.to_datetime(frame["bucket"]))
    every = max(-(-len(days) // n_ticks), 1)
    shown = days[::-1][::every][::-1]
    several_years = len({day.year for day in days}) > 1
    names = [month_name(day.date()) if several_years else day_name(day.date()) for day in shown]
    figure.update_xaxes(tickvals=shown, ticktext=names, tickangle=0)
