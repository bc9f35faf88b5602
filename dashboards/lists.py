"""What happens in lists of contacts: they are scrolled, searched, counted, and a contact is opened from them."""

from __future__ import annotations

import logging
from typing import Any

import duckdb
from dash import ALL, MATCH, ClientsideFunction, Dash, Input, Output, State, ctx, html, no_update

from analytics.errors import KeshengError
from dashboards.filters import Pairs, read_pairs, with_pair, write_search
from dashboards.language import say
from dashboards.parts import found, voices
from dashboards.parts.contact_head import contact_head
from dashboards.selection import selection_of
from dashboards.site import Site

_LOG = logging.getLogger(__name__)
DRAWERS = ("voices", "contact")
"""Parameters of an address that open something over the page."""


def without_drawers(pairs: Pairs) -> Pairs:
    """Return the parameters of the page itself."""
    return [pair for pair in pairs if pair[0] not in DRAWERS]


def register(app: Dash, site: Site) -> None:
    """Wire the lists of contacts."""
    _register_rows(app, site)
    _register_contact(app, site)
    _register_line(app)
    _register_search(app)


def _register_rows(app: Dash, site: Site) -> None:
    def list_contacts(request: dict[str, Any] | None, grid: dict[str, str]) -> Any:
        if request is None:
            return no_update
        try:
            return voices.answer(site.source, selection_of(grid["selection"]), request, grid["order"])
        except (KeshengError, duckdb.Error) as error:
            _LOG.error("list: %s: %s", type(error).__name__, error)
            return {"rowData": [], "rowCount": 0}

    place = {"type": "contacts", "selection": MATCH, "order": MATCH}
    app.callback(
        Output(place, "getRowsResponse"), Input(place, "getRowsRequest"), State(place, "id"), prevent_initial_call=True
    )(list_contacts)

    def count(place: dict[str, str], shown: list[Any]) -> Any:
        if len(shown) > 1:
            return no_update  # counted with the page
        try:
            return found.counted(site.source, place["selection"], place["spec"])
        except (KeshengError, duckdb.Error) as error:
            _LOG.error("count: %s: %s", type(error).__name__, error)
            return say("没有数清，请刷新页面")

    place = {"type": "tally", "selection": MATCH, "spec": MATCH}
    app.callback(Output(place, "children"), Input(place, "id"), State(place, "children"))(count)


def _register_contact(app: Dash, site: Site) -> None:
    def choose(*given: Any) -> Any:
        search = given[-1]
        contact_id = _named(ctx.triggered_id, ctx.triggered[0]["value"] if ctx.triggered else None)
        if contact_id is None:
            return no_update
        wanted = write_search(with_pair(read_pairs(search or ""), "contact", contact_id))
        return no_update if wanted == search else wanted

    app.callback(
        Output("url", "search", allow_duplicate=True),
        Input({"type": "contacts", "selection": ALL, "order": ALL}, "cellClicked"),
        Input({"type": "contact-link", "contact": ALL, "place": ALL}, "n_clicks"),
        Input("contact-chosen", "data"), State("url", "search"), prevent_initial_call=True,
    )(choose)  # fmt: skip

    def show(contact_id: str | None) -> Any:
        if not contact_id:
            return no_update
        topic = site.topic_labels.of(contact_id)
        try:
            told = voices.conversation(site.source, contact_id, site.labels.of(contact_id), topic)
        except (KeshengError, duckdb.Error) as error:
            _LOG.error("conversation: %s: %s", type(error).__name__, error)
            told = [html.Div(say("读不了这条联络，请刷新页面后再试。"), className="empty-advice")]
        return html.Div([contact_head(contact_id), *told])

    app.callback(Output("contact-body", "children"), Input("contact", "data"))(show)
    app.clientside_callback(
        ClientsideFunction("address", "openContact"),
        Output("contact-drawer", "opened"), Output("contact-body", "children", allow_duplicate=True),
        Input("contact", "data"), prevent_initial_call=True,
    )  # fmt: skip
    app.clientside_callback(
        ClientsideFunction("address", "closeContact"),
        Output("url", "search", allow_duplicate=True), Output("contact", "data", allow_duplicate=True),
        Input("contact-drawer", "opened"), State("url", "search"), prevent_initial_call=True,
    )  # fmt: skip


def _register_line(app: Dash) -> None:
    app.clientside_callback(
        ClientsideFunction("kesheng", "toTurn"),
        Output({"type": "mood-line", "name": ALL}, "clickData"),
        Input({"type": "mood-line", "name": ALL}, "clickData"), prevent_initial_call=True,
    )  # fmt: skip


def _register_search(app: Dash) -> None:
    def search_for(_: Any, __: Any, fields: list[Any], ids: list[Any], words: list[Any], search: str | None) -> Any:
        if not words:
            return no_update
        pairs = without_drawers(read_pairs(search or ""))
        chosen = {str(each["name"]): value for each, value in zip(ids, fields, strict=True)}
        for name, value in {"says": (words[0] or "").strip() or None, **chosen}.items():
            wanted = "" if value == "-" else value or None
            if dict(pairs).get(name) != wanted:
                pairs = with_pair(pairs, name, wanted)
        wanted_search = write_search(pairs)
        return no_update if wanted_search == write_search(without_drawers(read_pairs(search or ""))) else wanted_search

    app.callback(
        Output("url", "search", allow_duplicate=True),
        Input({"type": "voices-words", "page": ALL}, "n_submit"), Input({"type": "voices-go", "page": ALL}, "n_clicks"),
        Input({"type": "voices-field", "name": ALL}, "value"), State({"type": "voices-field", "name": ALL}, "id"),
        State({"type": "voices-words", "page": ALL}, "value"), State("url", "search"), prevent_initial_call=True,
    )(search_for)  # fmt: skip


def _named(triggered: Any, value: Any) -> str | None:
    """Return the contact of a row or of a link that was clicked, or stepped to by a key."""
    if not value:
        return None
    if triggered == "contact-chosen":
        found = value.get("contact") if isinstance(value, dict) else None
    elif not isinstance(triggered, dict):
        return None
    else:
        found = triggered["contact"] if triggered["type"] == "contact-link" else value.get("rowId")
    return str(found) if found else None
