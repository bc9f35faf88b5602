from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analytics.signals.baseline import DaySums, dispersion, robust_level, upper_tail

N_DAYS = 28


def negative_binomial(rng, mean, spread):
    return rng.poisson(mean * rng.gamma(1 / spread, spread, mean.shape)).astype(float)


def day_sums(counts, exposure):
    """From (n_keys, n_days, 24) counts and (n_days, 24) exposure."""
    return DaySums(
        counts.sum(axis=2),
        (counts**2).sum(axis=2),
        (counts * exposure).sum(axis=2),
        exposure.sum(axis=1),
        (exposure**2).sum(axis=1),
    )


@pytest.fixture(scope="module")
def weeks():
    """3,000 keys of 0.02 to 2 an hour, over-dispersed by 0.2, over four weeks, and the hours of one more day."""
    rng = np.random.default_rng(3)
    exposure = rng.uniform(10, 50, (N_DAYS + 1, 24))
    rate = np.exp(rng.uniform(np.log(0.02), np.log(2), 3000)) / 30
    counts = negative_binomial(rng, rate[:, None, None] * exposure, 0.2)
    return rate, exposure, counts


def test_level_and_dispersion_are_recovered(weeks):
    rate, exposure, counts = weeks
    sums = day_sums(counts[:, :N_DAYS], exposure[:N_DAYS])
    level = robust_level(sums.counts, sums.exposure)
    common = rate * 30 > 0.5
    assert np.median(level.rate[common] / rate[common]) == pytest.approx(1, abs=0.07)
    assert np.median(dispersion(sums, level).value[common]) == pytest.approx(0.2, abs=0.07)


def test_p_values_are_valid_under_the_null(weeks):
    """Super-uniform: P(p ≤ a) ≤ a, with room for the rates and dispersions being estimates."""
    _, exposure, counts = weeks
    sums = day_sums(counts[:, :N_DAYS], exposure[:N_DAYS])
    level = robust_level(sums.counts, sums.exposure)
    spread = dispersion(sums, level).cautious + 1 / level.support
    mean = level.rate[:, None] * exposure[N_DAYS]
    p = upper_tail(counts[:, N_DAYS], mean, np.broadcast_to(spread[:, None], mean.shape))
    for level_of_test in (0.05, 0.01, 0.001, 0.0001):
        found = (p <= level_of_test).mean()
        assert found <= level_of_test * 1.1 + 3 * np.sqrt(level_of_test / p.size)
    assert (p <= 0.05).mean() > 0.01


def test_a_past_spike_does_not_hide_the_next():
    counts = np.tile([2.0, 3.0, 4.0, 3.0], 7)[None, :]
    spiked = np.where(np.arange(N_DAYS) == 24, 500.0, counts)
    exposure = np.full(N_DAYS, 600.0)
    before, after = (600 * robust_level(c, exposure).rate[0] for c in (counts, spiked))
    assert after < before * 1.6
    assert 600 * spiked.mean() / 600 > 20


def test_a_change_that_stays_becomes_usual_within_five_days():
    exposure = np.full(N_DAYS, 600.0)
    days = np.arange(N_DAYS)
    two, five = (np.where(days >= N_DAYS - n, 60.0, 3.0)[None, :] for n in (2, 5))
    assert 600 * robust_level(two, exposure).rate[0] < 8
    assert 600 * robust_level(five, exposure).rate[0] > 35


def test_a_word_said_every_third_day_has_a_level():
    counts = (np.arange(N_DAYS) % 3 == 0).astype(float)[None, :]
    assert 600 * robust_level(counts, np.full(N_DAYS, 600.0)).rate[0] == pytest.approx(0.37, abs=0.12)


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 200), st.floats(0.01, 100), st.floats(0.01, 3))
def test_tail_is_that_of_the_negative_binomial(observed, mean, spread):
    expected = stats.nbinom.sf(observed - 1, 1 / spread, 1 / (1 + spread * mean))
    found = upper_tail(np.array([float(observed)]), np.array([mean]), np.array([spread]))[0]
    assert found == pytest.approx(expected, rel=1e-6, abs=1e-12)


def test_counting_nothing_is_never_surprising():
    assert upper_tail(np.array([0.0]), np.array([0.0]), np.array([0.1]))[0] == 1.0
