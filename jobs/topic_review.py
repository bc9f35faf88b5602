"""What `kesheng topics list`, `show` and `history` print: topics of the lake with what people decided."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from analytics.inbox.topics import MadeTopicDecision
from analytics.settings import load_settings
from analytics.share_changes import Change, share_change
from analytics.topics.checks import known_topic
from analytics.topics.history import records
from analytics.topics.share import wilson_interval
from jobs.topic_lookup import WEEK_DAYS, TopicLookup, topic_lookup

LEVEL = 0.05
"""False discoveries allowed among the changes that are called beyond chance."""
N_SENTENCES = 5
_COLUMNS = ("id", "名称", "状态", "触点", "联络", "近7天占比", "较前7天", "首次", "最近")
STATES = {"provisional": "试用", "active": "在用", "dormant": "休眠", "merged": "已并入"}
EVENTS = {
    "born": "出现", "promoted": "转正", "merged": "并入", "unmerged": "撤回并入",
    "split": "分出", "dormant": "休眠", "revived": "重现", "renamed": "改名",
}  # fmt: skip
_KINDS = {"rename": "改名", "merge": "并入", "split": "拆分", "pin": "固定", "hide": "隐藏", "touchpoint": "触点"}


def listed(*, everything: bool = False) -> str:
    """Return the topics as lines parted by tabs, most contacts first; all of them with `everything`.

    The share is of the last 7 local days there are, with Wilson's 95 % interval; the change against the 7 days before
    is marked 超出偶然 if it is beyond chance at a false discovery rate of 5 % over all topics.
    """
    with topic_lookup(load_settings()) as lookup:
        weeks = _two_weeks(lookup)
        shown = [row for row in records(lookup.topics) if everything or _is_shown(row)]
    shown.sort(key=lambda row: (row["state"] == "merged", -row["n_contacts"], row["topic_id"]))
    lines = ["\t".join(_fields(row, weeks.get(row["topic_id"]))) for row in shown]
    return "\n".join(["\t".join(_COLUMNS), *lines])


def shown(topic: str) -> str:
    """Return what is known of one topic, with typical sentences (masked) and the contacts that said them.

    Raises
    ------
    ConfigError
        If there is no such topic.
    """
    with topic_lookup(load_settings()) as lookup:
        topic_id = known_topic(topic, lookup.topics)
        row = records(lookup.topics[lookup.topics["topic_id"] == topic_id])[0]
        weeks, typical = lookup.weeks(topic_id), lookup.typical(topic_id, N_SENTENCES)
        parts = [part for part, whole in sorted(lookup.decided.merged.items()) if whole == topic_id]
        happened = _history(lookup, topic_id)
        labels = dict(zip(lookup.topics["topic_id"], lookup.topics["label"], strict=True))
    sibling = row["sibling"]
    lines = [
        f"{topic_id} {row['label']}（{_state(row)}）",
        f"词：{' '.join(row['words'] or [])}",
        f"触点：{row['touchpoint'] or '未知'}；联络 {row['n_contacts']} 个；{_span(row)}",
        *([f"相近主题：{sibling} {labels.get(sibling, '')}"] if sibling else []),
        *([f"含：{'，'.join(f'{part} {labels[part]}' for part in parts)}"] if parts else []),
        "每周联络：" + ("，".join(f"{week} {n}" for week, n in weeks) or "没有带日期的联络"),
        "经过：",
        *(f"  {line}" for line in happened or ["没有"]),
        "典型的话：",
        *(f"  「{' '.join(text.split())}」 {contact}" for text, contact in typical),
    ]
    return "\n".join(lines)


def history_of(topic: str | None) -> str:
    """Return events and decisions as lines, oldest first, of one topic or of all.

    Raises
    ------
    ConfigError
        If there is no such topic.
    """
    with topic_lookup(load_settings()) as lookup:
        topic_id = None if topic is None else known_topic(topic, lookup.topics)
        return "\n".join(_history(lookup, topic_id)) or "还没有事件，也没有人工决定"


def _is_shown(row: dict[str, Any]) -> bool:
    return row["state"] in ("active", "provisional") and not row["hidden"]


def _two_weeks(lookup: TopicLookup) -> dict[str, tuple[int, int, Change, bool]]:
    """Return by topic: contacts and all contacts of the last week, the change, and whether it is beyond chance."""
    daily = lookup.daily(2 * WEEK_DAYS)
    if daily.empty:
        return {}
    from analytics.signals.multiplicity import benjamini_hochberg  # brings scipy.stats, a second by itself

    last = max(daily["day"])
    days = list(pd.date_range(end=last, periods=2 * WEEK_DAYS).date)
    table = daily.pivot_table(index="topic_id", columns="day", values="n", aggfunc="sum", fill_value=0)
    table = table.reindex(columns=days, fill_value=0)
    totals = table.sum().to_numpy(dtype=float)
    is_now = np.arange(2 * WEEK_DAYS) >= WEEK_DAYS
    changes = {
        str(topic_id): share_change(counts, totals, is_now)
        for topic_id, counts in zip(table.index, table.to_numpy(dtype=float), strict=True)
        if topic_id
    }
    tested = [topic for topic, change in changes.items() if not math.isnan(change.p_value)]
    q_values = dict(zip(tested, benjamini_hochberg([changes[topic].p_value for topic in tested]), strict=True))
    week = table.iloc[:, WEEK_DAYS:].sum(axis=1)
    n_total = int(totals[WEEK_DAYS:].sum())
    return {
        topic: (int(week[topic]), n_total, change, bool(q_values.get(topic, 1.0) <= LEVEL))
        for topic, change in changes.items()
    }


def _fields(row: dict[str, Any], week: tuple[int, int, Change, bool] | None) -> list[str]:
    share = change = ""
    if week is not None and week[1]:
        low, high = wilson_interval(week[0], week[1])
        share = f"{week[0] / week[1]:.1%}（{float(low):.1%}–{float(high):.1%}）"
        change = _change(week[2], is_real=week[3])
    dates = [str(row[name]) if row[name] else "" for name in ("first_seen", "last_seen")]
    told = [row["topic_id"], str(row["label"]), _state(row), row["touchpoint"] or "", str(row["n_contacts"])]
    return [*told, share, change, *dates]


def _change(change: Change, *, is_real: bool) -> str:
    if math.isnan(change.p_value):
        return "无前7天"
    points = f"{100 * change.difference:+.1f} 个百分点"
    return f"{points} 超出偶然" if is_real else points


def _state(row: dict[str, Any]) -> str:
    said = STATES[row["state"]] + (f" {row['merged_into']}" if row["merged_into"] else "")
    return "".join([said, "·固定" if row["pinned"] else "", "·隐藏" if row["hidden"] else ""])


def _span(row: dict[str, Any]) -> str:
    return f"{row['first_seen']} 至 {row['last_seen']}" if row["first_seen"] else "没有日期"


def _history(lookup: TopicLookup, topic_id: str | None) -> list[str]:
    labels = dict(zip(lookup.topics["topic_id"], lookup.topics["label"], strict=True))
    lines = [
        (str(event["day"]), _event_line(event, labels))
        for event in records(lookup.events)
        if topic_id in (None, event["topic_id"], event["other_topic_id"])
    ]
    lines += [
        (f"{made.made_at:%Y-%m-%d}~{made.decision_id:06d}", _decision_line(made))
        for made in lookup.made
        if topic_id in (None, made.topic_id, made.other_topic_id)
    ]
    return [line for _, line in sorted(lines, key=lambda pair: pair[0])]


def _event_line(event: dict[str, Any], labels: dict[str, str]) -> str:
    other = f" {event['other_topic_id']}" if event["other_topic_id"] else ""
    contacts = f"（{'，'.join(event['contact_ids'])}）" if len(event["contact_ids"]) else ""
    name = labels.get(event["topic_id"], "")
    return _spaced(event["day"], event["topic_id"], name, EVENTS[event["event"]] + other, event["detail"], contacts)


def _decision_line(made: MadeTopicDecision) -> str:
    what = " ".join(part for part in (_KINDS[made.kind], made.other_topic_id, made.value) if part)
    state = f"，{made.withdrawn_at:%Y-%m-%d %H:%M} UTC 撤回" if made.withdrawn_at else ""
    who = f"{made.made_by}{f'：{made.why}' if made.why else ''}{state}"
    return _spaced(f"{made.made_at:%Y-%m-%d}", made.topic_id, f"决定 {made.decision_id}", what, who)


def _spaced(*parts: object) -> str:
    return "  ".join(str(part) for part in parts if part)
