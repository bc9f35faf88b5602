from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.volume_changes import BEFORE, EARLIER, NOW, UNKNOWN, volume_change

WEEK = np.array([1.1, 1.0, 1.0, 1.0, 1.0, 0.7, 0.6])
HISTORY = 35


def _parts(length: int) -> np.ndarray[tuple[int], np.dtype[np.int_]]:
    return np.repeat([EARLIER, BEFORE, NOW], [HISTORY, length, length])


@pytest.mark.parametrize("length", [1, 3, 7, 10])
def test_planted_changes_are_inside_the_interval_and_steady_weeks_are_not_called_changed(length: int) -> None:
    rng = np.random.default_rng(length)
    part, day = _parts(length), np.arange(HISTORY + 2 * length)
    inside, wrong, n_trials = 0, 0, 150
    for trial in range(n_trials):
        true = 1.25 if trial % 2 else 1.0
        weekday = (day + trial) % 7
        mean = 200 * WEEK[weekday] * np.where(part == NOW, true, 1.0) * rng.gamma(200, 1 / 200, len(day))
        found = volume_change(rng.poisson(mean).astype(float), weekday, part)
        inside += found.low <= true <= found.high
        wrong += true == 1.0 and found.differs
    assert inside >= 0.90 * n_trials
    assert wrong <= 0.10 * n_trials / 2


def test_a_weekend_after_weekdays_is_no_fall() -> None:
    day = np.arange(HISTORY + 4)
    part = np.repeat([EARLIER, BEFORE, NOW], [HISTORY, 2, 2])
    weekday = (day + 3) % 7
    counts = np.round(300 * WEEK[weekday])
    assert list(weekday[part == BEFORE]) == [3, 4] and list(weekday[part == NOW]) == [5, 6]
    found = volume_change(counts, weekday, part)
    assert counts[part == NOW].sum() < 0.7 * counts[part == BEFORE].sum()
    assert found.ratio == pytest.approx(1.0, abs=0.01) and not found.differs


@settings(max_examples=25)
@given(st.lists(st.integers(1, 500), min_size=28, max_size=28))
def test_over_whole_weeks_the_ratio_is_that_of_the_plain_sums(counts: list[int]) -> None:
    values, day = np.array(counts, dtype=float), np.arange(28)
    found = volume_change(values, day % 7, np.repeat([EARLIER, EARLIER, BEFORE, NOW], 7))
    assert found.ratio == pytest.approx(values[21:].sum() / values[14:21].sum(), rel=1e-4)
    assert found.low <= found.ratio <= found.high and found.dispersion >= 1


def test_days_of_rest_and_few_days_break_nothing() -> None:
    day = np.arange(HISTORY + 14)
    closed = np.where(day % 7 == 6, 0.0, 50.0)
    assert volume_change(closed, day % 7, _parts(7)).ratio == pytest.approx(1.0, abs=1e-3)
    two = volume_change(np.array([100.0, 300.0]), np.array([0, 1]), np.array([BEFORE, NOW]))
    assert two.ratio == pytest.approx(3.0) and not two.differs and not two.by_weekday
    assert volume_change(np.zeros(2), np.array([0, 1]), np.array([BEFORE, NOW])) == UNKNOWN
