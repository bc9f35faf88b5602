"""Cards, tiles, numbers that open to their contacts, and what is said when there is nothing to show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import quote, urlencode

import dash_mantine_components as dmc
import plotly.graph_objects as go
from dash import dcc, html
from dash.development.base_component import Component

from analytics.names import MOOD_NAMES
from dashboards.context import Context
from dashboards.intervals import SMALL_N
from dashboards.language import say
from dashboards.mood_shares import mood_shares
from dashboards.names import span_name
from dashboards.theme import config

Children: TypeAlias = "Component | str | Sequence[Component | str]"


def card(
    title: str,
    *children: Component,
    note: Children = "",
    name: str = "",
    className: str = "",  # noqa: N803
    export: str = "",
) -> dmc.Paper:
    """Return a titled card; `name` is its id for tests, `export` a table of `dashboards.exports` to save."""
    tools = [export_button(export)] if export else []
    head = dmc.Group(
        [dmc.Title(title, order=2, className="card-title"), html.Div([*_listed(note), *tools], className="card-note")],
        justify="space-between", align="baseline", gap="xs", className="card-head",
    )  # fmt: skip
    more = {"id": name} if name else {}
    return dmc.Paper([head, *children], className=f"card {className}".strip(), **more)


@dataclass(frozen=True)
class Chart:
    """A figure and what must be said of it.

    Attributes
    ----------
    name : str
        Name of the graph; its card has the id `card-` + name.
    title : str
        What is drawn.
    unit : str
        What the vertical axis counts, with the width of a point (按天，条).
    says : text
        What can be read from it, in one sentence written from its numbers; '' where there is nothing to say.
    """

    figure: go.Figure
    name: str
    title: str
    unit: str
    says: Children = ""


def chart_card(context: Context, chart: Chart, *, note: Children = "", export: str = "") -> dmc.Paper:
    """Return a card of one chart: its title, unit and period, its sentence, and the chart."""
    said = span_name(context.filters.start, context.filters.end)
    period = html.Span(said, className="chart-period")
    head = [html.Span(chart.unit, className="chart-unit"), period, *_listed(note), png_button(context, chart, said)]
    sentence = [html.P(chart.says, className="chart-says")] if chart.says else []
    body = [*sentence, graph(chart.figure, chart.name)]
    return card(chart.title, *body, note=head, name=f"card-{chart.name}", export=export)


def _listed(children: Children) -> list[Component | str]:
    return [children] if isinstance(children, Component | str) else list(children)


def export_button(table: str) -> html.Span:
    """Return the buttons that save a table of `dashboards.exports` as CSV or XLSX."""
    found = [
        html.Button(
            kind.upper(),
            id={"type": "export", "table": table, "kind": kind},
            n_clicks=0,
            className="export",
            title=say("导出表格"),
            **{"aria-label": f"{kind.upper()} {say('导出表格')}"},
        )
        for kind in ("csv", "xlsx")
    ]
    return html.Span(found, className="exports")


def png_button(context: Context, chart: Chart, period: str) -> html.Button:
    """Return the button that saves a chart as a picture; assets/png.js draws it in the browser."""
    days = context.filters.start, context.filters.end
    file = "-".join(["kesheng", chart.name, *(f"{day:%Y%m%d}" for day in days if day)])
    said = {"data-title": chart.title, "data-unit": chart.unit, "data-period": period, "data-file": file}
    label = say("保存为图片")
    return html.Button("PNG", className="export png-button", title=label, **{"aria-label": f"PNG {label}", **said})


def opens(children: Children, place: str, *, look: str = "number", title: str = "", **narrowing: str) -> html.Button:
    """Return a button that opens the contacts of the page's selection, narrowed; `place` makes its id unique.

    An id is in ASCII: Dash finds no click on another, as it writes Chinese otherwise than the browser does.
    """
    spec = urlencode({name.rstrip("_"): value for name, value in narrowing.items()})
    return html.Button(
        children, id={"type": "opens", "spec": spec, "place": quote(place)}, className=look, n_clicks=0,
        title=title or say("点开看原声"), **{"data-testid": place},
    )  # fmt: skip


def graph(figure: go.Figure, name: str) -> dcc.Graph:
    """Return a graph whose points open the contacts behind them."""
    return dcc.Graph(id={"type": "graph", "name": name}, figure=figure, config=config(), style=_height(figure))


def still_graph(figure: go.Figure) -> dcc.Graph:
    """Return a graph that opens nothing."""
    return dcc.Graph(figure=figure, config={**config(), "staticPlot": True}, style=_height(figure))


def _height(figure: go.Figure) -> dict[str, str]:
    """Keep the place of a graph as high as its figure; Dash would reserve 450 pixels."""
    return {"height": f"{figure.layout.height}px"}


def tile(
    label: str,
    value: str,
    *lines: Children,
    name: str,
    small: bool = False,
    meaning: str = "",
    beside: Component | None = None,
) -> dmc.Paper:
    """Return a tile with one headline number; a number from few contacts is greyed and says so.

    `meaning` is the definition, shown when the pointer rests on the label; `beside` stands right of the number.
    """
    badge = [few()] if small else []
    number = html.Div(value, className="tile-value", **{"data-testid": f"{name}-value"})
    return dmc.Paper(
        [
            html.Div([html.Span(label, title=meaning), *badge], className="tile-label"),
            number
            if beside is None
            else html.Div([number, html.Div(beside, className="tile-beside")], className="tile-row"),
            *(html.Div(line, className="tile-line") for line in lines),
        ],
        className=f"tile {'is-small' if small else ''}",
        id=name,
    )


def few() -> html.Span:
    """Return the mark of a number that rests on few contacts."""
    return html.Span(say("样本少"), className="few", title=say("少于 {n} 条，仅供参考", n=SMALL_N))


def change(text: str, *, differs: bool, worse: bool | None = None) -> html.Span:
    """Return a change against the period before; grey when it may be chance, coloured when it is good or bad news."""
    kind = "is-flat" if not differs else "is-worse" if worse else "is-better" if worse is False else "is-changed"
    return html.Span(text, className=f"change {kind}", title="" if differs else say("差异不显著（5% 水平）"))


def empty(title: str, advice: Children, name: str = "empty") -> html.Div:
    """Return what is shown where there is nothing: what it means and what to do."""
    return html.Div([html.Div(title, className="empty-title"), html.Div(advice, className="empty-advice")],
                    className="empty", id=name)  # fmt: skip


def mood_bar(n_negative: int, n_neutral: int, n_positive: int, width: float = 1.0) -> html.Div:
    """Return a thin stacked bar of the three moods, `width` (0 to 1) of its place."""
    total = max(n_negative + n_neutral + n_positive, 1)
    counts: dict[str, int] = {"negative": n_negative, "neutral": n_neutral, "positive": n_positive}
    parts = [html.Span(className=f"mood-{mood}", style={"width": f"{n / total:.2%}"}) for mood, n in counts.items()]
    style = {"width": f"{max(width, 0.01):.2%}"}
    return html.Div(parts, className="mood-bar", style=style, title=mood_shares(n_negative, n_neutral, n_positive))


def mood_legend() -> html.Div:
    """Return the key to the three moods."""
    return html.Div(
        [html.Span([html.I(className=f"dot mood-{mood}"), say(name)]) for mood, name in MOOD_NAMES.items()],
        className="legend",
    )
