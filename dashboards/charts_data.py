"""Figures of the page 数据, from frames. Pure."""

from __future__ import annotations

import math
from urllib.parse import urlencode

import pandas as pd
import plotly.graph_objects as go

from dashboards.language import msg, say
from dashboards.names import day_name
from dashboards.records import records
from dashboards.theme import palette, themed, translucent

FATES = {
    "n_used": msg("已入库"),
    "n_superseded": msg("被新版本取代"),
    "n_unaccounted": msg("尚未处理"),
    "n_rejected": msg("被拒"),
}
"""What becomes of a record."""
_FEWEST_DAYS = 10


def intake(frame: pd.DataFrame) -> go.Figure:
    """Draw records by collected day and what became of them (`dashboards.data.intake.by_day`)."""
    look = palette()
    colours = {
        "n_used": look.accent, "n_superseded": look.faint, "n_unaccounted": look.delay,
        "n_rejected": look.mood["negative"],
    }  # fmt: skip
    figure = go.Figure()
    days = pd.to_datetime(frame["collected_day"])
    for name, title in FATES.items():
        hover = [
            f"{day_name(day.date(), weekday=True)}<br>"
            + say("{fate} {n:,} 条 / 共 {total:,} 条", fate=say(title), n=n, total=total)
            for day, n, total in zip(days, frame[name], frame["n_records"], strict=True)
        ]
        figure.add_bar(
            x=days, y=frame[name], name=say(title), marker={"color": colours[name]}, hovertext=hover, hoverinfo="text",
            textposition="none", width=0.6 * 86_400_000,
        )  # fmt: skip
    _days(figure, list(days))
    # A day alone is a bar, not a wall.
    first = min(days.min(), days.max() - pd.Timedelta(days=_FEWEST_DAYS - 1))
    figure.update_xaxes(range=[first - pd.Timedelta(hours=14), days.max() + pd.Timedelta(hours=14)])
    figure.update_yaxes(rangemode="tozero", nticks=5)
    return themed(figure, 290).update_layout(barmode="stack", margin={"l": 56, "r": 12, "t": 30, "b": 30})


def coverage(frame: pd.DataFrame) -> go.Figure:
    """Draw rows by table and day against the table's usual (`dashboards.data.coverage.coverage`); nothing is marked."""
    look = palette()
    tables = list(dict.fromkeys(frame["table"]))[::-1]
    days = sorted(set(frame["day"]))
    cells = {(row.table, row.day): row for row in records(frame)}
    levels, hover, opens = [], [], []
    for name in tables:
        rows = [cells[name, day] for day in days]
        levels.append([_level(row.n, row.usual, missing=row.missing) for row in rows])
        hover.append([_said(row) for row in rows])
        opens.append([_opens(row) for row in rows])
    figure = go.Figure(
        go.Heatmap(
            x=[pd.Timestamp(day) for day in days], y=tables, z=levels, hovertext=hover, hoverinfo="text",
            customdata=opens, xgap=2, ygap=2, zmin=0, zmax=1, showscale=False,
            colorscale=_scale(look.accent, look.mood["negative"]),
        )
    )  # fmt: skip
    _days(figure, [pd.Timestamp(day) for day in days])
    return themed(figure, 34 * len(tables) + 44).update_layout(margin={"l": 104, "r": 12, "t": 6, "b": 30})


def _level(n: int, usual: float, *, missing: bool) -> float | None:
    """Return a place on the scale: 0 for missing rows, None for none, else 0.25 to 1; the usual is at 0.7."""
    if n == 0:
        return 0.0 if missing else None
    return 0.25 + 0.75 * min(1.0, 0.6 * math.sqrt(n / usual))


def _said(row: object) -> str:
    n, usual = row.n, row.usual  # type: ignore[attr-defined]
    day = day_name(row.day, weekday=True)  # type: ignore[attr-defined]
    said = say("{n:,} 行，平时 {usual:,.0f} 行", n=n, usual=usual)
    return f"{row.table} · {day}<br>{said}"  # type: ignore[attr-defined]


def _opens(row: object) -> list[str]:
    """Return what a cell of contacts opens: the day's contacts, whatever channel; rows of other tables open nothing."""
    if row.table != "contact" or not row.n:  # type: ignore[attr-defined]
        return []
    day = row.day.isoformat()  # type: ignore[attr-defined]
    return [urlencode({"day_from": day, "day_to": day, "scope": "all"})]


def _scale(full: str, missing: str) -> list[list[float | str]]:
    return [[0, missing], [0.2, missing], [0.2, translucent(full, 0.22)], [1, full]]


def _days(figure: go.Figure, days: list[pd.Timestamp]) -> None:
    """Write at most four dates, the last among them."""
    every = max(-(-len(days) // 4), 1)
    shown = days[::-1][::every][::-1]
    figure.update_xaxes(tickvals=shown, ticktext=[day_name(day.date()) for day in shown], tickangle=0)
