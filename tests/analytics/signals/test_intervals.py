from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analytics.signals.intervals import median_interval, poisson_interval, shrunk_mean_interval, wilson


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 500), st.integers(1, 500))
def test_wilson_agrees_with_scipy(successes, n):
    successes = min(successes, n)
    low, high = wilson(successes, n)
    expected = stats.binomtest(successes, n).proportion_ci(method="wilson")
    assert (float(low), float(high)) == pytest.approx((expected.low, expected.high), abs=1e-9)


def test_a_share_of_nothing_has_no_interval():
    low, high = wilson([0, 1], [0, 2])
    assert np.isnan(low[0]) and np.isnan(high[0]) and not np.isnan(low[1])


@pytest.mark.parametrize("n", [8, 15, 40])
def test_median_interval_covers(n):
    rng = np.random.default_rng(n)
    covered = [
        low <= 1.0 <= high for low, high in (median_interval(np.exp(rng.normal(0, 1, n)))[1:] for _ in range(400))
    ]
    assert np.mean(covered) >= 0.93


def test_median_of_nothing_is_missing():
    assert all(np.isnan(part) for part in median_interval([np.nan]))


def draw(rng, kind, n):
    if kind == "bounded":
        return np.clip(rng.normal(-0.2, 0.4, n), -1, 1)
    if kind == "few very unhappy":
        return rng.choice([-0.9, 0.05], n, p=[0.12, 0.88]) + rng.normal(0, 0.05, n)
    return np.clip(rng.normal(0, rng.choice([0.1, 0.5]), n), -1, 1)


@pytest.mark.parametrize(("kind", "mean"), [("bounded", -0.199), ("few very unhappy", -0.064), ("cells differ", 0.0)])
def test_intervals_of_mixed_small_cells_cover_at_every_size(kind, mean):
    rng = np.random.default_rng(7)
    covered = {n: [] for n in (1, 2, 3, 4, 8)}
    for _ in range(60):
        sizes = rng.choice(list(covered), 50)
        scores = [draw(rng, kind, n) for n in sizes]
        sums = (np.array([(part**power).sum() for part in scores]) for power in (1, 2))
        _, low, high = shrunk_mean_interval(sizes.astype(float), *sums)
        for n, inside in zip(sizes, (low <= mean) & (mean <= high), strict=True):
            covered[n].append(inside)
    assert all(np.mean(inside) >= 0.93 for inside in covered.values())


@pytest.mark.parametrize("n", [2, 3, 10])
def test_mean_interval_of_small_cells_covers(n):
    rng = np.random.default_rng(n)
    scores = rng.uniform(-1, 1, (2000, n))
    _, low, high = shrunk_mean_interval(np.full(2000, float(n)), scores.sum(axis=1), (scores**2).sum(axis=1))
    assert 0.93 <= ((low <= 0) & (high >= 0)).mean() <= 0.99


def test_like_scores_by_chance_do_not_make_a_point():
    n, total, squares = np.array([2.0, 50.0]), np.array([1.0, 0.0]), np.array([0.5, 20.0])
    _, low, high = shrunk_mean_interval(n, total, squares)
    assert high[0] - low[0] > 1


def test_one_contact_alone_has_the_widest_interval():
    _, low, high = shrunk_mean_interval(np.array([1.0]), np.array([0.5]), np.array([0.25]))
    assert high[0] - low[0] > 2


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2000))
def test_a_count_is_inside_its_interval(count):
    low, high = poisson_interval(count)
    assert low <= count <= high
    assert stats.poisson.cdf(count, high) == pytest.approx(0.025, rel=1e-3)
