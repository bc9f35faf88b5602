from __future__ import annotations

import numpy as np
import pytest

from analytics.signals.hour_effect import OTHER_DAYS, OTHER_HOURS
from analytics.signals.mood_cells import MoodCells
from analytics.signals.slow_slots import slow_tests


def unit(channel="wechat", *, slow=(), fall=0.5):
    """Ten contacts a cell, 14 days; cells in `slow` wait 300 s instead of 40 and are lower by `fall`."""
    counts = np.full((14, 24), 10.0)
    total, waited = np.zeros((14, 24)), counts * 40
    for day, hour in slow:
        total[day, hour], waited[day, hour] = -10 * fall, 3000
    return MoodCells(channel, None, counts, total, counts * 0.2 + total**2 / 10, counts, waited)


def of_slow(one):
    return slow_tests(one, np.ones((14, 24)), [unit("app")], spread=0.0)


def test_each_slow_stretch_is_one_test():
    found = of_slow(unit(slow=[(3, 12), (3, 13), (8, 20)]))
    assert found[["days", "hour", "width"]].values.tolist() == [[(3,), 12, 2], [(8,), 20, 1]]
    assert found["drop"].tolist() == pytest.approx([0.5, 0.5])
    assert (found["basis"] == OTHER_DAYS).all() and found["p_value"].iloc[0] < found["p_value"].iloc[1] < 0.001


def test_hours_that_are_slow_again_are_one_test_more_of_all_their_days():
    found = of_slow(unit(slow=[(1, 12), (5, 12), (9, 12)]))
    pattern = found[found["days"] == (1, 5, 9)].iloc[0]
    assert len(found) == 4 and pattern["p_value"] < found["p_value"].iloc[0] and pattern["n"] == 30


def test_an_hour_that_is_always_slow_is_compared_with_the_hours_around_it():
    found = of_slow(unit(slow=[(day, 12) for day in range(14)]))
    pattern = found[found["days"].map(len) == 14].iloc[0]
    assert pattern["basis"] == OTHER_HOURS and pattern["drop"] == pytest.approx(0.5)


def test_quick_replies_or_a_slow_minority_are_no_test():
    assert of_slow(unit()).empty


def test_slow_replies_without_a_fall_are_not_surprising():
    assert of_slow(unit(slow=[(3, 12)], fall=0.0))["p_value"].iloc[0] == pytest.approx(0.5)
