from __future__ import annotations

import numpy as np
import pandas as pd

from analytics.signals.dip_slots import pick_slots, unusual_cells
from analytics.signals.mood_cells import MoodCells


def unit(channel="wechat", *, n=10.0, fallen=(), wait=40.0, slow=()):
    """Ten contacts a cell of mean 0; cells in `fallen` have mean -0.5, cells in `slow` wait 300 s."""
    counts = np.full((14, 24), n)
    total, waited = np.zeros((14, 24)), np.full((14, 24), n * wait)
    for day, hour in fallen:
        total[day, hour] = -0.5 * n
    for day, hour in slow:
        waited[day, hour] = n * 300
    return MoodCells(channel, None, counts, total, counts * 0.2, counts, waited)


def significant(*rows):
    usual = {"unit": 0, "days": (3,), "hour": 12, "width": 1, "basis": "other days", "drop": 0.5}
    return pd.DataFrame([{**usual, "slow": False, "p_value": 1e-6, "q_value": 1e-4, **row} for row in rows])


def picked(units, *rows):
    return [(slot.day, slot.hour, slot.end_hour) for slot in pick_slots(significant(*rows), units)]


def test_the_best_of_overlapping_slots_stays():
    assert picked([unit()], {}, {"hour": 11, "width": 3, "p_value": 1e-4}) == [(3, 12, 13)]


def test_slots_that_touch_and_fell_alike_are_one():
    assert picked([unit()], {}, {"hour": 13, "p_value": 1e-4, "drop": 0.4}) == [(3, 12, 14)]
    assert picked([unit()], {}, {"hour": 14, "p_value": 1e-4}, {"hour": 13, "p_value": 1e-3}) == [(3, 12, 15)]


def test_a_shallow_slot_beside_a_deep_one_is_its_shadow():
    assert picked([unit()], {}, {"hour": 13, "p_value": 1e-4, "drop": 0.15}) == [(3, 12, 13)]


def test_only_the_days_of_a_run_that_fell_are_told():
    one = unit(fallen=[(3, 12), (4, 12)])
    assert picked([one], {"days": (3, 4, 5), "drop": 1 / 3}) == [(3, 12, 13), (4, 12, 13)]


def test_a_run_of_which_few_days_fell_is_no_pattern():
    assert picked([unit(fallen=[(3, 12)])], {"days": tuple(range(3, 10)), "drop": 0.07}) == []


def test_slots_with_slow_replies_go_first_and_plain_ones_beside_them_are_their_shadow():
    slow, plain = {"slow": True, "p_value": 1e-3}, {"hour": 13, "p_value": 1e-5}
    assert picked([unit()], slow, plain) == [(3, 12, 13)]


def test_days_that_fell_are_counted_and_their_cells_marked():
    one, other = unit(fallen=[(3, 12), (4, 12), (5, 12)]), unit("app")
    found = pick_slots(significant({"days": (3, 4, 5)}), [one, other])
    assert [slot.repeated_days for slot in found] == [3, 3, 3]
    marked, unmarked = unusual_cells(found, [one, other])
    assert marked.sum() == 3 and marked[4, 12] and not unmarked.any()
