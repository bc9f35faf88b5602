"""What happens when somebody corrects a mood or a topic: it is written to the inbox, and the mark says so."""

from __future__ import annotations

import logging
from typing import Any

import duckdb
from dash import ALL, MATCH, Dash, Input, Output, State, ctx, no_update

from analytics.errors import ConfigError, KeshengError
from dashboards.access.viewer import viewer_now
from dashboards.data import contacts
from dashboards.data.labels import WHOLE
from dashboards.language import msg, say
from dashboards.parts import corrections
from dashboards.site import Site

_LOG = logging.getLogger(__name__)
_NOT_KEPT = msg("没有保存：收件箱还不存在或不能写入，或这条联络已不在仓库中。请运行 kesheng run 后重试")
_MAY_NOT = msg("没有保存：您可以查看，但不能更正")


def register(app: Dash, site: Site) -> None:
    """Wire the correction of moods and topics."""

    def choose(clicks: list[int | None], ids: list[dict[str, Any]]) -> tuple[Any, Any]:
        if not isinstance(ctx.triggered_id, dict) or not any(clicks):
            return no_update, [no_update] * len(ids)
        chosen = ctx.triggered_id
        return corrected(site, str(chosen["contact"]), int(chosen["turn"]), str(chosen["label"]), ids)

    place = {"contact": MATCH, "turn": MATCH}
    app.callback(
        Output({"type": "mood-mark", **place}, "children"),
        Output({"type": "correct", "label": ALL, **place}, "disabled"),
        Input({"type": "correct", "label": ALL, **place}, "n_clicks"),
        State({"type": "correct", "label": ALL, **place}, "id"), prevent_initial_call=True,
    )(choose)  # fmt: skip

    def choose_topic(value: str | None, place: dict[str, str]) -> Any:
        if (value or None) == _chosen(site.topic_labels.of(place["contact"])):
            return no_update  # as it was drawn
        return corrected_topic(site, place["contact"], value)

    contact = {"contact": MATCH}
    app.callback(
        Output({"type": "topic-mark", **contact}, "children"), Input({"type": "correct-topic", **contact}, "value"),
        State({"type": "correct-topic", **contact}, "id"), prevent_initial_call=True,
    )(choose_topic)  # fmt: skip


def _chosen(topic: str | None) -> str | None:
    return corrections.NO_TOPIC if topic == "" else topic


def corrected(site: Site, contact_id: str, turn: int, label: str, ids: list[dict[str, Any]]) -> tuple[Any, Any]:
    """Keep (or undo) a correction; return the new mark, and which items of the menu are disabled."""
    viewer = viewer_now()
    if not viewer.may_decide:
        return corrections.refused(say(_MAY_NOT)), [no_update] * len(ids)
    try:
        if label == corrections.UNDO:
            _published(site, contact_id, turn, must=True)
            site.labels.undo(contact_id, turn)
        else:
            site.labels.correct(site.source, contact_id, turn, label, by=viewer.name)
        published = _published(site, contact_id, turn)
    except (KeshengError, duckdb.Error) as error:
        _LOG.error("correction: %s: %s", type(error).__name__, error)
        return corrections.refused(say(_NOT_KEPT)), [no_update] * len(ids)
    holds = site.labels.of(contact_id).get(turn)
    shown = corrections.mark(published, holds, named=turn == WHOLE)
    return shown, [item["label"] == corrections.UNDO and holds is None for item in ids]


def corrected_topic(site: Site, contact_id: str, topic: str | None) -> list[Any]:
    """Keep (or undo, without one) a topic; return the new mark."""
    viewer = viewer_now()
    if not viewer.may_decide:
        return corrections.refused(say(_MAY_NOT))
    try:
        if not topic:
            _published(site, contact_id, WHOLE, must=True)
            site.topic_labels.undo(contact_id)
        else:
            chosen = "" if topic == corrections.NO_TOPIC else topic
            site.topic_labels.correct(site.source, contact_id, chosen, by=viewer.name)
        return corrections.topic_mark(site.source, site.topic_labels.of(contact_id))
    except (KeshengError, duckdb.Error) as error:
        _LOG.error("correction: %s: %s", type(error).__name__, error)
        return corrections.refused(say(_NOT_KEPT))


def _published(site: Site, contact_id: str, turn: int, *, must: bool = False) -> str | None:
    """Return the published mood; who looks must see the contact where it `must` be there."""
    if turn == WHOLE:
        rows = contacts.contact(site.source, contact_id)
    else:
        rows = contacts.turns(site.source, contact_id)
        rows = rows[rows["turn"] == turn]
    if must and rows.empty:
        raise ConfigError("correction: expected a contact that is published; nothing was changed")
    label = rows["sentiment_label"].iloc[0] if len(rows) else None
    return label if isinstance(label, str) else None
