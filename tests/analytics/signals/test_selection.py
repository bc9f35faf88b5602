from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.signals.selection import within_budget

ROWS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 71), st.floats(1e-12, 1e-3)), min_size=1, max_size=40)
DAY = np.repeat([0, 1, 2], 24)


def alarms_of(rows):
    return pd.DataFrame(rows, columns=["code", "end", "p_value"]).sort_values(["end", "code"], ignore_index=True)


@settings(max_examples=25, deadline=None)
@given(ROWS, st.integers(1, 4), st.integers(0, 71))
def test_a_budget_is_kept_and_no_hour_hangs_on_later_ones(rows, budget, now):
    alarms = alarms_of(rows)
    kept = within_budget(alarms, DAY, budget)
    assert (kept.groupby(DAY[kept["end"]])["code"].nunique() <= budget).all()
    until = within_budget(alarms[alarms["end"] <= now], DAY, budget)
    pd.testing.assert_frame_equal(until, kept[kept["end"] <= now].reset_index(drop=True))


def test_the_smallest_p_of_an_hour_comes_first_and_a_key_is_paid_once():
    alarms = alarms_of([(1, 5, 1e-6), (2, 5, 1e-9), (2, 6, 1e-9), (3, 7, 1e-30), (3, 30, 1e-9)])
    kept = within_budget(alarms, DAY, 1)
    assert kept[["code", "end"]].values.tolist() == [[2, 5], [2, 6], [3, 30]]


def test_a_budget_that_is_not_reached_changes_nothing():
    alarms = alarms_of([(1, 5, 1e-6), (2, 5, 1e-9)])
    pd.testing.assert_frame_equal(within_budget(alarms, DAY, 2), alarms)
