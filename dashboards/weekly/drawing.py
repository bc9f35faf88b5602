"""Charts as still pictures (SVG): sharp in print, small in a mail, no script. Colours stand in weekly.css."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup, escape

from dashboards.intervals import SMALL_N
from dashboards.names import day_name, score
from dashboards.records import records

_WIDTH = 720
_LEFT, _RIGHT = 44, 8
_MOODS = ("negative", "neutral", "positive")


@dataclass(frozen=True)
class Panel:
    """A part of a picture with an axis of its own: `low` to `high` between `bottom` and `top`, in pixels from above."""

    top: float
    bottom: float
    low: float
    high: float

    def y(self, value: float) -> float:
        """Return where a value stands.

        Examples
        --------
        >>> Panel(0, 100, 0.0, 10.0).y(2.5)
        75.0
        """
        return self.bottom - (value - self.low) / (self.high - self.low or 1) * (self.bottom - self.top)


def ticks(low: float, high: float, most: int = 4) -> list[float]:
    """Return at most `most` + 1 round values between two.

    Examples
    --------
    >>> ticks(0, 870), ticks(-0.35, 0.1)
    ([0.0, 250.0, 500.0, 750.0], [-0.2, 0.0])
    """
    span = (high - low) or 1
    size = 10 ** math.floor(math.log10(span / most))
    step = next(size * unit for unit in (1, 2, 2.5, 5, 10) if span / (size * unit) <= most)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [round(i * step, 10) for i in range(first, last + 1)]


def course(frame: pd.DataFrame, marked_from: pd.Timestamp, says: str) -> Markup:
    """Draw mood above volume by day, the days from `marked_from` on on a tinted ground.

    Parameters
    ----------
    frame : DataFrame
        bucket, n, n_mood, n_negative, n_neutral, n_positive, mean, low, high: a row a day.
    says : str
        What a reader who sees no picture is told.
    """
    n, slot = len(frame), (_WIDTH - _LEFT - _RIGHT) / max(len(frame), 1)
    seen = frame[frame["mean"].notna()]
    edges = [0.0, *seen["low"], *seen["high"]]
    moods = Panel(10, 110, max(min(edges) - 0.05, -1.0), min(max(edges) + 0.05, 1.0))
    counts = Panel(132, 262, 0.0, max(float(frame["n"].max() or 0), 1.0) * 1.05)
    first = int((frame["bucket"] < marked_from).sum())
    parts = [
        f'<rect class="marked" x="{_LEFT + first * slot:.1f}" y="4" width="{(n - first) * slot:.1f}" height="262"/>',
        *_axis(moods, [score(v) for v in ticks(moods.low, moods.high, 3)], ticks(moods.low, moods.high, 3)),
        *_axis(counts, [f"{v:,.0f}" for v in ticks(0, counts.high, 4)], ticks(0, counts.high, 4)),
        *_line(frame, moods, slot),
        *_bars(frame, counts, slot),
        *_days(frame["bucket"], slot, 282),
    ]
    return _svg(parts, 288, says)


def sparkline(values: Sequence[float], n_marked: int) -> Markup:
    """Draw an indicator's days, the last `n_marked` of them stronger; nothing for less than two values."""
    known = [value for value in values if not math.isnan(value)]
    if len(known) < 2:
        return Markup("")
    panel, step = Panel(3, 27, min(known), max(known)), 130 / (len(values) - 1)
    points = [(3 + i * step, panel.y(value)) if not math.isnan(value) else None for i, value in enumerate(values)]
    parts = [_path(points, "spark"), _path(points[-n_marked:], "spark now")]
    return Markup(f'<svg class="sparkline" viewBox="0 0 136 30" aria-hidden="true">{"".join(parts)}</svg>')


