"""Whether a decision about a topic can be kept; if not, why, in the words of the page."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboards.data.topic_decisions import TopicDecision
from dashboards.data.touchpoints import stages
from dashboards.language import say

LONGEST_NAME = 20
"""Characters; a longer name is cut in lists, charts and messages."""
MAX_PARTS = 5
"""Parts that a topic is split into at once, as `kesheng topics split` has it."""
Row = dict[Any, Any]
Rows = dict[str, Row]
NEEDS_REASON = ("rename", "merge", "split", "touchpoint")


def refusal(known: pd.DataFrame, decision: TopicDecision, why: str) -> str:
    """Return why a decision is not kept; '' if nothing speaks against it.

    Parameters
    ----------
    known : DataFrame
        `dashboards.data.topics.known`.
    decision : TopicDecision
        With its value and its other topic as they were filled in.
    why : str
        The reason given.
    """
    rows: Rows = {str(row["topic_id"]): dict(row) for row in known.to_dict("records")}
    topic = rows.get(decision.topic_id)
    if topic is None:
        return say("这个主题已不在仓库中，请刷新页面后再试")
    if topic["into"]:
        return say("这个主题已并入别的主题；要改，请先撤销合并")
    checks = {"rename": _rename, "merge": _merge, "split": _split, "touchpoint": _touchpoint}
    found = checks[decision.kind](rows, topic, decision) if decision.kind in checks else ""
    if not found and decision.kind in NEEDS_REASON and not why:
        return say("请写一句原因，方便以后的人看懂")
    return found


def _rename(rows: Rows, topic: Row, decision: TopicDecision) -> str:
    name = decision.value or ""
    if not name:
        return say("请填写新名称")
    if len(name) > LONGEST_NAME:
        return say("名称请控制在 {most} 个字以内，现在是 {n} 个字", most=LONGEST_NAME, n=len(name))
    if name == topic["label"]:
        return say("新名称与现在的相同")
    same = [row for row in rows.values() if row["label"] == name and not row["into"]]
    return say("已有同名主题「{name}」；如果是同一件事，请用「合并到…」", name=name) if same else ""


def _merge(rows: Rows, topic: Row, decision: TopicDecision) -> str:
    other = rows.get(decision.other_topic_id or "")
    if not decision.other_topic_id:
        return say("请选择要合并到的主题")
    if other is None:
        return say("要合并到的主题已不在仓库中，请刷新页面后再试")
    if other is topic:
        return say("不能合并到自己")
    if topic["pinned"]:
        return say("这个主题已固定；请先取消固定，或反过来把另一个主题合并进来")
    if other["into"] == topic["topic_id"]:
        return say("「{other}」已并入本主题；要反过来合并，请先撤销", other=other["label"])
    if other["into"]:
        end = rows.get(other["into"], other)
        return say("「{other}」已并入「{end}」，请直接选「{end}」", other=other["label"], end=end["label"])
    return ""


def _split(_: Rows, __: Row, decision: TopicDecision) -> str:
    parts = decision.value or ""
    is_sound = parts.isdecimal() and 2 <= int(parts) <= MAX_PARTS
    return "" if is_sound else say("请填写 2 到 {most} 之间的份数", most=MAX_PARTS)


def _touchpoint(_: Rows, topic: Row, decision: TopicDecision) -> str:
    if not any(decision.value in points for points in stages().values()):
        return say("请选择一个触点")
    return say("触点与现在的相同") if decision.value == topic["touchpoint"] else ""
