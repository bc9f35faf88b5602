from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.signals.intervals import median_interval
from analytics.signals.kpi_estimates import estimates, median_estimates

_values = st.lists(st.floats(-100, 100, allow_nan=False).map(lambda x: round(x, 3)), max_size=40)


@settings(max_examples=40)
@given(st.lists(_values, min_size=1, max_size=5))
def test_medians_of_many_cells_are_those_of_each(cells: list[list[float]]) -> None:
    n, found = median_estimates(pa.array([sorted(cell) for cell in cells], pa.list_(pa.float64())))
    assert n.tolist() == [len(cell) for cell in cells]
    expected = np.array([median_interval(cell) for cell in cells]).T
    np.testing.assert_allclose(np.array(found), expected)


def test_an_interval_of_a_mean_covers_it_as_often_as_it_says() -> None:
    rng = np.random.default_rng(3)
    samples = rng.normal(40, 12, size=(4000, 9))
    n = np.full(4000, 9.0)
    _, low, high = estimates("mean", n, samples.sum(axis=1), (samples**2).sum(axis=1))
    assert ((low <= 40) & (high >= 40)).mean() == pytest.approx(0.95, abs=0.015)


def test_equal_values_have_an_interval_of_no_width_and_nothing_has_none() -> None:
    value, low, high = estimates("mean", np.array([3.0, 0.0]), np.array([0.3, 0.0]), np.array([0.03, 0.0]))
    assert value[0] == pytest.approx(0.1) and low[0] == pytest.approx(high[0], abs=1e-6)
    assert np.isnan([value[1], low[1], high[1]]).all()
