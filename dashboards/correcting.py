"""What happens when somebody corrects a mood: it is written to the inbox, and the mark says so."""

from __future__ import annotations

import logging
from typing import Any

import duckdb
from dash import ALL, MATCH, Dash, Input, Output, State, ctx, no_update

from analytics.errors import KeshengError
from dashboards.data import contacts
from dashboards.data.labels import WHOLE
from dashboards.parts import corrections
from dashboards.site import Site

_LOG = logging.getLogger(__name__)
_NOT_KEPT = "没有保存：收件箱还不存在或不能写入，或这条联络已不在仓库中。请运行 kesheng run 后重试"


def register(app: Dash, site: Site) -> None:
    """Wire the correction of moods."""

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


def corrected(site: Site, contact_id: str, turn: int, label: str, ids: list[dict[str, Any]]) -> tuple[Any, Any]:
    """Keep (or undo) a correction; return the new mark, and which items of the menu are disabled."""
    try:
        if label == corrections.UNDO:
            site.labels.undo(contact_id, turn)
        else:
            site.labels.correct(site.source, contact_id, turn, label)
        published = _published(site, contact_id, turn)
    except (KeshengError, duckdb.Error) as error:
        _LOG.error("correction: %s: %s", type(error).__name__, error)
        return corrections.refused(_NOT_KEPT), [no_update] * len(ids)
    holds = site.labels.of(contact_id).get(turn)
    shown = corrections.mark(published, holds, named=turn == WHOLE)
    return shown, [item["label"] == corrections.UNDO and holds is None for item in ids]


def _published(site: Site, contact_id: str, turn: int) -> str | None:
    if turn == WHOLE:
        rows = contacts.contact(site.source, contact_id)
    else:
        rows = contacts.turns(site.source, contact_id)
        rows = rows[rows["turn"] == turn]
    label = rows["sentiment_label"].iloc[0] if len(rows) else None
    return label if isinstance(label, str) else None
