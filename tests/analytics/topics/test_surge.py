from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from analytics.topics.surge import DayCounts, needed, rising, said_together


def days_of(history, today, *, total=500.0):
    counts = np.array([[*history, today]], dtype=np.float64)
    return DayCounts(counts, np.full(counts.shape[1], total))


def test_a_key_is_expected_at_its_share_of_the_volume():
    counts = np.array([[10.0] * 14 + [20.0]])
    busy = DayCounts(counts, np.array([500.0] * 14 + [1000.0]))
    assert busy.expected()[0] == pytest.approx(20.1, abs=0.05)
    assert busy.p_values()[0] > 0.3


def test_a_spike_of_the_past_hardly_moves_the_level():
    quiet, spiked = days_of([3] * 28, 3), days_of([3] * 20 + [300] + [3] * 7, 3)
    assert spiked.expected()[0] < 1.5 * quiet.expected()[0] < 3 * spiked.expected()[0]


def test_what_swings_by_itself_needs_more_than_what_is_even():
    even, swinging = days_of([10] * 28, 30), days_of([2, 18] * 14, 30)
    assert even.p_values(0.02)[0] < swinging.p_values(0.02)[0] / 10


def test_few_days_are_less_sure():
    assert days_of([1] * 7, 8).p_values(0.02)[0] > 5 * days_of([1] * 28, 8).p_values(0.02)[0]


@given(st.lists(st.integers(0, 30), min_size=7, max_size=28), st.integers(0, 40))
def test_more_contacts_are_never_less_surprising(history, today):
    fewer, more = days_of(history, today).p_values()[0], days_of(history, today + 1).p_values()[0]
    assert 0 <= more <= fewer <= 1


def test_keys_said_together_are_one_group_and_those_by_themselves_are_others():
    texts = csr_matrix(np.array([[1, 1, 0], [1, 1, 0], [1, 0, 1], [0, 0, 1], [0, 0, 1]], dtype=np.float64))
    assert [group.tolist() for group in said_together(texts, np.arange(3))] == [[0, 1], [2]]
    assert said_together(texts, np.zeros(0, np.int64)) == []


def test_a_part_of_a_phrase_is_not_needed_beside_it():
    texts = csr_matrix(np.array([[1, 1, 0]] * 5 + [[0, 0, 1]] * 2, dtype=np.float64))
    assert needed(texts, np.arange(3)).tolist() == [0, 2]


def test_of_steady_keys_about_as_many_rise_as_the_tail_says():
    counts = np.random.default_rng(0).poisson(6.0, (4000, 29)).astype(np.float64)
    found = rising(DayCounts(counts, np.full(29, 600.0)), p_value=0.01, min_texts=1, min_lift=0.0)
    assert len(found) <= 0.012 * len(counts)
