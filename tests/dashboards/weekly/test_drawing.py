from __future__ import annotations

import math
from xml.etree import ElementTree

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from dashboards.weekly import drawing

FINITE = st.floats(-1e6, 1e6, allow_nan=False)


@given(low=FINITE, high=FINITE)
def test_ticks_are_few_and_inside(low: float, high: float) -> None:
    low, high = min(low, high), max(low, high)
    found = drawing.ticks(low, high)
    assert len(found) <= 6
    room = 1e-6 * max(abs(low), abs(high), 1.0)
    assert all(low - room <= value <= high + room for value in found) or high - low < 1e-6


def _numbers(svg: str) -> list[float]:
    root = ElementTree.fromstring(svg)
    names = ("x", "y", "cx", "cy", "width", "height")
    return [float(node.attrib[n]) for node in root.iter() for n in names if n in node.attrib]


def test_days_without_contacts_leave_gaps_and_no_nonsense() -> None:
    days = pd.date_range("2026-09-07", periods=5)
    frame = pd.DataFrame({
        "bucket": days, "n": [40, 0, 10, 40, 0], "n_mood": [40, 0, 10, 38, 0], "n_negative": [10, 0, 2, 8, 0],
        "n_neutral": [20, 0, 6, 20, 0], "n_positive": [10, 0, 2, 10, 0], "mean": [0.1, math.nan, -0.2, 0.0, math.nan],
        "low": [0.0, math.nan, -0.4, -0.1, math.nan], "high": [0.2, math.nan, 0.1, 0.1, math.nan],
    })  # fmt: skip
    svg = str(drawing.course(frame, days[3], "均分 <0.1> & 其他"))
    assert "nan" not in svg.lower()
    assert "&lt;0.1&gt; &amp;" in svg
    assert svg.count('class="few"') == 1 and svg.count('class="mean"') == 2
    assert all(math.isfinite(value) and value >= 0 for value in _numbers(svg))
    nothing = frame.assign(
        n=0, n_mood=0, n_negative=0, n_neutral=0, n_positive=0, mean=math.nan, low=math.nan, high=math.nan
    )
    assert "nan" not in str(drawing.course(nothing, days[0], "")).lower()


def test_a_sparkline_is_broken_where_a_day_is_missing() -> None:
    assert str(drawing.sparkline([1.0, math.nan, 2.0, 3.0], 2)).count("M") == 3
    assert str(drawing.sparkline([math.nan, 1.0], 1)) == ""
