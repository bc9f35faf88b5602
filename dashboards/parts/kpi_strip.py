"""The indicators of one day as a strip of tiles, each with interval, sample size and its course."""

from __future__ import annotations

import datetime as dt

import dash_mantine_components as dmc
import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboards.charts import sparkline
from dashboards.context import Context
from dashboards.data import operations
from dashboards.intervals import SMALL_N
from dashboards.names_kpi import INDICATORS, Indicator, indicator
from dashboards.parts.cards import card, empty, opens, still_graph, tile


def kpi_strip(context: Context, day: dt.date, channel: str) -> Component:
    """Return the strip for a day and a channel ('*' = all)."""
    start = context.filters.start or day
    frame = operations.kpis(context.source, start, context.filters.end or day, channel)
    frame = frame.assign(day=pd.to_datetime(frame["day"]).dt.date)
    today = frame[frame["day"] == day].set_index("indicator")
    if today.empty:
        return card("指标", empty("这一天没有指标", "运行 kesheng run 计算后再来，或换一天。"), name="kpi-strip")
    order = {name: place for place, name in enumerate(INDICATORS)}
    names = sorted(today.index, key=lambda name: (order.get(name, len(order)), name))
    tiles = [
        _tile(indicator(name), name, frame[frame["indicator"] == name], today.loc[name], channel) for name in names
    ]
    note = "指标按全部商品计算，不受商品筛选影响" if context.filters.products else ""
    strip = dmc.SimpleGrid(tiles, cols={"base": 2, "sm": 3, "md": min(len(tiles), 6)}, spacing="md", className="tiles")
    return html.Div([strip, html.Div(note, className="foot-note")] if note else strip, id="kpi-strip")


def _tile(what: Indicator, key: str, course: pd.DataFrame, row: pd.Series, channel: str) -> Component:
    day, n = row["day"].isoformat(), int(row["n"])
    interval = f"95% 区间 {what.text(row['low'])} – {what.text(row['high'])}" if pd.notna(row["low"]) else "无区间"
    behind: Component | str = f"{n:,} 条"
    if what.narrowing is not None:
        narrowing = {
            "scope": "all",
            "day_from": day,
            "day_to": day,
            **({} if channel == "*" else {"channel_is": channel}),
            **what.narrowing,
        }
        behind = opens(f"{n:,} 条", f"kpi-n-{key}", **narrowing)
    return tile(
        what.name, what.text(float(row["value"])), interval, behind,
        still_graph(sparkline(course["day"], course["value"], row["day"])), name=f"kpi-{key}", small=n < SMALL_N,
    )  # fmt: skip
