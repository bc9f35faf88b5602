"""The course of a number as a small picture: a figure for each of many tiles would take a page most of its time."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from dash import html

from dashboards.theme import palette

_WIDTH, _HEIGHT, _EDGE = 120, 36, 4


def spark(values: Sequence[float], marked: int | None, said: str) -> html.Img:
    """Return the course of values, each as far from the next, with one of them marked.

    Parameters
    ----------
    values : sequence of float
        At least one.
    marked : int or None
        Which of them is the one shown in words.
    said : str
        What it tells, for who does not see it.
    """
    low, high = min(values), max(values)
    step = (_WIDTH - 2 * _EDGE) / max(len(values) - 1, 1)
    tall = _HEIGHT - 2 * _EDGE
    points = [
        (_EDGE + i * step, _EDGE + tall * ((high - value) / (high - low) if high > low else 0.5))
        for i, value in enumerate(values)
    ]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    look = palette()
    dot = "" if marked is None else _dot(points[marked], look.accent)
    drawn = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}">'
        f'<polyline points="{line}" fill="none" stroke="{look.faint}" stroke-width="1.5"/>{dot}</svg>'
    )
    return html.Img(src=f"data:image/svg+xml,{quote(drawn)}", alt=said, className="spark")


def _dot(at: tuple[float, float], colour: str) -> str:
    return f'<circle cx="{at[0]:.1f}" cy="{at[1]:.1f}" r="3" fill="{colour}"/>'
