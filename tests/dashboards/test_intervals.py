from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dashboards.intervals import mean_interval, wilson


@given(st.integers(0, 500), st.integers(0, 500))
def test_wilson_holds_the_share_and_stays_a_share(k: int, more: int) -> None:
    n = k + more
    low, high = wilson([k], [n])
    assert 0 <= low[0] <= high[0] <= 1
    if n:
        assert low[0] - 1e-12 <= k / n <= high[0] + 1e-12


def test_wilson_matches_a_published_value() -> None:
    # 15 of 148: .0624 to .1605. R. G. Newcombe, Statistics in Medicine 17, 1998, table I.
    low, high = wilson([15], [148])
    assert (round(float(low[0]), 4), round(float(high[0]), 4)) == (0.0624, 0.1605)


def test_wilson_covers_the_truth_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(5)
    low, high = wilson(rng.binomial(80, 0.12, 4000), np.full(4000, 80))
    assert 0.93 < float(np.mean((low <= 0.12) & (high >= 0.12))) < 0.975


def test_one_contact_says_nothing_of_a_mean() -> None:
    low, high = mean_interval(np.array([0.2]), np.array([0.0]), np.array([1.0]))
    assert (low[0], high[0]) == (-1, 1)


def test_a_mean_of_few_contacts_covers_the_truth_as_often_as_it_says() -> None:
    drawn = np.random.default_rng(5).normal(0.1, 0.2, (4000, 4))
    low, high = mean_interval(drawn.mean(axis=1), drawn.std(axis=1, ddof=1), np.full(4000, 4.0))
    assert 0.93 < float(np.mean((low <= 0.1) & (high >= 0.1))) < 0.97
