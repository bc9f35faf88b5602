from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.signals.hour_effect import hour_effect, neighbours
from analytics.signals.mood_cells import MoodCells


def unit(means, n=10.0):
    counts = np.full((14, 24), n)
    return MoodCells("app", None, counts, counts * means, counts * (0.2 + means**2), counts, counts * 40)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 23), st.integers(1, 3))
def test_neighbours_are_hours_of_the_day_outside_of_the_slot(hour, width):
    around = neighbours(hour, width)
    assert all(0 <= h < 24 for h in around) and not set(around) & set(range(hour, hour + width))
    assert len(around) <= 6 and around == sorted(set(around))


def test_the_lunch_hour_of_other_channels_is_taken_for_what_it_is():
    lunch = np.where(np.arange(24) == 12, -0.2, 0.1)
    effect, variance = hour_effect([unit(lunch), unit(lunch, n=50.0)], 12, 1)
    assert effect == pytest.approx(0.3) and 0 < variance < 0.002


def test_without_other_channels_nothing_is_known_of_hours():
    assert hour_effect([], 12, 1) == (0.0, 0.0)
    assert hour_effect([unit(np.zeros(24), n=0.5)], 12, 1) == (0.0, 0.0)
