"""The indicators of one day as tiles with their targets: the important ones first, the rest behind 更多."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Sequence
from typing import Any

import dash_mantine_components as dmc
import pandas as pd
from dash import html
from dash.development.base_component import Component

from analytics.kpi_catalog import Indicator
from dashboards.context import Context
from dashboards.data import operations
from dashboards.exports import offer
from dashboards.intervals import SMALL_N
from dashboards.language import msg, say
from dashboards.names import channel_name, duration, percent, score
from dashboards.parts.cards import card, empty, export_button, opens, tile
from dashboards.parts.chosen_day import PATH, chosen_day
from dashboards.parts.spark import spark

_WRITERS: dict[str, Callable[[float], str]] = {
    "share": percent,
    "seconds": duration,
    "score": score,
    "points": "{:+.0f}".format,
    "count": "{:,.0f}".format,
}
_HITS = {
    "recovered_share": (msg("已挽回"), "recovered", msg("来时负面")),
    "soured_share": (msg("恶化"), "soured", msg("来时不负面")),
}
"""For a share of contacts that are not all: what those are called that it counts, their course, and what all are."""
_FIRST = ("n_contacts", "negative_share", "sentiment_mean", "first_response_seconds", "answered_share", "repeat_share")
"""What a duty officer looks at first, beside all that has a target."""
_GROUPS = {
    msg("情绪"): ("negative_share", "sentiment_mean", "recovered_share", "soured_share"),
    msg("接待"): ("n_contacts", "first_response_seconds", "mean_response_seconds", "answered_share",
                  "handling_seconds", "transferred_share"),
    msg("解决"): ("repeat_share", "topic_repeat_share", "first_contact_resolution_share", "on_time_share",
                  "complaint_on_time_share", "reopened_share"),
    msg("评价"): ("csat_share", "nps"),
}  # fmt: skip
_OTHERS = msg("其他指标")
_VERDICTS = {
    "met": ("✓", msg("达标")),
    "missed": ("✗", msg("未达标")),
    "open": ("?", msg("说不准")),
}
Row = dict[Any, Any]


def kpi_strip(context: Context, day: dt.date, channel: str) -> Component:
    """Return the strip for a day and a channel ('*' = all)."""
    frame, today = _of_day(context, day, channel)
    shown = [what for name, what in context.source.indicators.items() if name in today]
    if not shown:
        advice = say("换一天，或运行 kesheng run 计算后再来。")
        return card(say("指标"), empty(say("这一天没有指标"), advice), name="kpi-strip")
    first = [what for what in shown if what.name in _FIRST or what.target is not None]
    rest = [what for what in shown if what not in first]
    tiles = [_tile(what, today[what.name], channel, frame[frame["indicator"] == what.name]) for what in first]
    note = say("指标按全部商品计算，不受商品筛选影响。") if context.filters.products else ""
    return html.Section(
        [
            dmc.Group(
                [html.H2(say("指标"), className="card-title"), _summary(first, today), export_button("kpis")],
                className="kpi-head",
            ),
            html.Div(tiles, className="kpi-tiles"),
            *([_more(rest, today, channel)] if rest else []),
            *([html.Div(note, className="foot-note")] if note else []),
        ],
        id="kpi-strip",
    )


def target_verdict(what: Indicator, row: Row) -> str:
    """Return whether a target is met: met, missed, open (the interval holds it), or '' without one.

    Examples
    --------
    >>> from analytics.kpi_catalog import INDICATORS
    >>> waits = INDICATORS["first_response_seconds"].model_copy(update={"target": 60.0})
    >>> [target_verdict(waits, {"low": low, "high": high}) for low, high in ((20, 50), (50, 70), (70, 90))]
    ['met', 'open', 'missed']
    """
    if what.target is None or what.better is None:
        return ""
    low, high = row["low"], row["high"]
    if pd.isna(low) or pd.isna(high):
        return "open"
    if what.better == "higher":
        return "met" if low >= what.target else "missed" if high < what.target else "open"
    return "met" if high <= what.target else "missed" if low > what.target else "open"


def _of_day(context: Context, day: dt.date, channel: str) -> tuple[pd.DataFrame, dict[str, Row]]:
    start = min(context.filters.start or day, day)
    frame = operations.kpis(context.source, start, max(context.filters.end or day, day), channel)
    frame = frame.assign(day=pd.to_datetime(frame["day"]).dt.date)
    return frame, {str(row["indicator"]): row for row in frame[frame["day"] == day].to_dict("records")}


def _summary(shown: Sequence[Indicator], today: dict[str, Row]) -> html.Span:
    """Return how many targets are met, in words."""
    verdicts = [target_verdict(what, today[what.name]) for what in shown]
    n = {name: verdicts.count(name) for name in _VERDICTS}
    if not sum(n.values()):
        said = say("还没有设目标：在 kpis 目录里给指标写 target。")
    else:
        said = say("{met} 项达标，{missed} 项未达标，{open} 项说不准", **n)
    return html.Span(said, className="kpi-said", id="kpi-said")


def _tile(what: Indicator, row: Row, channel: str, course: pd.DataFrame | None) -> Component:
    n, write = int(row["n"]), _WRITERS[what.unit]
    interval = say("仅 1 条，没有区间")
    if pd.notna(row["low"]):
        interval = say("95% 区间 {low} 至 {high}", low=write(row["low"]), high=write(row["high"]))
    narrowing = {"scope": "all", "day_from": row["day"].isoformat(), "day_to": row["day"].isoformat(),
                 "with": what.name}  # fmt: skip
    if channel != "*":
        narrowing["channel_is"] = channel
    beside = None if course is None else _course(course, row["day"])
    return tile(
        say(what.label),
        write(float(row["value"])),
        *([target] if (target := _target(what, row)) is not None else []),
        [html.Span(interval), *_numbers(what, float(row["value"]), n, narrowing)],
        beside=beside,
        name=f"kpi-{what.name}",
        small=n < SMALL_N,
        meaning=say(what.formula),
    )


def _course(course: pd.DataFrame, day: dt.date) -> html.Img:
    """Return the indicator's days as a small picture, the shown one marked."""
    days, values = list(course["day"]), [float(value) for value in course["value"]]
    said = say("{n} 天的走势", n=len(days))
    return spark(values, days.index(day) if day in days else None, said)


