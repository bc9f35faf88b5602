from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from dashboards.parts.overview_sparkline import sparkline

NAN = math.nan


def test_too_few_points_draw_nothing_and_gaps_are_passed_over() -> None:
    assert sparkline([1.0, NAN, 2.0, NAN, 3.0]) is None
    drawn = sparkline([1.0, NAN, 2.0, 5.0, 3.0, NAN])
    assert drawn is not None
    assert drawn.children[0].style["clipPath"].count("calc(") == 2 * 2 * 4
    assert drawn.children[1].style["left"] == "80.0%"


@given(st.lists(st.floats(-1e6, 1e6), min_size=4, max_size=20))
def test_any_course_can_be_drawn(values: list[float]) -> None:
    drawn = sparkline(values)
    assert drawn is not None
    text = drawn.children[0].style["clipPath"]
    assert "nan" not in text and "inf" not in text
