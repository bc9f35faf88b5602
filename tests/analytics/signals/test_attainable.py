from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analytics.signals.attainable import expected_below, family_of
from analytics.signals.baseline import upper_tail
from analytics.signals.multiplicity import benjamini_hochberg, step_up


@settings(max_examples=40, deadline=None)
@given(st.floats(0.001, 1.9), st.floats(0.05, 2), st.integers(1, 8), st.floats(1e-11, 0.5))
def test_chance_of_a_p_value_is_that_of_the_counts_that_have_it(mean, spread, least, p):
    counts = np.arange(least, 400)
    tails = stats.nbinom.sf(counts - 1, 1 / spread, 1 / (1 + spread * mean))
    reached = tails[tails <= p]
    found = expected_below(np.array([p]), np.array([mean]), np.array([spread]), np.array([10.0]), least)[0]
    assert found == pytest.approx(10 * reached[0] if len(reached) else 0.0, rel=1e-4, abs=1e-12)
    assert found <= 10 * p * (1 + 1e-9)


def test_common_keys_are_taken_at_their_word():
    p = np.array([1e-3, 1e-20])
    found = expected_below(p, np.array([50.0]), np.array([0.1]), np.array([7.0]), 8)
    assert found == pytest.approx(7 * p)


def test_cells_hold_every_key_once():
    rng = np.random.default_rng(1)
    family = family_of(rng.gamma(0.1, 1, 500) + 1e-9, rng.uniform(0.1, 2, 500), (1e-6, 2.0))
    assert family.keys.sum() == 500
    assert family.with_newcomers(3).sum() == 503 and family.keys.sum() == 500


def test_false_discoveries_among_rare_keys_stay_bounded_and_more_is_found():
    """2,000 keys of which 40 are risen; the share of false ones at .1, and against the plain correction."""
    rng = np.random.default_rng(6)
    mean, spread, one = np.exp(rng.uniform(np.log(0.005), np.log(0.5), 2000)), np.full(2000, 0.4), np.ones(2000)
    false, found = [], np.zeros(2)
    for _ in range(40):
        counts = rng.poisson(mean * rng.gamma(2.5, 0.4, 2000)).astype(float)
        counts[:40] += rng.poisson(4, 40)
        p = upper_tail(counts, mean, spread)
        low = np.flatnonzero(p < 0.05)
        q = step_up(p[low], expected_below(p[low], mean, spread, one, 1))
        plain = benjamini_hochberg(p[low], n_tests=2000)
        false.append((low[q <= 0.1] >= 40).sum() / max((q <= 0.1).sum(), 1))
        found += (low[q <= 0.1] < 40).sum(), (low[plain <= 0.1] < 40).sum()
    assert np.mean(false) <= 0.1 + 2 * np.std(false) / np.sqrt(40)
    assert found[0] > 1.02 * found[1]
