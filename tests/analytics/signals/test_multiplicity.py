from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analytics.errors import SchemaError
from analytics.signals.multiplicity import benjamini_hochberg

P_VALUES = st.lists(st.floats(0, 1), min_size=1, max_size=40)


@settings(max_examples=50, deadline=None)
@given(P_VALUES)
def test_agrees_with_scipy(p_values):
    assert np.allclose(benjamini_hochberg(p_values), stats.false_discovery_control(p_values))


@settings(max_examples=50, deadline=None)
@given(P_VALUES, st.integers(0, 100))
def test_tests_that_are_not_listed_make_it_stricter(p_values, unlisted):
    wider = benjamini_hochberg(p_values, n_tests=len(p_values) + unlisted)
    padded = benjamini_hochberg([*p_values, *[1.0] * unlisted])[: len(p_values)]
    assert np.allclose(wider, padded)
    assert np.all(wider >= benjamini_hochberg(p_values) - 1e-12)


def test_false_discovery_rate_holds_where_a_tenth_is_real():
    rng = np.random.default_rng(7)
    shares = []
    for _ in range(400):
        z = rng.normal(size=200)
        z[:20] += 4
        rejected = benjamini_hochberg(stats.norm.sf(z)) <= 0.1
        shares.append(rejected[20:].sum() / max(rejected.sum(), 1))
    assert np.mean(shares) <= 0.1 + 3 * np.std(shares) / 20
    assert np.mean(shares) > 0.05


@pytest.mark.parametrize("bad", [[-0.1], [1.2], [float("nan")]])
def test_refuses_what_is_no_p_value(bad):
    with pytest.raises(SchemaError, match=r"\[0, 1\]"):
        benjamini_hochberg(bad)


def test_refuses_a_family_smaller_than_its_members():
    with pytest.raises(SchemaError, match="n_tests"):
        benjamini_hochberg([0.1, 0.2], n_tests=1)


def test_of_nothing_is_nothing():
    assert benjamini_hochberg([]).size == 0
