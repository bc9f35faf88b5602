"""A course in a tile, drawn by the style sheet alone: a whole chart for each tile would cost more than the page."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

from dash import html

_HALF_WIDTH = 0.75
_WIDTH, _HEIGHT = 150, 34
"""Pixels of its place in a tile, about: the line is as thick on slopes as on the level."""
_SHARPEST = 0.35
"""Sharper corners are cut off."""
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
    sides = list(zip(edge, _normals(edge), strict=True))
    there = [_corner(point, normal, 1) for point, normal in sides]
    back = [_corner(point, normal, -1) for point, normal in reversed(sides)]
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


def _normals(edge: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return at each point how far, in half widths, its corner lies from it: mitred, so that peaks do not thin out."""
    across = [_across(one, other) for one, other in itertools.pairwise(edge)]
    found = []
    for (x, y), (right, down) in zip([across[0], *across], [*across, across[-1]], strict=True):
        length = math.hypot(x + right, y + down) / 2
        reach = 1 / max(length, _SHARPEST) ** 2 / 2
        found.append(((x + right) * reach, (y + down) * reach))
    return found


def _across(one: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    """Return the direction across a stretch, of length 1 in pixels."""
    along, down = (other[0] - one[0]) * _WIDTH / 100, (other[1] - one[1]) * _HEIGHT / 100
    length = math.hypot(along, down)
    return -down / length, along / length


def _corner(point: tuple[float, float], normal: tuple[float, float], side: int) -> str:
    x, y = (side * _HALF_WIDTH * part for part in normal)
    return f"calc({point[0]:.1f}% + {x:.2f}px) calc({point[1]:.1f}% + {y:.2f}px)"
