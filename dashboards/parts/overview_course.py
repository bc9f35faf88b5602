"""联络量与情绪: the course of the period."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
from dash.development.base_component import Component

from dashboards.charts import volume_and_mood
from dashboards.context import Context
from dashboards.data import mood
from dashboards.data.overview import Facts
from dashboards.data.source import step_for
from dashboards.exports import offer
from dashboards.intervals import SMALL_N
from dashboards.language import msg, say
from dashboards.names import STEPS, day_name, score
from dashboards.parts.cards import Chart, card, chart_card, empty, mood_legend

_TITLE = msg("联络量与情绪")
_N_TICKS = 5


def course_card(context: Context, facts: Facts) -> Component:
    """Return the card."""
    if not context.is_dated:
        said = say("因此没有趋势、异常与告警。分析时用 --time 指定时间列，即可看到随时间的变化。")
        return card(say(_TITLE), empty(say("这批数据没有时间"), said), name="card-volume-and-mood")
    step = say(STEPS[step_for(context.source, context.selection)])
    chart = Chart(
        figure=_for_narrow_screens(volume_and_mood(facts.days)), name="volume-and-mood", title=say(_TITLE),
        unit=say("{step}，条；均分 −1 至 1，色带为 95% 区间", step=step), says=_says(facts.days),
    )  # fmt: skip
    return chart_card(context, chart, note=mood_legend(), export="overview-days")


def _for_narrow_screens(figure: go.Figure) -> go.Figure:
    """Return the figure with five dates on its axis at most, the last among them: more collide on a phone."""
    axis = figure.layout.xaxis
    every = max(-(-len(axis.tickvals or ()) // _N_TICKS), 1)
    shown = {name: list(axis[name] or ())[::-1][::every][::-1] for name in ("tickvals", "ticktext")}
    return figure.update_xaxes(**shown)


def _says(days: pd.DataFrame) -> str:
    """Return which point is the busiest, and which has the worst mood among those of enough contacts."""
    if len(days) < 3:
        return ""
    busiest = days.iloc[int(days["n"].to_numpy().argmax())]
    said = say("最多的是{when}，{n:,} 条", when=_when(busiest), n=int(busiest["n"]))
    enough = days[days["n_mood"].fillna(0) >= SMALL_N]
    if len(enough) < 2:
        return say("{said}。", said=said)
    worst = enough.iloc[int(enough["mean"].to_numpy().argmin())]
    mean, low, high = (score(float(worst[name])) for name in ("mean", "low", "high"))
    return say(
        "{said}；情绪最低的是{when}，均分 {mean}（{low} 至 {high}）。",
        said=said, when=_when(worst), mean=mean, low=low, high=high,
    )  # fmt: skip


def _when(row: pd.Series) -> str:
    start, end = pd.Timestamp(row["day_from"]).date(), pd.Timestamp(row["day_to"]).date()
    if start == end:
        return day_name(start, weekday=True)
    return say("{start}至{end}", start=day_name(start), end=day_name(end))


def _table(context: Context) -> pd.DataFrame:
    names = {
        "day_from": say("开始"), "day_to": say("结束"), "n": say("联络量"), "n_mood": say("有评分"),
        "n_negative": say("负面"), "n_neutral": say("中性"), "n_positive": say("正面"), "mean": say("情绪均分"),
        "low": say("均分下限"), "high": say("均分上限"), "n_response": say("有回复"),
        "median_response_seconds": say("首次响应中位数（秒）"),
    }  # fmt: skip
    if not context.is_dated:
        return pd.DataFrame(columns=list(names.values()))
    return mood.over_time(context.source, context.selection)[list(names)].rename(columns=names)


offer("overview-days", msg("联络量与情绪"), _table, page="/", meanings={msg("均分下限"): msg("95% 区间")})
