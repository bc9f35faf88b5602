"""How many contacts a search found, by mood, and how far back it read."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlencode

from dash import dcc, html
from dash.development.base_component import Component

from analytics.names import MOOD_NAMES
from dashboards.context import Context
from dashboards.data.searching import Tally, tally
from dashboards.data.source import Source
from dashboards.filters import Pairs, read_pairs, with_pair, write_search
from dashboards.language import say
from dashboards.names import day_name
from dashboards.selection import Selection, selection_of


def place(context: Context, selection: Selection) -> Component:
    """Return where the numbers stand; those of a search come after the page (see `dashboards.lists`)."""
    without = Selection(selection.filters, {k: v for k, v in selection.narrowing.items() if k != "mood"})
    spec = urlencode([*context.given, *context.view.items()])
    body = [html.Span(say("计数中…"), className="counting")]
    if not selection.searches:
        body = numbers(tally(context.source, without), without, read_pairs(spec))
    return html.Div(
        body, id={"type": "tally", "selection": without.encoded, "spec": spec}, className="tally", role="status",
        **{"aria-live": "polite"},
    )  # fmt: skip


def how_many(source: Source, selection: Selection) -> str:
    """Return how many contacts a selection has; of a search at least how many."""
    found = tally(source, selection)
    return say("至少 {n:,} 条", n=found.n) if found.unread else say("共 {n:,} 条", n=found.n)


def counted(source: Source, selection: str, spec: str) -> list[Component]:
    """Return the numbers of a place: of its selection without a mood, and the address of the page they stand on."""
    chosen = selection_of(selection)
    return numbers(tally(source, chosen), chosen, read_pairs(spec))


def numbers(found: Tally, selection: Selection, pairs: Pairs) -> list[Component]:
    """Return the numbers: in all, by mood (each a link that narrows), and what was not read."""
    mood = dict(pairs).get("mood")
    n = found.moods.get(mood, 0) if mood else found.n
    said = say("至少 {n:,} 条", n=n) if found.unread else say("共 {n:,} 条", n=n)
    moods = [_mood(None, say("全部情绪"), found.n, pairs)]
    moods += [_mood(label, say(name), found.moods.get(label, 0), pairs) for label, name in MOOD_NAMES.items()]
    return [
        html.B(said, id="voices-n", className="tally-n"),
        html.Div(moods, className="pills is-small"),
        *([_unread(found.unread, selection, pairs)] if found.unread else []),
    ]


def _mood(label: str | None, name: str, n: int, pairs: Pairs) -> Component:
    is_on = dict(pairs).get("mood") == label
    dot = [html.I(className=f"dot mood-{label}")] if label else []
    return dcc.Link(
        [*dot, name, html.Small(f"{n:,}")],
        href="/voices" + write_search(with_pair(pairs, "mood", label)),
        className=f"pill {'is-on' if is_on else ''}".strip(),
        id=f"mood-{label or 'all'}",
    )


def _unread(unread: dt.date, selection: Selection, pairs: Pairs) -> Component:
    """Return what was not read, and the link that reads it: the same search up to the newest day not read."""
    said = say("读到这里为止：{day}及更早的还没有读。", day=day_name(unread))
    start = selection.filters.start
    if start is None:
        return html.Span(said, className="unread")
    earlier = with_pair(with_pair(pairs, "from", start.isoformat()), "to", unread.isoformat())
    link = dcc.Link(say("继续往前找"), href="/voices" + write_search(earlier), className="more")
    return html.Span([said, link], className="unread")
