"""Marks beside the name of a topic: new, silent, part of another, kept, hidden."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import html

from dashboards.language import msg, say

NEXT_RUN = msg("将在下次运行后生效")
COMMAND = "kesheng run publish"
_PROVISIONAL = msg("新主题（观察中）")


def badges(row: Mapping[str, Any], *, names: Mapping[str, str] | None = None, short: bool = False) -> list[html.Span]:
    """Return the marks of a topic.

    Parameters
    ----------
    row : mapping
        A row of `dashboards.data.topics.known` or `topic_table`.
    names : mapping of str to str, optional
        Names of topics by id, for what it is part of.
    short : bool
        For lists: marks that fit beside a name; the rest of them is seen on the topic's card.
    """
    found: list[tuple[str, str, str]] = []
    if row["state"] == "provisional":
        meaning = say("新主题（观察中）：出现不久，持续够天数后转为正式主题，否则撤下")
        found.append((say("观察中") if short else say(_PROVISIONAL), "is-new", meaning))
    if row["state"] == "dormant":
        found.append((say("沉寂"), "is-quiet", say("连续多日没有联络")))
    if row["into"]:
        other = (names or {}).get(row["into"], "")
        what = say("将并入") if row["is_pending"] else say("已并入")
        named = say("{what}「{other}」", what=what, other=other) if other else what
        found.append((what if short else named, "is-quiet", say(NEXT_RUN) if row["is_pending"] else named))
    if row["pinned"] and not short:
        found.append((say("已固定"), "is-kept", say("重新训练时不会合并、撤下或改名")))
    if row["hidden"]:
        found.append((say("已隐藏"), "is-quiet", say("不在列表中显示，联络仍计入总数")))
    return [html.Span(text, className=f"badge {look}", title=title) for text, look, title in found]
