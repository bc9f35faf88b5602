"""One look for everything: colours, fonts, the base of every figure, and how graphs are configured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import plotly.graph_objects as go
from babel.dates import get_day_names, get_month_names

from dashboards import preferences
from dashboards.language import msg

FONT = '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", sans-serif'

INK = "#1d2433"
MUTED = "#586273"
FAINT = "#a5adba"
LINE = "#e6e9ef"
ACCENT = "#24476b"
MOOD = {"negative": "#c8553d", "neutral": "#c3c9d3", "positive": "#3b7ea1"}
"""Vermilion, grey, blue: told apart with every common colour blindness, and in print by their lightness."""
SCALE = ((-0.6, "#c8553d"), (-0.3, "#dd9078"), (-0.1, "#e3c3b6"), (0.1, "#c3c9d3"), (0.3, "#a3c2d2"), (0.6, "#6fa3be"))
"""Upper ends of the steps of the diverging scale for a mean mood; above the last it is the positive colour."""
DELAY = "#8a6d3b"
VOLUME = "#5b6b86"


@dataclass(frozen=True)
class Palette:
    """Colours of one look. `scale` gives upper ends of the steps of a mean mood, as `SCALE`."""

    ink: str
    muted: str
    faint: str
    line: str
    paper: str
    accent: str
    delay: str
    volume: str
    mood: Mapping[str, str]
    scale: tuple[tuple[float, str], ...]


LIGHT = Palette(INK, MUTED, FAINT, LINE, "#ffffff", ACCENT, DELAY, VOLUME, MOOD, SCALE)
DARK = Palette(
    ink="#e8ecf3", muted="#a9b2c1", faint="#6f7a8c", line="#323a48", paper="#1b212c", accent="#8fb5dc",
    delay="#c9a665", volume="#8c9cb8", mood={"negative": "#e07a62", "neutral": "#69748a", "positive": "#5aa5cc"},
    scale=((-0.6, "#e07a62"), (-0.3, "#b96a58"), (-0.1, "#8a6360"),
           (0.1, "#69748a"), (0.3, "#5d86a0"), (0.6, "#5a97b8")),
)  # fmt: skip


def palette() -> Palette:
    """Return the colours of whoever looks."""
    return DARK if preferences.current().dark else LIGHT


def config() -> dict[str, Any]:
    """Return how a graph behaves. The cloud button uploads the chart to the vendor: never shown."""
    chinese = preferences.current().language == "zh-CN"
    return {
        "showSendToCloud": False,
        "displaylogo": False,
        "displayModeBar": False,
        "scrollZoom": False,
        "doubleClick": False,
        "responsive": True,
        **({"locale": "zh-CN", "locales": {"zh-CN": _plotly_words()}} if chinese else {}),
    }


def _plotly_words() -> dict[str, Any]:
    """Return the names of days and months; in plotly a week begins on Sunday, in Babel on Monday."""
    days = {width: get_day_names(width, locale="zh_CN") for width in ("wide", "abbreviated")}
    months = {width: get_month_names(width, locale="zh_CN") for width in ("wide", "abbreviated")}
    return {
        "dictionary": {},
        "format": {
            "days": [days["wide"][(day - 1) % 7] for day in range(7)],
            "shortDays": [days["abbreviated"][(day - 1) % 7] for day in range(7)],
            "months": [months["wide"][month] for month in range(1, 13)],
            "shortMonths": [months["abbreviated"][month] for month in range(1, 13)],
            "date": msg("%Y年%-m月%-d日"),
        },
    }


def mood_colour(mean: float) -> str:
    """Return the colour of a mean mood score; grey for none.

    Examples
    --------
    >>> mood_colour(-0.9), mood_colour(0.0), mood_colour(0.9)
    ('#c8553d', '#c3c9d3', '#3b7ea1')
    """
    look = palette()
    for upper, colour in look.scale:
        if mean <= upper:
            return colour
    return look.mood["positive"] if mean > look.scale[-1][0] else look.mood["neutral"]


def themed(figure: go.Figure, height: int) -> go.Figure:
    """Return the figure with the house's look, `height` pixels high; what the figure says itself is kept."""
    look = palette()
    font = {"family": FONT, "size": 12, "color": look.muted}
    return figure.update_layout(template=_template(dark=preferences.current().dark), height=height, font=font)


@cache
def _template(*, dark: bool) -> go.layout.Template:
    """Return the look as a template, made once: setting each of these on each figure took longer than drawing it."""
    look = DARK if dark else LIGHT
    shown = {"font": {"family": FONT, "size": 12, "color": look.paper}, "align": "left"}
    legend = {"orientation": "h", "x": 1, "xanchor": "right", "y": 1.02, "yanchor": "bottom", "font": {"size": 12}}
    axis = {"ticks": "", "fixedrange": True}
    return go.layout.Template(
        layout={
            "margin": {"l": 46, "r": 20, "t": 8, "b": 30},
            "font": {"family": FONT, "size": 12, "color": look.muted},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "hoverlabel": {"bgcolor": look.ink, "bordercolor": look.ink, **shown},
            "legend": legend,
            "dragmode": False,
            "bargap": 0.28,
            "xaxis": {
                **axis,
                "showgrid": False,
                "linecolor": look.line,
                "automargin": True,
                "ticklabeloverflow": "allow",
            },
            "yaxis": {**axis, "gridcolor": look.line, "zeroline": False, "title": {"font": {"size": 12}}},
        }
    )


def translucent(colour: str, opacity: float) -> str:
    """Return a hexadecimal colour with an opacity.

    Examples
    --------
    >>> translucent("#c8553d", 0.2)
    'rgba(200,85,61,0.2)'
    """
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"
