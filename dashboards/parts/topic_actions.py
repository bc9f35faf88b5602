"""What a person may decide about a topic: a row of buttons, each with a small form below it."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboards.data.topic_checks import MAX_PARTS
from dashboards.data.topic_decisions import Overlay
from dashboards.data.touchpoints import stages
from dashboards.language import msg, say
from dashboards.parts.topic_badges import COMMAND, NEXT_RUN

RETRAIN = "kesheng run retrain --day D"
ONLY_LOOKS = msg("你的账号只能查看；需要改动主题，请联系管理员。")
_FORMS = (("rename", msg("改名")), ("merge", msg("合并到…")), ("split", msg("拆分")), ("touchpoint", msg("改触点")))
_IN_PLACE = {"withinPortal": False, "shadow": "md"}


def actions(row: dict[Any, Any], known: pd.DataFrame, over: Overlay, *, may: bool = True) -> html.Div:
    """Return the buttons and forms of one topic; of one that is part of another, only a place for messages.

    Parameters
    ----------
    row : dict
        The topic's row of `dashboards.data.topics.known`.
    known : DataFrame
        All of it, to choose from.
    over : Overlay
        What holds by the inbox, for what can be undone.
    may : bool
        Whether who looks may decide; else the buttons are there, disabled, and say why. The server refuses, too.
    """
    topic_id = str(row["topic_id"])
    said = html.Div(id={"type": "decide-said", "kind": "any"}, className="not-corrected", role="status")
    if row["into"]:
        return html.Div(said, className="topic-actions is-bare")
    buttons: list[Any] = [
        html.Button(
            say(name), id={"type": "act", "kind": kind}, className="act", type="button", n_clicks=0, disabled=not may,
            title="" if may else say(ONLY_LOOKS),
        )
        for kind, name in _FORMS
    ]  # fmt: skip
    toggles = [
        ("unpin", msg("取消固定")) if row["pinned"] else ("pin", msg("固定")),
        ("unhide", msg("取消隐藏")) if row["hidden"] else ("hide", msg("隐藏")),
    ]
    buttons += [decide(kind, topic_id, say(name), may=may) for kind, name in toggles]
    why_not = [] if may else [html.Div(say(ONLY_LOOKS), className="form-hint", id="only-looks")]
    fields = {
        "rename": _name(row),
        "merge": _other(row, known),
        "split": _parts(),
        "touchpoint": _touchpoint(row),
    }
    panels = [_form(kind, topic_id, fields[kind], _undo(kind, topic_id, over)) for kind, _ in _FORMS] if may else []
    return html.Div([html.Div(buttons, className="acts"), *why_not, *panels, said], className="topic-actions")


def pending(row: dict[Any, Any], known: pd.DataFrame, over: Overlay, *, may: bool = True) -> list[Component]:
    """Return what is decided and not yet done, what is part of the topic, and how each is undone."""
    names = dict(zip(known["topic_id"], known["label"], strict=True))
    lines: list[Component] = []
    if row["into"]:
        what = msg("将并入「{other}」") if row["is_pending"] else msg("已并入「{other}」")
        lines.append(_part_line(dict(row), say(what, other=_named(names, row["into"])), over, may=may))
    elif row["is_pending"]:
        lines.append(_line([say("合并已撤销，"), say(NEXT_RUN), html.Code(COMMAND)]))
    parts = known[(known["into"] == row["topic_id"]) & (known["topic_id"] != row["topic_id"])]
    said = {True: msg("「{other}」将并入本主题"), False: msg("「{other}」已并入本主题")}
    lines += [
        _part_line(part, say(said[bool(part["is_pending"])], other=part["label"]), over, may=may)
        for part in parts.to_dict("records")
    ]
    left = known[known["is_pending"] & (known["into"] == "") & (known["merged_into"] == row["topic_id"])]
    lines += [
        _line([say("「{other}」的合并已撤销，", other=label), say(NEXT_RUN), html.Code(COMMAND)])
        for label in left["label"]
    ]
    if row["parts"]:
        undo = decide("unsplit", str(row["topic_id"]), say("撤销拆分"), look="undo", may=may)
        coming = say("将拆成 {n} 个主题，", n=int(row["parts"]))
        lines.append(_line([coming, say(NEXT_RUN), html.Code(RETRAIN), undo]))
    return lines


def decide(kind: str, topic_id: str, name: str, *, look: str = "act", may: bool = True) -> html.Button:
    """Return a button that decides at once."""
    return html.Button(
        name, id={"type": "decide", "kind": kind, "topic": topic_id}, className=look, type="button", n_clicks=0,
        disabled=not may, title="" if may else say(ONLY_LOOKS), **{"data-testid": f"decide-{kind}"},
    )  # fmt: skip


def _part_line(part: dict[Any, Any], said: str, over: Overlay, *, may: bool) -> html.Div:
    name = str(part["topic_id"])
    undo = [decide("unmerge", name, say("撤销合并"), look="undo", may=may)] if name in over.merged else []
    wait = [say("，"), say(NEXT_RUN), html.Code(COMMAND)] if part["is_pending"] else []
    return _line([said, *wait, *undo], done=not part["is_pending"])


def _line(children: list[Any], *, done: bool = False) -> html.Div:
    return html.Div(children, className=f"pending {'is-done' if done else ''}")


def _form(kind: str, topic_id: str, field: Component, undo: list[Component]) -> html.Div:
    why = dmc.TextInput(
        id={"type": "decide-why", "kind": kind}, placeholder=say("原因（给以后的人看）"), size="xs",
        value="", className="why", **{"aria-label": say("原因（给以后的人看）")},
    )  # fmt: skip
    save = html.Button(
        say("保存"), id={"type": "decide", "kind": kind, "topic": topic_id}, className="save", type="button",
        n_clicks=0, **{"data-testid": f"decide-{kind}"},
    )  # fmt: skip
    said = html.Div(id={"type": "decide-said", "kind": kind}, className="not-corrected", role="status")
    return html.Div(
        [html.Div([field, why, save, *undo], className="form-row"),
         html.Div(say(_MEANING[kind]), className="form-hint"), said],
        id={"type": "act-panel", "kind": kind}, className="act-panel", style={"display": "none"},
    )  # fmt: skip


_MEANING = {
    "rename": msg("保存后立即生效，以后重新训练也保留这个名称。"),
    "merge": msg("它的联络都算作另一个主题，将在下次运行后生效；随时可以撤销。"),
    "split": msg("下次训练时按内容分成几个主题，将在下次运行后生效。"),
    "touchpoint": msg("保存后立即生效，以后重新训练也保留。"),
}


def _undo(kind: str, topic_id: str, over: Overlay) -> list[Component]:
    if kind == "rename" and topic_id in over.labels:
        return [decide("unrename", topic_id, say("恢复原名"), look="undo")]
    if kind == "touchpoint" and topic_id in over.touchpoints:
        return [decide("untouchpoint", topic_id, say("恢复自动判断"), look="undo")]
    return []


def _name(row: dict[Any, Any]) -> Component:
    return dmc.TextInput(id={"type": "decide-value", "kind": "rename"}, value=row["label"], size="xs",
                         className="field", **{"aria-label": say("新名称")})  # fmt: skip


def _other(row: dict[Any, Any], known: pd.DataFrame) -> Component:
    sibling = row["sibling"] if isinstance(row["sibling"], str) else ""
    others = known[(known["topic_id"] != row["topic_id"]) & (known["into"] == "")]
    others = others.assign(_first=others["topic_id"] != sibling).sort_values(
        ["_first", "n_contacts", "topic_id"], ascending=[True, False, True]
    )
    choices = [
        {"value": str(o["topic_id"]), "label": o["label"] + (say("（最相近）") if o["topic_id"] == sibling else "")}
        for o in others.to_dict("records")
    ]  # fmt: skip
    return dmc.Select(
        id={"type": "decide-value", "kind": "merge"}, data=choices, value=None, searchable=True, size="xs",
        placeholder=say("选择主题"), nothingFoundMessage=say("没有匹配的主题"), comboboxProps=_IN_PLACE,
        className="field", maxDropdownHeight=220, **{"aria-label": say("合并到")},
    )  # fmt: skip


def _parts() -> Component:
    return dmc.NumberInput(
        id={"type": "decide-value", "kind": "split"}, value=2, min=2, max=MAX_PARTS, size="xs", suffix=say(" 份"),
        className="field", allowDecimal=False, **{"aria-label": say("拆成几份")},
    )  # fmt: skip


def _touchpoint(row: dict[Any, Any]) -> Component:
    choices = [
        {"group": stage, "items": [{"value": point, "label": point} for point in points]}
        for stage, points in stages().items()
    ]
    return dmc.Select(
        id={"type": "decide-value", "kind": "touchpoint"}, data=choices, value=row["touchpoint"] or None, size="xs",
        searchable=True, placeholder=say("选择触点"), nothingFoundMessage=say("没有匹配的触点"),
        comboboxProps=_IN_PLACE, className="field", maxDropdownHeight=260, **{"aria-label": say("触点")},
    )  # fmt: skip


def _named(names: dict[Any, Any], topic_id: str) -> str:
    return str(names.get(topic_id, say("已不在仓库中的主题")))
