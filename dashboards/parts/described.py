"""A selection of contacts in words."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from analytics.names import KIND_NAMES, MOOD_NAMES
from dashboards.data import categories, topics
from dashboards.data.source import Source
from dashboards.language import msg, say
from dashboards.names import (
    COURSES,
    OTHER,
    PLACE_KINDS,
    SPIKE_KINDS,
    channel_name,
    day_name,
    product_name,
    span_name,
)  # fmt: skip
from dashboards.records import records
from dashboards.selection import Narrowing, Selection

_WITH = {
    "mood": msg("有情绪评分"),
    "response": msg("有首次响应时长"),
}


def describe(source: Source, selection: Selection) -> list[str]:
    """Return a selection in words, the most particular first."""
    found = selection.narrowing
    if "spike" in found or "dip" in found:
        return [_event(source, selection)]
    words = [*narrowings(source, found).values(), _period(selection)]
    if found.get("scope") == "all":
        return words
    between = say("、")
    words += [between.join(channel_name(c) for c in selection.filters.channels)] * bool(selection.filters.channels)
    words += [between.join(product_name(p) for p in selection.filters.products)] * bool(selection.filters.products)
    return words


def narrowings(source: Source, found: Narrowing) -> dict[str, str]:
    """Return each narrowing, days aside, in words; those nobody needs to be told of are left out."""
    needed = found.get("with", "")
    said: dict[str, Callable[[str], str]] = {
        "exact": lambda text: say("说到「{text}」", text=text),
        "says": lambda text: say("搜索：{text}", text=text),
        "topic": lambda topic: say("主题「{topic}」", topic=topic_label(source, topic)),
        "mentions": lambda topic: say("顺带提到「{topic}」", topic=topic_label(source, topic)),
        "category": lambda category: say("「{label}」", label=categories.label(source, category)),
        "touchpoint": lambda touchpoint: say("触点「{name}」", name=touchpoint),
        "mood": lambda mood: say(MOOD_NAMES.get(mood, mood)),
        "course": lambda course: say(COURSES.get(course, course)),
        "with": lambda _: (
            say(_WITH[needed])
            if needed in _WITH
            else say("计入「{name}」", name=say(source.indicators[needed].label))
            if needed in source.indicators
            else ""
        ),
        "channel_is": channel_name,
        "product_is": product_name,
        "team_is": lambda team: team or say("未注明班组"),
        "kind_is": lambda kind: say(KIND_NAMES.get(kind, kind)),
        "tier_is": lambda tier: say("会员等级「{tier}」", tier=tier),
        "person": lambda _: say("同一位客户"),
        "tag": lambda tag: say("客户标签「{tag}」", tag=categories.tag_label(source, tag)),
    }
    told = {name: write(found[name]) for name, write in said.items() if name in found}
    return {name: text for name, text in told.items() if text}


def topic_label(source: Source, topic_id: str) -> str:
    """Return a topic's name as it holds; '' has that of no topic."""
    if not topic_id:
        return say(OTHER)
    frame = topics.labels(source, [topic_id])
    return str(frame["label"].iloc[0]) if len(frame) else say("未知主题")


def _period(selection: Selection) -> str:
    found = selection.narrowing
    if "hour" in found:
        at = pd.Timestamp(found["hour"])
        return f"{day_name(at.date())} {at:%H:%M}–{at + pd.Timedelta(hours=1):%H:%M}"
    if found.get("day_from") and found.get("day_to"):
        return span_name(pd.Timestamp(found["day_from"]).date(), pd.Timestamp(found["day_to"]).date())
    return span_name(selection.filters.start, selection.filters.end)


def _event(source: Source, selection: Selection) -> str:
    if "dip" in selection.narrowing:
        frame = source.rows(
            "SELECT channel, timezone($zone, started_at) AS started, timezone($zone, ended_at) AS ended"
            " FROM dip WHERE dip_id = $id",
            zone=source.zone, id=selection.narrowing["dip"],
        )  # fmt: skip
        found = [
            say(
                "{channel}情绪下降 {time}",
                channel=channel_name(r.channel),
                time=f"{r.started:%m-%d %H:%M}–{r.ended:%H:%M}",
            )
            for r in records(frame)
        ]
    else:
        frame = source.rows(
            "SELECT coalesce(t.label, g.label, s.key) AS label, s.kind, s.channel,"
            " timezone($zone, started_at) AS started"
            " FROM spike s LEFT JOIN topic t ON s.kind = 'topic' AND t.topic_id = s.key"
            " LEFT JOIN category g ON s.kind = 'category' AND g.category = s.key WHERE spike_id = $id",
            zone=source.zone, id=selection.narrowing["spike"],
        )  # fmt: skip
        found = [_spike(r) for r in records(frame)]
    return found[0] if found else say("已不在仓库中的事件")


def _spike(row: object) -> str:
    label, kind, channel, started = (getattr(row, name) for name in ("label", "kind", "channel", "started"))
    return say(
        "{what} {channel} {time} 起",
        what=say(SPIKE_KINDS[kind]) if kind in PLACE_KINDS else say("「{label}」", label=label),
        channel=channel_name(channel),
        time=f"{started:%m-%d %H:%M}",
    )
