"""A mean is said to have changed no more often than it should, also where days differ."""

from __future__ import annotations

import numpy as np
import pytest

from analytics.mean_changes import mean_change
from analytics.mean_parts import mean_parts

NOW = np.arange(14) >= 7


def _days(rng: np.random.Generator, shift: float, between: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    n = rng.integers(20, 60, 14).astype(float)
    level = rng.normal(0, between, 14) + np.where(NOW, shift, 0)
    scores = [rng.normal(level[day], 0.4, int(n[day])) for day in range(14)]
    return n, np.array([s.mean() for s in scores]), np.array([s.var() for s in scores])


@pytest.mark.parametrize("between", [0.0, 0.15])
def test_what_did_not_change_is_seldom_said_to_have_and_the_interval_covers(between: float) -> None:
    rng = np.random.default_rng(3)
    found = [mean_change(*_days(rng, -0.1, between), NOW) for _ in range(300)]
    assert 0.92 <= np.mean([change.low <= -0.1 <= change.high for change in found]) <= 0.985
    assert np.mean([mean_change(*_days(rng, 0.0, between), NOW).differs for _ in range(300)]) <= 0.08


def test_days_that_differ_make_the_interval_wider_and_one_day_says_so() -> None:
    rng = np.random.default_rng(4)
    assert mean_change(*_days(rng, 0, 0.3), NOW).dispersion > 3
    one = mean_change(np.array([40.0, 40]), np.array([0.0, -0.5]), np.full(2, 0.1), np.array([False, True]))
    assert one.verdict(0.0) == "few_days" and one.high < 0
    alone = mean_change(np.array([40.0, 1]), np.array([0.0, -0.5]), np.full(2, 0.1), np.array([False, True]))
    assert alone.verdict(0.0) == "none"


def test_parts_of_a_mean_add_up_and_a_key_of_one_period_is_mix() -> None:
    counts, means = np.array([[30.0, 10, 0], [20, 20, 5]]), np.array([[0.2, -0.5, 9], [0.1, -0.5, -0.9]])
    parts = mean_parts(counts, means, np.full((2, 3), 0.1))
    whole = (counts * means).sum(axis=1) / counts.sum(axis=1)
    assert parts.total.sum() == pytest.approx(whole[1] - whole[0])
    assert parts.within[2] == 0 and np.isnan(parts.half[2]) and parts.half[0] > 0
