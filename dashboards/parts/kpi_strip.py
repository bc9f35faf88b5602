"""The indicators of one day as a strip of tiles, each with interval, sample size and its course."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import dash_mantine_components as dmc
import pandas as pd
from dash import html
from dash.development.base_component import Component

from analytics.kpi_catalog import Indicator
from dashboards.charts import sparkline
from dashboards.context import Context
from dashboards.data import operations
from dashboards.intervals import SMALL_N
from dashboards.names import duration, percent, score
from dashboards.parts.cards import card, empty, opens, still_graph, tile

_WRITERS: dict[str, Callable[[float], str]] = {
    "share": percent,
    "seconds": duration,
    "score": score,
    "points": "{:+.0f}".format,
    "count": "{:,.0f}".format,
}
_HITS = {"recovered_share": ("已挽回", "recovered", "来时负面"), "soured_share": ("恶化", "soured", "来时不负面")}
"""For a share of contacts that are not all: what those are called that it counts, their course, and what all are."""


def kpi_strip(context: Context, day: dt.date, channel: str) -> Component:
    """Return the strip for a day and a channel ('*' = all)."""
    start = context.filters.start or day
    frame = operations.kpis(context.source, start, context.filters.end or day, channel)
    frame = frame.assign(day=pd.to_datetime(frame["day"]).dt.date)
    today = {str(row["indicator"]): row for row in frame[frame["day"] == day].to_dict("records")}
    shown = [what for name, what in context.source.indicators.items() if name in today]
    if not shown:
        return card("指标", empty("这一天没有指标", "换一天，或运行 kesheng run 计算后再来。"), name="kpi-strip")
    tiles = [_tile(what, frame[frame["indicator"] == what.name], today[what.name], channel) for what in shown]
    note = "指标按全部商品计算，不受商品筛选影响。" if context.filters.products else ""
    strip = dmc.SimpleGrid(tiles, cols={"base": 2, "md": _columns(len(tiles))}, spacing="md", className="tiles")
    return html.Div([strip, html.Div(note, className="foot-note")] if note else strip, id="kpi-strip")


def _columns(n_tiles: int) -> int:
    """Return four or five columns, whichever leaves the fewer places empty."""
    return min(n_tiles, min((4, 5), key=lambda n: -n_tiles % n))


def _tile(what: Indicator, course: pd.DataFrame, row: dict[Any, Any], channel: str) -> Component:
    day, n, write = row["day"].isoformat(), int(row["n"]), _WRITERS[what.unit]
    interval = f"95% 区间 {write(row['low'])} 至 {write(row['high'])}" if pd.notna(row["low"]) else "仅 1 条，没有区间"
    narrowing = {"scope": "all", "day_from": day, "day_to": day, "with": what.name}
    if channel != "*":
        narrowing["channel_is"] = channel
    return tile(
        what.label,
        write(float(row["value"])),
        [html.Span(interval), *_numbers(what, float(row["value"]), n, narrowing)],
        beside=still_graph(sparkline(course["day"], course["value"], row["day"])),
        name=f"kpi-{what.name}",
        small=n < SMALL_N,
        meaning=what.formula,
    )


def _numbers(what: Indicator, value: float, n: int, narrowing: dict[str, str]) -> list[Component]:
    """Return the number of contacts that the value is computed from and, where it has a name, of those it counts."""
    if what.name not in _HITS:
        return [opens(f"{n:,} 条", f"kpi-n-{what.name}", **narrowing)]
    name, course, name_of_all = _HITS[what.name]
    kept = {key: text for key, text in narrowing.items() if key != "with"}
    return [
        opens(f"{name} {round(value * n):,} 条", f"kpi-hits-{what.name}", **kept, course=course),
        opens(f"{name_of_all} {n:,} 条", f"kpi-n-{what.name}", **narrowing),
    ]
