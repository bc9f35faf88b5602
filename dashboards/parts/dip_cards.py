"""Falls of mood of a day, each taken apart into what it goes with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboards import preferences
from dashboards.charts import dip_parts
from dashboards.context import Context
from dashboards.data import operations
from dashboards.intervals import SMALL_N
from dashboards.language import say
from dashboards.names import PARTS, channel_name, duration, score
from dashboards.parts.cards import card, empty, few, opens, still_graph
from dashboards.parts.chosen_day import ALL, Chosen
from dashboards.records import records

_N_SHOWN = 3


def dip_cards(context: Context, chosen: Chosen) -> Component:
    """Return a card for each of the worst falls of the chosen day."""
    channels = () if chosen.channel == ALL else (chosen.channel,)
    frame = operations.dips(context.source, chosen.day, chosen.day, channels)
    if frame.empty:
        nothing = empty(say("当日没有情绪下降"), say("没有哪个时段的情绪显著低于平时。"))
        return card(say("情绪下降"), nothing, name="card-dips")
    rows = list(records(frame.rename(columns={"drop": "fall"})))
    rest = len(rows) - _N_SHOWN
    tail = [html.Div(say("另有 {n} 次较小的下降", n=rest), className="foot-note")] if rest > 0 else []
    return html.Div([*(_dip(row) for row in rows[:_N_SHOWN]), *tail], className="stack", id="card-dips")


def dip_of_alert(context: Context, alert: Mapping[str, Any]) -> list[Component]:
    """Return the fall behind an alert on mood, taken apart; nothing for other alerts."""
    if alert["kind"] != "sentiment":
        return []
    day = alert["started"].date()
    frame = operations.dips(context.source, day, day, (str(alert["channel"]),))
    own = frame[(frame["started"] == alert["started"]) & (frame["channel"] == alert["channel"])]
    rows = list(records(own.rename(columns={"drop": "fall"})))
    return [html.Div(_taken_apart(rows[0]), id="alert-dip")] if rows else []


def _dip(row: Any) -> Component:
    team = f" {row.team}" if isinstance(row.team, str) and row.team else ""
    n = opens(say("{n:,} 条原声", n=int(row.n_listed)), f"dip-n-{row.dip_id}", dip=row.dip_id)
    title = say("情绪下降 {when}", when=f"{row.started:%H:%M}–{row.ended:%H:%M}")
    badge = [few()] if row.n_listed < SMALL_N else []
    foot = html.Div([n, *badge], className="dip-facts")
    return card(title, *_taken_apart(row), foot, note=f"{channel_name(row.channel)}{team}")


def _taken_apart(row: Any) -> list[Component]:
    parts = {say(name): float(getattr(row, part)) for part, name in PARTS.items()}
    facts = [_drop_interval(row), *([_delay_interval(row)] if row.delay_low == row.delay_low else []), _waits(row)]
    return [
        html.P(_verdict(row, parts), className="verdict"),
        still_graph(dip_parts(float(row.expected), parts, float(row.mean))),
        html.Div([html.Span(fact) for fact in facts], className="dip-facts"),
    ]


def _verdict(row: Any, parts: Mapping[str, float]) -> str:
    """Return what the fall goes with: the sentence of the job, which is Chinese; else the largest part of it."""
    if preferences.current().language == "zh-CN":
        return str(row.verdict)
    name, taken = max(parts.items(), key=lambda part: part[1])
    return say("最大的一部分：{part}，{taken:.2f}（共下降 {fall:.2f}）", part=name, taken=taken, fall=row.fall)


def _waits(row: Any) -> str:
    now, usual = row.response_seconds, row.usual_response_seconds
    if now != now or usual != usual:  # not a number: nobody answered
        return say("这段时间没有回复时长")
    return say("首次响应均值 {now}，平时 {usual}", now=duration(float(now)), usual=duration(float(usual)))


def _drop_interval(row: Any) -> str:
    fall = say("下降 {fall:.2f}", fall=row.fall)
    if row.drop_low != row.drop_low:
        return say("{fall}，联络太少，没有区间", fall=fall)
    return say("{fall}，95% 区间 {low} 至 {high}", fall=fall, low=score(row.drop_low), high=score(row.drop_high))


def _delay_interval(row: Any) -> str:
    return say("「回复变慢」95% 区间 {low:.2f}–{high:.2f}", low=row.delay_low, high=row.delay_high)
