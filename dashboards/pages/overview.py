"""总览: how much, in what mood, about what, and what is alarming."""

from __future__ import annotations

import math
from collections.abc import Sequence

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from dashboards.charts import volume_and_mood
from dashboards.context import Context, Page
from dashboards.data import mood, topics
from dashboards.data.mood import Summary
from dashboards.data.share_changes import negative_change
from dashboards.data.source import step_for
from dashboards.intervals import SMALL_N, Z_95, wilson
from dashboards.names import STEPS, duration, percent, percent_interval, score
from dashboards.parts.alert_rows import alert_rows
from dashboards.parts.cards import card, change, empty, graph, mood_bar, mood_legend, opens, tile
from dashboards.parts.topic_rows import topic_rows
from dashboards.records import records
from dashboards.selection import Selection

_N_TOPICS = 8
_N_ALERTS = 6


def render(context: Context) -> Sequence[Component]:
    """Return the page."""
    now = mood.summary(context.source, context.selection)
    if now.n == 0:
        return [empty("所选范围内没有联络", "放宽日期、渠道或商品，或点「重置」回到默认范围。", "no-contacts")]
    return [
        _tiles(context, now),
        html.Div([_course(context), _open_alerts(context)], className="columns is-wide-left"),
        html.Div([_top_topics(context), _touchpoints(context)], className="columns is-wide-left"),
    ]


def _tiles(context: Context, now: Summary) -> Component:
    before = _before(context)
    low, high = (float(edge[0]) for edge in wilson([now.n_negative], [now.n_mood]))
    small = now.n_mood < SMALL_N
    volume = [change(_volume_change(now, before), differs=_volumes_differ(now, before))] if before else []
    negative = [] if before is None else [_share_change(context)]
    mean = [] if before is None else [_mean_change(now, before)]
    wait = (
        []
        if before is None
        else [html.Span(f"上期 {duration(before.median_response_seconds)}", className="change is-flat")]
    )
    tiles = [
        tile("联络量", f"{now.n:,}", [opens(f"共 {now.n:,} 条", "tile-contacts-n"), *volume], name="tile-contacts"),
        tile("情绪均分", score(now.mean), f"95% 区间 {score(now.low)} 至 {score(now.high)}",
             [opens(f"{now.n_mood:,} 条有评分", "tile-mood-n", with_="mood"), *mean], name="tile-mood", small=small,
             meaning="正面概率 − 负面概率的平均，−1 最差，+1 最好"),
        tile("负面占比", percent(now.negative_share), f"95% 区间 {percent_interval(low, high)}",
             [opens(f"负面 {now.n_negative:,} 条", "tile-negative-n", mood="negative"), *negative],
             name="tile-negative", small=small),
    ]  # fmt: skip
    if now.n_response:
        tiles.append(
            tile("首次响应（中位数）", duration(now.median_response_seconds), "从客户首句到客服首次回复",
                 [opens(f"{now.n_response:,} 条有回复", "tile-response-n", with_="response"), *wait],
                 name="tile-response", small=now.n_response < SMALL_N)
        )  # fmt: skip
    return dmc.SimpleGrid(tiles, cols={"base": 2, "md": len(tiles)}, spacing="md", className="tiles")


def _course(context: Context) -> Component:
    if not context.is_dated:
        return card(
            "联络量与情绪",
            empty("这批数据没有时间", "因此没有趋势、异常与告警。分析时用 --time 指定时间列，即可看到随时间的变化。"),
        )
    frame = mood.over_time(context.source, context.selection)
    note = [html.Span(STEPS[step_for(context.source, context.selection)]), mood_legend()]
    return card("联络量与情绪", graph(volume_and_mood(frame), "volume-and-mood"), note=note, name="card-course")


def _open_alerts(context: Context) -> Component:
    found = context.alerts.table(
        context.source, start=context.filters.start, end=context.filters.end, channels=context.filters.channels
    )
    open_ones = found[found["state"].isin(["open", "acknowledged"])]
    more = dcc.Link(f"全部 {len(found)} 条 →", href=context.href("/operations"), className="more")
    if open_ones.empty:
        said = "近期没有出现异常激增或情绪下降。" if context.is_dated else "没有时间的数据不产生告警。"
        if len(found):
            said = f"这段时间的 {len(found)} 条都已处理，或已自行结束。"
        return card("待处理告警", empty("没有待处理告警", said), note=more if len(found) else "", name="card-alerts")
    rest = len(open_ones) - _N_ALERTS
    tail = [html.Div(f"另有 {rest} 条待处理，见「运营」", className="card-foot")] if rest > 0 else []
    return card("待处理告警", alert_rows(context, open_ones.head(_N_ALERTS)), *tail, note=more, name="card-alerts")


def _top_topics(context: Context) -> Component:
    frame = topics.topic_table(context.source, context.selection)
    named = frame[(frame["topic_id"] != "") & ~frame["hidden"]].head(_N_TOPICS)
    other = frame[frame["topic_id"] == ""]
    if named.empty:
        return card(
            "客户在说什么",
            empty("还没有主题", "联络太少，或主题尚未计算：运行 kesheng run 后再来。"),
            name="card-topics",
        )
    shown = named if other.empty else named._append(other)  # type: ignore[operator]
    more = dcc.Link("全部主题 →", href=context.href("/topics"), className="more")
    return card("客户在说什么", topic_rows(context, shown), note=[mood_legend(), more], name="card-topics")


def _touchpoints(context: Context) -> Component:
    frame = mood.by_touchpoint(context.source, context.selection).head(10)
    if frame.empty:
        return card("触点", empty("没有可归入触点的联络", "触点词表见 data/taxonomy.toml，可按业务补充。"))
    widest = float(frame["share"].max())
    rows = [
        html.Div(
            [
                html.Span(row.touchpoint, className="touch-name"),
                html.Div(
                    mood_bar(row.n_negative, row.n_neutral, row.n_positive, row.share / widest), className="bar-place"
                ),
                html.Span(percent(row.share), title=f"95% 区间 {percent_interval(row.share_low, row.share_high)}"),
                opens(f"{row.n:,}", f"touch-n-{index}", touchpoint=row.touchpoint),
            ],
            className=f"touch-row {'is-small' if row.n < SMALL_N else ''}",
        )
        for index, row in enumerate(records(frame))
    ]
    return card("触点", html.Div(rows), note="占全部联络", name="card-touchpoints")


def _before(context: Context) -> Summary | None:
    """Return the period before in numbers; None when the data does not reach back over all of it."""
    period, first = context.filters.before(), context.extent.first_day
    if period is None or first is None or period.start is None or period.start < first:
        return None
    found = mood.summary(context.source, Selection(period))
    return found if found.n else None


def _volume_change(now: Summary, before: Summary | None) -> str:
    return "" if before is None else f"较上期 {now.n / before.n - 1:+.1%}".replace("-", "−")


def _volumes_differ(now: Summary, before: Summary | None) -> bool:
    return before is not None and abs(now.n - before.n) > Z_95 * math.sqrt(now.n + before.n)


def _share_change(context: Context) -> Component:
    found = negative_change(context.source, context.selection)
    points = found.difference * 100
    return change(f"较上期 {points:+.1f} 个百分点".replace("-", "−"), differs=found.differs, worse=points > 0)


def _mean_change(now: Summary, before: Summary) -> Component:
    difference = now.mean - before.mean
    error = math.hypot((now.high - now.low) / 2, (before.high - before.low) / 2)
    return change(f"较上期 {score(difference)}", differs=abs(difference) > error, worse=difference < 0)


PAGE = Page("/", "总览", render)
