"""Figures of the overview. Pure, as those of `dashboards.charts`."""

from __future__ import annotations

from urllib.parse import urlencode

import pandas as pd
import plotly.graph_objects as go

from dashboards.intervals import SMALL_N
from dashboards.language import say
from dashboards.names import day_name
from dashboards.records import records
from dashboards.theme import palette, themed, translucent

_N_TICKS = 5


def past_and_ahead(past: pd.DataFrame, days: pd.DataFrame) -> go.Figure:
    """Draw the contacts of the last days as bars, and of the days to come as open bars with the range of each.

    Parameters
    ----------
    past, days : DataFrame
        `dashboards.data.days_ahead.Ahead`.
    """
    look = palette()
    figure = go.Figure()
    came = [f"{_day(row.day)}<br>{say('{n:,} 条', n=int(row.n))}" + _small(int(row.n)) for row in records(past)]
    figure.add_bar(
        x=past["day"], y=past["n"], name=say("已发生"), marker={"color": look.volume}, hovertext=came, hoverinfo="text",
        textposition="none", customdata=[[_spec(day)] for day in past["day"]],
    )  # fmt: skip
    reach = {}
    if days["low"].notna().any():
        above, below = days["high"] - days["expected"], days["expected"] - days["low"]
        reach = {"error_y": {"type": "data", "symmetric": False, "array": above, "arrayminus": below,
                             "color": look.muted, "thickness": 1.2, "width": 4}}  # fmt: skip
    figure.add_bar(
        x=days["day"], y=days["expected"], name=say("预计"), hovertext=[_expected(row) for row in records(days)],
        hoverinfo="text", textposition="none",
        marker={"color": translucent(look.accent, 0.18), "line": {"color": look.accent, "width": 1.2}}, **reach,
    )  # fmt: skip
    _axis(figure, [*past["day"], *days["day"]])
    figure.update_yaxes(rangemode="tozero", nticks=5)
    return themed(figure, 250).update_layout(showlegend=True, barmode="overlay", bargap=0.25, margin={"t": 28})


def _expected(row: object) -> str:
    day, expected, low, high = row.day, row.expected, row.low, row.high  # type: ignore[attr-defined]
    said = f"{_day(day)}<br>{say('预计 {n:,.0f} 条', n=expected)}"
    if pd.isna(low):
        return said
    return said + "<br>" + say("各小时 80% 区间的两端相加：{low:,.0f} 至 {high:,.0f}", low=low, high=high)


def _axis(figure: go.Figure, days: list[pd.Timestamp]) -> None:
    every = max(-(-len(days) // _N_TICKS), 1)
    shown = days[::-1][::every][::-1]
    figure.update_xaxes(tickvals=shown, ticktext=[day_name(day.date()) for day in shown], tickangle=0)


def _day(day: pd.Timestamp) -> str:
    return day_name(pd.Timestamp(day).date(), weekday=True)


def _spec(day: pd.Timestamp) -> str:
    text = pd.Timestamp(day).date().isoformat()
    return urlencode({"day_from": text, "day_to": text})


def _small(n: int) -> str:
    return say("（样本少）") if n < SMALL_N else ""
