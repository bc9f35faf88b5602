"""What happens when something is chosen on the page of topics: it is written into the address, and nothing else."""

from __future__ import annotations

from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, no_update

from dashboards.data.topic_sides import BETWEEN
from dashboards.filters import Pairs, read_pairs, with_pair, write_search
from dashboards.parts.topic_courses import SEPARATOR
from dashboards.parts.topic_pairs import NO_VALUE


def register(app: Dash) -> None:
    """Wire the choices of topics over time and of what is compared."""

    def pick(chosen: list[list[str] | None], ids: list[dict[str, str]], search: str | None) -> Any:
        if not ids:
            return no_update
        return changed_search(search, "topics", SEPARATOR.join(chosen[0] or []), ids[0]["default"])

    app.callback(
        Output("url", "search", allow_duplicate=True),
        Input({"type": "topic-pick", "default": ALL}, "value"), State({"type": "topic-pick", "default": ALL}, "id"),
        State("url", "search"), prevent_initial_call=True,
    )(pick)  # fmt: skip

    def days(chosen: list[list[str | None] | None], ids: list[dict[str, str]], search: str | None) -> Any:
        if not ids or not chosen[0] or not all(chosen[0]):
            return no_update  # nothing to choose from, or one end of a period chosen so far
        return changed_search(search, "b", BETWEEN.join(str(day)[:10] for day in chosen[0]), ids[0]["default"])

    app.callback(
        Output("url", "search", allow_duplicate=True),
        Input({"type": "pair-days", "default": ALL}, "value"), State({"type": "pair-days", "default": ALL}, "id"),
        State("url", "search"), prevent_initial_call=True,
    )(days)  # fmt: skip

    def side(chosen: list[str | None], ids: list[dict[str, str]], search: str | None) -> Any:
        clicked = ctx.triggered_id
        if len(ctx.triggered) != 1 or not isinstance(clicked, dict) or None in chosen:
            return no_update  # both at once: the page was drawn, nobody chose
        pairs = read_pairs(search or "")
        for place, value in zip(ids, chosen, strict=True):
            pairs = with_pair(pairs, place["side"], "" if value == NO_VALUE else value)
        return _if_changed(search, pairs)

    app.callback(
        Output("url", "search", allow_duplicate=True),
        Input({"type": "pair-side", "side": ALL}, "value"), State({"type": "pair-side", "side": ALL}, "id"),
        State("url", "search"), prevent_initial_call=True,
    )(side)  # fmt: skip


def changed_search(search: str | None, name: str, value: str, default: str) -> Any:
    """Return the address with a choice in it; none where it stands there already, or is what holds without it.

    Examples
    --------
    >>> changed_search("?view=time", "topics", "t02", default="t01")
    '?view=time&topics=t02'
    >>> changed_search("?view=time", "topics", "t01", default="t01") is no_update
    True
    """
    pairs = read_pairs(search or "")
    return _if_changed(search, with_pair(pairs, name, None if value in ("", default) else value))


def _if_changed(search: str | None, pairs: Pairs) -> Any:
    if sorted(pairs) == sorted(read_pairs(search or "")):
        return no_update
    return write_search(pairs)