def ahead(past: pd.DataFrame, days: pd.DataFrame, says: str) -> Markup:
    """Draw the last days as bars, and the days that are expected as outlines with their intervals.

    Parameters
    ----------
    past : DataFrame
        day, n.
    days : DataFrame
        day, expected, low, high (NaN for none).
    """
    shown = pd.concat([past["day"], days["day"]], ignore_index=True)
    slot = (_WIDTH - _LEFT - _RIGHT) / max(len(shown), 1)
    top = max([1.0, *past["n"], *days["expected"], *days["high"].dropna()])
    panel = Panel(10, 150, 0.0, top * 1.05)
    parts = _axis(panel, [f"{v:,.0f}" for v in ticks(0, panel.high, 4)], ticks(0, panel.high, 4))
    for i, n in enumerate(past["n"]):
        parts.append(_bar(i, slot, panel.y(float(n)), panel.bottom, "volume"))
    for i, row in enumerate(records(days), start=len(past)):
        parts.append(_bar(i, slot, panel.y(row.expected), panel.bottom, "expected"))
        if not math.isnan(row.low):
            x = _LEFT + (i + 0.5) * slot
            parts.append(f'<path class="whisker" d="M{x:.1f} {panel.y(row.low):.1f}V{panel.y(row.high):.1f}"/>')
    return _svg([*parts, *_days(shown, slot, 170)], 176, says)


def _line(frame: pd.DataFrame, panel: Panel, slot: float) -> list[str]:
    seen = [(i, row) for i, row in enumerate(records(frame)) if not math.isnan(row.mean)]
    if not seen:
        return []
    x = {i: _LEFT + (i + 0.5) * slot for i, _ in seen}
    upper = [f"{x[i]:.1f} {panel.y(row.high):.1f}" for i, row in seen]
    lower = [f"{x[i]:.1f} {panel.y(row.low):.1f}" for i, row in reversed(seen)]
    marks = [_mark(x[i], panel.y(row.mean), small=row.n_mood < SMALL_N) for i, row in seen]
    zero = f'<path class="zero" d="M{_LEFT} {panel.y(0):.1f}H{_WIDTH - _RIGHT}"/>'
    band = f'<path class="band" d="M{"L".join(upper + lower)}Z"/>'
    return [zero, band, _path([(x[i], panel.y(row.mean)) for i, row in seen], "mean-line"), *marks]


def _mark(x: float, y: float, *, small: bool) -> str:
    return f'<circle class="{"few" if small else "mean"}" cx="{x:.1f}" cy="{y:.1f}" r="2.6"/>'


def _bars(frame: pd.DataFrame, panel: Panel, slot: float) -> list[str]:
    parts = []
    for i, row in enumerate(records(frame)):
        base = 0.0
        unknown = max(float(row.n) - float(row.n_mood), 0.0)
        for kind, n in (*((mood, float(getattr(row, f"n_{mood}"))) for mood in _MOODS), ("unknown", unknown)):
            if n > 0:
                parts.append(_bar(i, slot, panel.y(base + n), panel.y(base), kind))
            base += n
    return parts


def _bar(i: int, slot: float, top: float, bottom: float, kind: str) -> str:
    x, width = _LEFT + i * slot + slot * 0.16, slot * 0.68
    return f'<rect class="{kind}" x="{x:.1f}" y="{top:.1f}" width="{width:.1f}" height="{max(bottom - top, 0.5):.1f}"/>'


def _axis(panel: Panel, names: Sequence[str], values: Sequence[float]) -> list[str]:
    found = []
    for name, value in zip(names, values, strict=True):
        y = panel.y(value)
        found.append(f'<path class="grid" d="M{_LEFT} {y:.1f}H{_WIDTH - _RIGHT}"/>')
        found.append(f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{escape(name)}</text>')
    return found


def _days(days: pd.Series, slot: float, y: float) -> list[str]:
    """Write at most ten dates, evenly spread, the last one among them."""
    every = max(-(-len(days) // 10), 1)
    if len(days) > 14:
        every = 7 * max(round(every / 7), 1)
    shown = list(enumerate(pd.to_datetime(days)))[::-1][::every]
    names = [(_LEFT + (i + 0.5) * slot, day_name(day.date())) for i, day in shown]
    inside = _WIDTH - 24.0  # half a date to the edge
    return [f'<text x="{min(x, inside):.1f}" y="{y}" text-anchor="middle">{escape(name)}</text>' for x, name in names]


def _path(points: Sequence[tuple[float, float] | None], kind: str) -> str:
    """Return a line that is broken where a point is missing."""
    d, pen = "", "M"
    for point in points:
        if point is None:
            pen = "M"
            continue
        d += f"{pen}{point[0]:.1f} {point[1]:.1f}"
        pen = "L"
    return f'<path class="{kind}" d="{d}"/>'


def _svg(parts: Sequence[str], height: int, says: str) -> Markup:
    head = f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{escape(says)}">'
    return Markup(f"{head}{''.join(parts)}</svg>")
