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
from dashboards.parts.topic_badges import COMMAND, NEXT_RUN

RETRAIN = "kesheng run retrain --day D"
_FORMS = (("rename", "改名"), ("merge", "合并到…"), ("split", "拆分"), ("touchpoint", "改触点"))
_IN_PLACE = {"withinPortal": False, "shadow": "md"}


def actions(row: dict[Any, Any], known: pd.DataFrame, over: Overlay) -> html.Div:
    """Return the buttons and forms of one topic; of one that is part of another, only a place for messages.

    Parameters
    ----------
    row : dict
        The topic's row of `dashboards.data.topics.known`.
    known : DataFrame
        All of it, to choose from.
    over : Overlay
        What holds by the inbox, for what can be undone.
    """
    topic_id = str(row["topic_id"])
    said = html.Div(id={"type": "decide-said", "kind": "any"}, className="not-corrected", role="status")
    if row["into"]:
        return html.Div(said, className="topic-actions is-bare")
    buttons: list[Any] = [
        html.Button(name, id={"type": "act", "kind": kind}, className="act", type="button", n_clicks=0)
        for kind, name in _FORMS
    ]
    toggles = [
        ("unpin", "取消固定") if row["pinned"] else ("pin", "固定"),
        ("unhide", "取消隐藏") if row["hidden"] else ("hide", "隐藏"),
    ]
    buttons += [decide(kind, topic_id, name) for kind, name in toggles]
    fields = {
        "rename": _name(row),
        "merge": _other(row, known),
        "split": _parts(),
        "touchpoint": _touchpoint(row),
    }
    panels = [_form(kind, topic_id, fields[kind], _undo(kind, topic_id, over)) for kind, _ in _FORMS]
    return html.Div([html.Div(buttons, className="acts"), *panels, said], className="topic-actions")


def pending(row: dict[Any, Any], known: pd.DataFrame, over: Overlay) -> list[Component]:
    """Return what is decided and not yet done, what is part of the topic, and how each is undone."""
    names = dict(zip(known["topic_id"], known["label"], strict=True))
    lines: list[Component] = []
    if row["into"]:
        lines.append(
            _part_line(dict(row), f"{'将' if row['is_pending'] else '已'}并入「{_named(names, row['into'])}」", over)
        )
    elif row["is_pending"]:
        lines.append(_line(["合并已撤销，", NEXT_RUN, html.Code(COMMAND)]))
    parts = known[(known["into"] == row["topic_id"]) & (known["topic_id"] != row["topic_id"])]
    lines += [_part_line(part, f"「{part['label']}」{'将' if part['is_pending'] else '已'}并入本主题", over)
              for part in parts.to_dict("records")]  # fmt: skip
    left = known[known["is_pending"] & (known["into"] == "") & (known["merged_into"] == row["topic_id"])]
    lines += [_line([f"「{label}」的合并已撤销，", NEXT_RUN, html.Code(COMMAND)]) for label in left["label"]]
    if row["parts"]:
        said = [f"将拆成 {int(row['parts'])} 个主题，", NEXT_RUN, html.Code(RETRAIN)]
        lines.append(_line([*said, decide("unsplit", str(row["topic_id"]), "撤销拆分", look="undo")]))
    return lines


def decide(kind: str, topic_id: str, name: str, *, look: str = "act") -> html.Button:
    """Return a button that decides at once."""
    return html.Button(
        name, id={"type": "decide", "kind": kind, "topic": topic_id}, className=look, type="button", n_clicks=0,
        **{"data-testid": f"decide-{kind}"},
    )  # fmt: skip


def _part_line(part: dict[Any, Any], said: str, over: Overlay) -> html.Div:
    undo = (
        [decide("unmerge", str(part["topic_id"]), "撤销合并", look="undo")] if part["topic_id"] in over.merged else []
    )
    wait = ["，", NEXT_RUN, html.Code(COMMAND)] if part["is_pending"] else []
    return _line([said, *wait, *undo], done=not part["is_pending"])


