from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.topics.life import evidence, go_on, life, settle, was_there_before

DAILY = st.lists(st.integers(0, 9) | st.just(0), min_size=1, max_size=45).map(np.array)


@settings(max_examples=60, deadline=None)
@given(DAILY, DAILY)
def test_what_is_told_of_a_topic_that_lasts_stays_whatever_comes(counts, more):
    told = life(counts)
    if settle(counts, 7) is not None:
        assert life(np.concatenate([counts, more]))[: len(told)] == told


@settings(max_examples=60, deadline=None)
@given(DAILY, DAILY)
def test_going_on_from_what_was_told_is_the_same_as_reading_it_all(counts, more):
    told = life(counts)
    if settle(counts, 7) is not None:
        both = np.concatenate([counts, more])
        assert [*told, *go_on(both, told)] == life(both)


@pytest.mark.parametrize("seed", range(10))
def test_a_new_topic_is_promoted_a_week_after_its_birth_with_strays_before(seed):
    draw = np.random.default_rng(seed)
    counts = np.concatenate([np.zeros(22, int), draw.poisson(12, 13)])
    np.add.at(counts, draw.choice(22, 2, replace=False), 1)
    assert life(counts) == [(22, "born"), (28, "promoted")]


def test_contacts_on_too_few_days_promote_nothing():
    counts = np.array([0] * 10 + [3, 0, 0] * 8)
    assert life(counts) == [(10, "born")]
    assert life(counts, provisional_days=2) == [(10, "born"), (11, "promoted")]


def test_a_topic_of_the_first_week_needs_no_promotion():
    assert life(np.array([5] * 20)) == [(0, "born")]


def test_after_a_told_silence_comes_the_return_though_the_counts_were_assigned_anew():
    counts = np.array([5] * 10 + [0] * 6 + [1] + [0] * 10 + [4])  # a stray where silence was told
    assert go_on(counts, [(0, "born"), (23, "dormant")]) == [(27, "revived")]
    assert go_on(counts[:20], [(0, "born")]) == []


def test_a_birth_stands_unless_the_week_before_shows_the_same_volume():
    assert not was_there_before(np.array([0, 1, 0, 0, 0, 0, 0, *[9] * 8]), 7)
    assert was_there_before(np.array([8, 9, 7, 9, 8, 9, 9, *[9] * 8]), 7)
    assert not was_there_before(np.array([5, 5, 5]), 0)


def test_evidence_is_counts_against_what_was_usual():
    counts = np.array([0, 0, 3, 4, 5] + [0] * 14 + [6])
    assert evidence(counts, 18, "dormant") == "连续 14 天没有联络，此前日均 4.0 次"
    assert evidence(counts, 19, "revived") == "停了 14 天，当天又有 6 次"
    assert evidence(counts, 8, "promoted") == "7 天中 3 天有联络，共 12 次"
    assert evidence(np.array([4]), 0, "born") == "当天 4 次，数据从这天开始"
