"""What happens when somebody decides about a topic: it is kept in the inbox, and the page is drawn anew."""

from __future__ import annotations

import itertools
import logging
from typing import Any, cast

import duckdb
from dash import ALL, ClientsideFunction, Dash, Input, Output, State, ctx, no_update

from analytics.errors import KeshengError
from analytics.text.redact import redact
from dashboards import topic_choices
from dashboards.access.viewer import viewer_now
from dashboards.data import topics
from dashboards.data.topic_checks import refusal
from dashboards.data.topic_decisions import Kind, TopicDecision
from dashboards.language import msg, say
from dashboards.parts.topic_actions import ONLY_LOOKS
from dashboards.site import Site

_LOG = logging.getLogger(__name__)
NOT_KEPT = msg("没有保存：收件箱还不存在或不能写入。请运行 kesheng run 后重试")
_UNDO = "un"
_KEPT = {
    "rename": msg("已改名"),
    "unrename": msg("已恢复原名"),
    "merge": msg("合并将在下次运行后生效：kesheng run publish"),
    "unmerge": msg("已撤销合并，将在下次运行后生效：kesheng run publish"),
    "split": msg("拆分将在下次运行后生效：kesheng run retrain --day D"),
    "unsplit": msg("已撤销拆分"),
    "touchpoint": msg("触点已更改"),
    "untouchpoint": msg("已恢复自动判断的触点，将在下次运行后生效：kesheng run publish"),
    "pin": msg("已固定：重新训练时不会合并、撤下或改名"),
    "unpin": msg("已取消固定"),
    "hide": msg("已隐藏：不在列表中显示，联络仍计入总数"),
    "unhide": msg("已取消隐藏"),
}


def register(app: Dash, site: Site) -> None:
    """Wire the choices and the decisions about topics."""
    topic_choices.register(app)
    counter = itertools.count(1)

    def choose(
        clicks: list[int | None], values: list[Any], reasons: list[str | None], forms: list[dict[str, str]],
        places: list[dict[str, str]],
    ) -> tuple[Any, Any, list[Any]]:  # fmt: skip
        clicked = ctx.triggered_id
        if not isinstance(clicked, dict) or not ctx.triggered or not ctx.triggered[0]["value"]:
            return no_update, no_update, [no_update] * len(places)
        kind = str(clicked["kind"])
        at = next((i for i, form in enumerate(forms) if form["kind"] == kind), None)
        value, why = (None, "") if at is None else (values[at], reasons[at] or "")
        refused = decide(site, kind, str(clicked["topic"]), value, why)
        if refused:
            shown_at = kind if at is not None else "any"
            return no_update, no_update, [refused if place["kind"] == shown_at else "" for place in places]
        note = {"id": f"decided-{next(counter)}", "action": "show", "message": say(_KEPT[kind]), "autoClose": 6000}
        return next(counter), [note], [""] * len(places)

    app.callback(
        Output("decided", "data"), Output("notices", "sendNotifications"),
        Output({"type": "decide-said", "kind": ALL}, "children"),
        Input({"type": "decide", "kind": ALL, "topic": ALL}, "n_clicks"),
        State({"type": "decide-value", "kind": ALL}, "value"), State({"type": "decide-why", "kind": ALL}, "value"),
        State({"type": "decide-why", "kind": ALL}, "id"), State({"type": "decide-said", "kind": ALL}, "id"),
        prevent_initial_call=True,
    )(choose)  # fmt: skip
    app.clientside_callback(
        ClientsideFunction("kesheng", "panel"),
        Output({"type": "act-panel", "kind": ALL}, "style"), Output({"type": "act", "kind": ALL}, "className"),
        Input({"type": "act", "kind": ALL}, "n_clicks"),
        State({"type": "act-panel", "kind": ALL}, "id"), State({"type": "act-panel", "kind": ALL}, "style"),
        prevent_initial_call=True,
    )  # fmt: skip
    app.clientside_callback(
        ClientsideFunction("kesheng", "search"),
        Output("topic-no-match", "style"), Input("topic-search", "value"),
    )  # fmt: skip


def decide(site: Site, kind: str, topic_id: str, value: Any, why: str) -> str:
    """Keep a decision of whoever looks, or withdraw one; return why it was not kept, '' if it was.

    Who may only look is refused here, whatever buttons a page has shown.

    Parameters
    ----------
    kind : str
        A kind of `analytics.topics.decisions`, or one with `un` before it: withdraw it.
    topic_id : str
        The topic it is about.
    value : object
        As it was filled in: a name, a topic, a number of parts, a touchpoint.
    why : str
        The reason. Phones and the like are masked in it and in names, as in everything that is shown.
    """
    viewer = viewer_now()
    if not viewer.may_decide:
        return say(ONLY_LOOKS)
    try:
        known = topics.known(site.source)
        if kind.startswith(_UNDO):
            hidden = viewer.limits.any and topic_id not in set(known["topic_id"])
            n = 0 if hidden else site.decisions.withdraw(kind.removeprefix(_UNDO), topic_id)
            return "" if n else say("没有可撤销的决定，可能已被别人撤销，请刷新页面")
        text = "" if value is None else redact(" ".join(str(value).split()))
        decision = TopicDecision(
            kind=cast("Kind", kind), topic_id=topic_id, other_topic_id=text or None if kind == "merge" else None,
            value=text or None if kind in ("rename", "split", "touchpoint") else None,
        )  # fmt: skip
        why = redact(" ".join(why.split()))
        refused = refusal(known, decision, why)
        if not refused:
            row = known[known["topic_id"] == topic_id].iloc[0]
            was = {"rename": row["label"], "touchpoint": row["touchpoint"]}.get(kind)
            site.decisions.make(decision, why, was, by=viewer.name)
        return refused
    except (KeshengError, duckdb.Error) as error:
        _LOG.error("decision: %s: %s", type(error).__name__, error)
        return say(NOT_KEPT)
