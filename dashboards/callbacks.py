"""What happens when an address changes, a filter is set or a number is clicked; lists are in `dashboards.lists`.

The address is the only state: filters, the page's own parameters, the open list of contacts (`voices`) and the open
contact (`contact`) all stand in it, so that a link, the back button and a reload show the same.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from dash import ALL, ClientsideFunction, Dash, Input, Output, State, ctx, no_update

from dashboards.filters import (
    ALL_VALUES,
    Pairs,
    filters_of,
    other_pairs,
    read_pairs,
    with_pair,
    write_search,
    written,
)
from dashboards.lists import without_drawers
from dashboards.parts import voices
from dashboards.parts.found import how_many
from dashboards.site import Site

NONE = "-"
"""How the product filter writes contacts without a product: a select cannot hold ''."""


def register(app: Dash, site: Site) -> None:
    """Wire the callbacks of one app."""
    _register_address(app, site)
    _register_filters(app, site)
    _register_opening(app, site)


def _register_address(app: Dash, site: Site) -> None:
    app.clientside_callback(
        ClientsideFunction("address", "split"),
        Output("view", "data"), Output("voices", "data"), Output("contact", "data"),
        Input("url", "pathname"), Input("url", "search"),
        State("view", "data"), State("voices", "data"), State("contact", "data"),
    )  # fmt: skip

    def draw(view: dict[str, str] | None, _: Any, links: list[dict[str, str]]) -> tuple[Any, ...]:
        if view is None:
            return no_update, no_update, no_update, [no_update] * len(links), [no_update] * len(links)
        drawn = site.draw(view["path"], read_pairs(view["search"]))
        given = [pair for pair in read_pairs(view["search"]) if pair not in other_pairs(read_pairs(view["search"]))]
        hrefs = [link["path"] + write_search(given) for link in links]
        classes = [f"nav-link {'is-on' if link['path'] == view['path'] else ''}" for link in links]
        return drawn.children, {} if drawn.has_data else {"display": "none"}, drawn.note, hrefs, classes

    app.callback(
        Output("page", "children"), Output("filter-bar", "style"), Output("data-note", "children"),
        Output({"type": "nav", "path": ALL}, "href"), Output({"type": "nav", "path": ALL}, "className"),
        Input("view", "data"), Input("decided", "data"), State({"type": "nav", "path": ALL}, "id"),
    )(draw)  # fmt: skip


def _register_filters(app: Dash, site: Site) -> None:
    def show(view: dict[str, str] | None) -> tuple[Any, ...]:
        return (no_update,) * 13 if view is None else site.filter_state(read_pairs(view["search"]))

    app.callback(
        Output("filter-days", "value"), Output("filter-channel", "value"), Output("filter-product", "value"),
        Output("filter-days", "presets"), Output("filter-days", "minDate"), Output("filter-days", "maxDate"),
        Output("filter-days", "style"), Output("filter-channel", "data"), Output("filter-product", "data"),
        Output("filter-channel", "placeholder"), Output("filter-product", "placeholder"),
        Output("filter-channel", "style"), Output("filter-product", "style"),
        Input("view", "data"),
    )(show)  # fmt: skip

    def choose(days: list[str | None] | None, channels: Any, products: Any, _: int, search: str | None) -> Any:
        pairs = read_pairs(search or "")
        rest = without_drawers(other_pairs(pairs))
        if ctx.triggered_id == "filter-reset":
            return _if_changed(search, rest)
        if days is None or (any(days) and not all(days)):
            return no_update  # not filled from the address yet, or one end of a period chosen so far
        default = site.default_filters()
        chosen = [
            *_chosen("channel", channels or [], default.channels),
            *_chosen("product", ["" if p == NONE else p for p in products or []], default.products),
        ]
        shown = filters_of(pairs, default)
        wanted = filters_of([*_day_pairs(days), *chosen], default)
        if wanted == shown:
            return no_update
        kept = _day_pairs(days) if (wanted.start, wanted.end) != (default.start, default.end) else []
        return _if_changed(search, [*kept, *chosen, *rest])

    app.callback(
        Output("url", "search"),
        Input("filter-days", "value"), Input("filter-channel", "value"), Input("filter-product", "value"),
        Input("filter-reset", "n_clicks"), State("url", "search"), prevent_initial_call=True,
    )(choose)  # fmt: skip


def _register_opening(app: Dash, site: Site) -> None:
    def open_voices(_: list[int], points: list[Any], search: str | None) -> tuple[Any, list[Any]]:
        cleared: list[Any] = [None if point else no_update for point in points]
        spec = _clicked(ctx.triggered_id, ctx.triggered[0]["value"] if ctx.triggered else None)
        if spec is None:
            return no_update, [no_update] * len(points)
        return write_search(with_pair(without_drawers(read_pairs(search or "")), "voices", spec)), cleared

    app.callback(
        Output("url", "search", allow_duplicate=True), Output({"type": "graph", "name": ALL}, "clickData"),
        Input({"type": "opens", "spec": ALL, "place": ALL}, "n_clicks"),
        Input({"type": "graph", "name": ALL}, "clickData"),
        State("url", "search"), prevent_initial_call=True,
    )(open_voices)  # fmt: skip

    def show_voices(spec: str | None, search: str | None) -> tuple[Any, ...]:
        if not spec:
            return (no_update,) * 3
        selection = site.selection(read_pairs(search or ""), spec)
        return site.guarded(lambda source: (
            " · ".join(voices.describe(source, selection)),
            [how_many(source, selection)],
            voices.grid(selection, site.extent(), height="calc(100vh - 110px)"),
        ))  # fmt: skip

    told = [("voices-title", "children"), ("voices-count", "children"), ("voices-body", "children")]
    app.callback(*(Output(*each) for each in told), Input("voices", "data"), State("url", "search"))(show_voices)
    app.clientside_callback(
        ClientsideFunction("address", "openVoices"),
        Output("voices-drawer", "opened"), *(Output(*each, allow_duplicate=True) for each in told),
        Input("voices", "data"), prevent_initial_call=True,
    )  # fmt: skip
    app.clientside_callback(
        ClientsideFunction("address", "closeVoices"),
        Output("url", "search", allow_duplicate=True), Output("voices", "data", allow_duplicate=True),
        Input("voices-drawer", "opened"), State("url", "search"), prevent_initial_call=True,
    )  # fmt: skip


def _clicked(triggered: Any, value: Any) -> str | None:
    if not isinstance(triggered, dict) or not value:
        return None
    if triggered["type"] == "opens":
        return str(triggered["spec"]) or urlencode({"all": "1"})
    carried = value["points"][0].get("customdata")
    return str(carried[0]) if carried else None


def _day_pairs(days: list[str | None] | None) -> Pairs:
    if not days or not all(days):
        return []
    return [("from", str(days[0])[:10]), ("to", str(days[1])[:10])]


def _chosen(name: str, values: list[str], default: tuple[str, ...]) -> Pairs:
    """Return a filter for the address: nothing for the default, a mark for all where the default is some."""
    if set(values) == set(default):
        return []
    return [(name, written(value)) for value in values] or [(name, ALL_VALUES)]


def _if_changed(search: str | None, pairs: Pairs) -> Any:
    wanted = write_search(pairs)
    return no_update if wanted == (search or "") else wanted
