"""A change of share is called significant as often as it may be by chance, and seldom missed when it is there."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from analytics.share_changes import LEVEL, NO_CHANGE, Change, false_discovery, share_change


def _simulated(n_series: int, n_days: int, share: float, now: float, *, spread: float, seed: int) -> list[Change]:
    """Return changes of series whose daily share varies: beta-binomial, intraclass correlation `spread`."""
    rng = np.random.default_rng(seed)
    is_now = np.arange(2 * n_days) >= n_days
    n = rng.poisson(150, (n_series, 2 * n_days)).astype(float)
    mean = np.where(is_now, now, share)
    strength = 1 / spread - 1
    daily = rng.beta(mean * strength, (1 - mean) * strength, n.shape)
    k = rng.binomial(n.astype(int), daily).astype(float)
    return [share_change(k[i], n[i], is_now) for i in range(n_series)]


@pytest.mark.parametrize(("n_days", "spread"), [(7, 0.02), (14, 0.02), (14, 0.001), (7, 0.05)])
def test_days_that_differ_by_themselves_are_not_taken_for_a_change(n_days: int, spread: float) -> None:
    found = _simulated(800, n_days, 0.05, 0.05, spread=spread, seed=3)
    # 5 %, and twice the error of a share of 800.
    assert np.mean([change.differs for change in found]) <= LEVEL + 2 * np.sqrt(LEVEL * (1 - LEVEL) / 800)
    covered = [change.low <= 0 <= change.high for change in found]
    assert np.mean(covered) >= 1 - LEVEL - 2 * np.sqrt(LEVEL * (1 - LEVEL) / 800)


def test_the_plain_test_would_be_wrong_on_the_same_days() -> None:
    found = _simulated(400, 14, 0.05, 0.05, spread=0.02, seed=4)
    plain = [abs(c.difference) / (c.high - c.low) * 2 * np.sqrt(c.dispersion) > 1 for c in found]
    assert np.mean(plain) > 0.2
    assert np.mean([c.dispersion for c in found]) == pytest.approx(1 + 149 * 0.02, rel=0.2)


def test_a_doubling_is_found_among_topics_that_stay_and_they_are_left_alone() -> None:
    found_doublings = false_alarms = 0
    for seed in range(40):
        same = _simulated(19, 14, 0.05, 0.05, spread=0.005, seed=seed)
        doubled = _simulated(1, 14, 0.05, 0.10, spread=0.005, seed=1000 + seed)
        changes = [*doubled, *same]
        q_values = false_discovery(np.array([change.p_value for change in changes]))
        verdicts = [change.verdict(float(q)) for change, q in zip(changes, q_values, strict=True)]
        found_doublings += verdicts[0] == "significant"
        false_alarms += "significant" in verdicts[1:]
    # Difference .05, error .0107 (variance 1.75 times binomial), first of 20 called at t > 3.34: power .91. Twice the
    # error of 40 draws below that; and one false alarm in ten families, with twice its error.
    assert found_doublings >= 40 * 0.91 - 2 * np.sqrt(40 * 0.91 * 0.09)
    assert false_alarms <= 4 + 2 * np.sqrt(4)


@given(arrays(np.int64, 12, elements=st.integers(0, 40)), arrays(np.int64, 12, elements=st.integers(0, 40)))
def test_any_counts_give_an_interval_about_the_difference(k: np.ndarray, more: np.ndarray) -> None:
    change = share_change(k.astype(float), (k + more).astype(float), np.arange(12) >= 6)
    if change == NO_CHANGE or np.isnan(change.p_value):
        return
    assert -1 <= change.low <= change.difference <= change.high <= 1
    assert 0 <= change.p_value <= 1
    assert change.dispersion >= 1
    if change.differs:
        assert not change.low <= 0 <= change.high


def test_few_days_are_said_to_be_few() -> None:
    change = share_change(np.array([10.0, 40.0]), np.array([100.0, 100.0]), np.array([False, True]))
    assert change.verdict(change.p_value) == "few_days"
    assert change.p_value < 0.001
    assert change.dispersion == 1
    assert not change.differs


def test_without_contacts_before_there_is_nothing_to_say() -> None:
    change = share_change(np.array([0.0, 4.0]), np.array([0.0, 10.0]), np.array([False, True]))
    assert change.verdict(float("nan")) == "none"


@given(st.lists(st.floats(0, 1), max_size=30))
def test_q_values_keep_the_order_and_are_not_below_p(p_values: list[float]) -> None:
    p = np.array(p_values, dtype=float)
    q = false_discovery(p)
    assert (q >= p - 1e-12).all()
    assert (np.diff(q[np.argsort(p, kind="stable")]) >= -1e-12).all()
    with_gap = false_discovery(np.append(p, np.nan))
    assert np.isnan(with_gap[-1])
    assert np.allclose(with_gap[:-1], q)