def _target(what: Indicator, row: Row) -> Component | None:
    verdict = target_verdict(what, row)
    if not verdict or what.target is None:
        return None
    mark, name = _VERDICTS[verdict]
    sign = "≤" if what.better == "lower" else "≥"
    why = say("区间跨过目标，样本还说明不了") if verdict == "open" else ""
    aim = say("目标 {sign} {target}", sign=sign, target=_WRITERS[what.unit](what.target))
    mark_of = html.Span(mark, **{"aria-hidden": "true"})
    return html.Span([html.B([mark_of, f" {say(name)}"], className=f"target is-{verdict}", title=why), aim],
                     className="target-line")  # fmt: skip


def _more(rest: Sequence[Indicator], today: dict[str, Row], channel: str) -> html.Details:
    """Return the other indicators by group; without their courses, to be quick."""
    grouped = {name: [what for what in rest if what.name in members] for name, members in _GROUPS.items()}
    named = {what.name for members in grouped.values() for what in members}
    grouped[_OTHERS] = [what for what in rest if what.name not in named]
    parts = [
        html.Div([
            html.H3(say(name), className="kpi-group"),
            html.Div([_tile(what, today[what.name], channel, None) for what in members], className="kpi-tiles"),
        ])
        for name, members in grouped.items() if members
    ]  # fmt: skip
    return html.Details([html.Summary(say("更多指标（{n}）", n=len(rest)), className="more"), *parts], id="kpi-more")


def _numbers(what: Indicator, value: float, n: int, narrowing: dict[str, str]) -> list[Component]:
    """Return the number of contacts that the value is computed from and, where it has a name, of those it counts."""
    if what.name not in _HITS:
        return [opens(say("{n:,} 条", n=n), f"kpi-n-{what.name}", **narrowing)]
    name, course, name_of_all = _HITS[what.name]
    kept = {key: text for key, text in narrowing.items() if key != "with"}
    hits = say("{name} {n:,} 条", name=say(name), n=round(value * n))
    return [
        opens(hits, f"kpi-hits-{what.name}", **kept, course=course),
        opens(say("{name} {n:,} 条", name=say(name_of_all), n=n), f"kpi-n-{what.name}", **narrowing),
    ]


def kpi_table(context: Context) -> pd.DataFrame:
    """Return the indicators of the shown day and channel as a table to save."""
    chosen = chosen_day(context)
    _, today = _of_day(context, chosen.day, chosen.channel)
    rows = [(what, today[name]) for name, what in context.source.indicators.items() if name in today]
    return pd.DataFrame(
        {
            say("指标"): [say(what.label) for what, _ in rows],
            say("日期"): [row["day"] for _, row in rows],
            say("渠道"): [channel_name(chosen.channel) for _ in rows],
            say("数值"): [row["value"] for _, row in rows],
            say("区间下限"): [row["low"] for _, row in rows],
            say("区间上限"): [row["high"] for _, row in rows],
            say("联络数"): [row["n"] for _, row in rows],
            say("目标"): [math.nan if what.target is None else what.target for what, _ in rows],
            say("是否达标"): [_verdict_name(target_verdict(what, row)) for what, row in rows],
            say("定义"): [say(what.formula) for what, _ in rows],
        }
    )


def _verdict_name(verdict: str) -> str:
    return say(_VERDICTS[verdict][1]) if verdict else ""


offer("kpis", msg("指标"), kpi_table, page=PATH)
