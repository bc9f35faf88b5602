"""The headline numbers of the overview: value, interval, how many, against the period before, and their course."""

from __future__ import annotations

import math

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from analytics.share_changes import Change
from dashboards.context import Context
from dashboards.data import mood
from dashboards.data.mood import Summary
from dashboards.data.overview import Facts
from dashboards.data.periods import Periods
from dashboards.intervals import SMALL_N, wilson
from dashboards.language import say
from dashboards.names import duration, percent, percent_interval, score
from dashboards.parts.cards import change, opens, tile
from dashboards.parts.overview_findings import fine_score, points, signed_percent
from dashboards.parts.overview_sparkline import sparkline
from dashboards.selection import Selection


def tiles(context: Context, facts: Facts) -> Component:
    """Return the tiles; where no contact waited for an answer there is no tile of waiting."""
    found = [_volume(facts), _mood(facts), _negative(facts)]
    if facts.now.n_response:
        found.append(_response(context, facts))
    return dmc.SimpleGrid(found, cols={"base": 2, "md": len(found)}, spacing="md", className="tiles")


def _volume(facts: Facts) -> Component:
    now, changed = facts.now, facts.changed
    said = [] if changed is None else [_volume_change(changed)]
    before = [] if changed is None else [html.Span(say("上期 {n:,} 条", n=changed.n_before))]
    return tile(
        say("联络量"), f"{now.n:,}", [opens(say("共 {n:,} 条", n=now.n), "tile-contacts-n"), *said], before,
        name="tile-contacts", meaning=say("客户找上门多少次：电话、在线会话、工单、评价都算"),
        beside=_course(facts, "n"),
    )  # fmt: skip


def _volume_change(changed: Periods) -> Component:
    found = changed.volume
    by = signed_percent(found.ratio - 1)
    said = say("较上期 {by}", by=by) if changed.has_whole_weeks else say("按星期折算较上期 {by}", by=by)
    return change(said, differs=found.differs)


def _mood(facts: Facts) -> Component:
    now, changed = facts.now, facts.changed
    said = [] if changed is None else [_mean_change(changed.mood)]
    return tile(
        say("情绪均分"), score(now.mean), _interval(score(now.low), score(now.high)),
        [opens(say("{n:,} 条有评分", n=now.n_mood), "tile-mood-n", with_="mood"), *said],
        name="tile-mood", small=now.n_mood < SMALL_N, beside=_course(facts, "mean"),
        meaning=say("正面概率 − 负面概率的平均，−1 最差，+1 最好"),
    )  # fmt: skip


def _negative(facts: Facts) -> Component:
    now, changed = facts.now, facts.changed
    low, high = (float(edge[0]) for edge in wilson([now.n_negative], [now.n_mood]))
    said = [] if changed is None else [_share_change(changed.negative)]
    days = facts.days
    course = sparkline(list(days["n_negative"] / days["n_mood"].where(days["n_mood"] > 0))) if len(days) else None
    return tile(
        say("负面占比"), percent(now.negative_share), say("95% 区间 {interval}", interval=percent_interval(low, high)),
        [opens(say("负面 {n:,} 条", n=now.n_negative), "tile-negative-n", mood="negative"), *said],
        name="tile-negative", small=now.n_mood < SMALL_N, beside=course,
        meaning=say("负面联络数 ÷ 有情绪判断的联络数"),
    )  # fmt: skip


def _response(context: Context, facts: Facts) -> Component:
    now, before = facts.now, _before(context, facts)
    was = "" if before is None else say("上期 {wait}", wait=duration(before.median_response_seconds))
    return tile(
        say("首次响应（中位数）"), duration(now.median_response_seconds),
        [opens(say("{n:,} 条有回复", n=now.n_response), "tile-response-n", with_="response")], was,
        name="tile-response", small=now.n_response < SMALL_N, beside=_course(facts, "median_response_seconds"),
        meaning=say("从客户首句到客服首次回复"),
    )  # fmt: skip


def _before(context: Context, facts: Facts) -> Summary | None:
    period = context.filters.before()
    if facts.changed is None or period is None:
        return None
    found = mood.summary(context.source, Selection(period))
    return found if found.n_response else None


def _interval(low: str, high: str) -> str:
    return say("95% 区间 {low} 至 {high}", low=low, high=high)


def _mean_change(found: Change) -> Component | str:
    if math.isnan(found.difference):
        return ""
    said = say("较上期 {by}", by=fine_score(found.difference))
    return change(said, differs=found.differs, worse=found.difference < 0)


def _share_change(found: Change) -> Component | str:
    if math.isnan(found.difference):
        return ""
    said = say("较上期 {by} 个百分点", by=points(found.difference))
    return change(said, differs=found.differs, worse=found.difference > 0)


def _course(facts: Facts, column: str) -> Component | None:
    return sparkline(list(facts.days[column].astype(float))) if len(facts.days) else None
