from __future__ import annotations

import math

import numpy as np

from analytics.topics.change import share_change


def test_days_that_differ_more_than_chance_make_a_change_less_certain():
    steady = share_change([20] * 7, [100] * 7, [14] * 7, [100] * 7)
    uneven = share_change([40, 0, 40, 0, 40, 0, 20], [100] * 7, [28, 0, 28, 0, 28, 0, 14], [100] * 7)
    assert math.isclose(steady.difference, uneven.difference) and steady.p_value < 0.02 < 0.3 < uneven.p_value


def test_under_no_change_p_values_are_small_as_seldom_as_they_say():
    draw = np.random.default_rng(3)
    found = [share_change(*(x for _ in (0, 1) for x in (draw.binomial(80, 0.1, 7), [80] * 7))) for _ in range(400)]
    assert 0.01 <= np.mean([change.p_value < 0.05 for change in found]) <= 0.07


def test_without_contacts_there_is_nothing_to_say():
    assert math.isnan(share_change([1], [5], [0], [0]).p_value)
    assert share_change([0] * 7, [50] * 7, [0] * 7, [50] * 7).p_value == 1.0