def _line(children: list[Any], *, done: bool = False) -> html.Div:
    return html.Div(children, className=f"pending {'is-done' if done else ''}")


def _form(kind: str, topic_id: str, field: Component, undo: list[Component]) -> html.Div:
    why = dmc.TextInput(
        id={"type": "decide-why", "kind": kind}, placeholder="原因（给以后的人看）", size="xs", value="",
        className="why",
    )  # fmt: skip
    save = html.Button(
        "保存", id={"type": "decide", "kind": kind, "topic": topic_id}, className="save", type="button", n_clicks=0,
        **{"data-testid": f"decide-{kind}"},
    )  # fmt: skip
    said = html.Div(id={"type": "decide-said", "kind": kind}, className="not-corrected", role="status")
    return html.Div(
        [html.Div([field, why, save, *undo], className="form-row"), html.Div(_MEANING[kind], className="form-hint"),
         said],
        id={"type": "act-panel", "kind": kind}, className="act-panel", style={"display": "none"},
    )  # fmt: skip


_MEANING = {
    "rename": "保存后立即生效，以后重新训练也保留这个名称。",
    "merge": f"它的联络都算作另一个主题，{NEXT_RUN}；随时可以撤销。",
    "split": f"下次训练时按内容分成几个主题，{NEXT_RUN}。",
    "touchpoint": "保存后立即生效，以后重新训练也保留。",
}


def _undo(kind: str, topic_id: str, over: Overlay) -> list[Component]:
    if kind == "rename" and topic_id in over.labels:
        return [decide("unrename", topic_id, "恢复原名", look="undo")]
    if kind == "touchpoint" and topic_id in over.touchpoints:
        return [decide("untouchpoint", topic_id, "恢复自动判断", look="undo")]
    return []


def _name(row: dict[Any, Any]) -> Component:
    return dmc.TextInput(id={"type": "decide-value", "kind": "rename"}, value=row["label"], size="xs",
                         className="field", **{"aria-label": "新名称"})  # fmt: skip


def _other(row: dict[Any, Any], known: pd.DataFrame) -> Component:
    sibling = row["sibling"] if isinstance(row["sibling"], str) else ""
    others = known[(known["topic_id"] != row["topic_id"]) & (known["into"] == "")]
    others = others.assign(_first=others["topic_id"] != sibling).sort_values(
        ["_first", "n_contacts", "topic_id"], ascending=[True, False, True]
    )
    choices = [
        {"value": str(o["topic_id"]), "label": f"{o['label']}{'（最相近）' if o['topic_id'] == sibling else ''}"}
        for o in others.to_dict("records")
    ]  # fmt: skip
    return dmc.Select(
        id={"type": "decide-value", "kind": "merge"}, data=choices, value=None, searchable=True, size="xs",
        placeholder="选择主题", nothingFoundMessage="没有匹配的主题", comboboxProps=_IN_PLACE, className="field",
        maxDropdownHeight=220, **{"aria-label": "合并到"},
    )  # fmt: skip


def _parts() -> Component:
    return dmc.NumberInput(
        id={"type": "decide-value", "kind": "split"}, value=2, min=2, max=MAX_PARTS, size="xs", suffix=" 份",
        className="field", allowDecimal=False, **{"aria-label": "拆成几份"},
    )  # fmt: skip


def _touchpoint(row: dict[Any, Any]) -> Component:
    choices = [
        {"group": stage, "items": [{"value": point, "label": point} for point in points]}
        for stage, points in stages().items()
    ]
    return dmc.Select(
        id={"type": "decide-value", "kind": "touchpoint"}, data=choices, value=row["touchpoint"] or None, size="xs",
        searchable=True, placeholder="选择触点", nothingFoundMessage="没有匹配的触点", comboboxProps=_IN_PLACE,
        className="field", maxDropdownHeight=260, **{"aria-label": "触点"},
    )  # fmt: skip


def _named(names: dict[Any, Any], topic_id: str) -> str:
    return str(names.get(topic_id, "已不在仓库中的主题"))
