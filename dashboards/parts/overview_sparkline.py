"""A course in a tile, drawn by the style sheet alone: a whole chart for each tile would cost more than the page."""

from __future__ import annotations

import math
from collections.abc import Sequence

from dash import html

_HALF_WIDTH = "0.9px"
_PAD = 0.1
_LEAST_POINTS = 4


def sparkline(values: Sequence[float]) -> html.Div | None:
    """Return the line through the values with its end marked; None below four points, in which nothing is seen.

    Parameters
    ----------
    values : sequence of float
        In order of time, evenly spaced; NaN is passed over.
    """
    known = [(at, value) for at, value in enumerate(values) if not math.isnan(value)]
    if len(known) < _LEAST_POINTS:
        return None
    edge = shape(known, len(values))
    end = {"left": f"{edge[-1][0]:.1f}%", "top": f"{edge[-1][1]:.1f}%"}
    there = [f"{x:.1f}% calc({y:.1f}% - {_HALF_WIDTH})" for x, y in edge]
    back = [f"{x:.1f}% calc({y:.1f}% + {_HALF_WIDTH})" for x, y in reversed(edge)]
    line = html.Div(className="spark-line", style={"clipPath": f"polygon({', '.join([*there, *back])})"})
    return html.Div([line, html.I(className="spark-end", style=end)], className="spark", **{"aria-hidden": "true"})


def shape(known: Sequence[tuple[int, float]], n_points: int) -> list[tuple[float, float]]:
    """Return the points in percent of the width and, from above, of the height.

    Examples
    --------
    >>> [(round(x), round(y)) for x, y in shape([(0, 1.0), (1, 3.0), (2, 2.0)], 3)]
    [(0, 90), (50, 10), (100, 50)]
    """
    low, high = min(value for _, value in known), max(value for _, value in known)
    span = high - low
    heights = [(value - low) / span if span else 0.5 for _, value in known]
    return [
        (100 * at / max(n_points - 1, 1), 100 * (1 - _PAD - (1 - 2 * _PAD) * height))
        for (at, _), height in zip(known, heights, strict=True)
    ]
