from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.signals.decomposition import decompose, topic_effects
from analytics.signals.dose_response import UNKNOWN, DoseResponse, Shape

RESPONSE = DoseResponse((Shape("saturating", float("inf"), -0.1, 0.05 / 1.96, 1.0),), 10_000)


def contacts(topics, scores, seconds):
    return pd.DataFrame({"channel": "app", "topic_id": topics, "sentiment_score": scores, "response_seconds": seconds})


def usual():
    return contacts(["a"] * 50 + ["b"] * 50, [0.4] * 50 + [-0.6] * 50, [60.0] * 100)


@st.composite
def tables(draw):
    n = draw(st.integers(1, 30))
    topics = draw(st.lists(st.sampled_from(["a", "b", "new", None]), min_size=n, max_size=n))
    scores = draw(st.lists(st.floats(-1, 1), min_size=n, max_size=n))
    seconds = draw(st.lists(st.one_of(st.floats(0, 3600), st.just(float("nan"))), min_size=n, max_size=n))
    return contacts(topics, scores, seconds)


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(tables(), tables(), st.floats(-1, 1), st.sampled_from([RESPONSE, UNKNOWN]))
def test_the_parts_add_up_to_the_fall_exactly(during, reference, expected, response):
    parts = decompose(during, reference, expected=expected, effects=topic_effects(usual(), response), response=response)
    assert parts.within_topic + parts.mix + parts.delay + parts.unexplained == pytest.approx(parts.drop, abs=1e-12)
    assert parts.drop == pytest.approx(expected - during["sentiment_score"].mean())


def test_more_of_a_bad_topic_is_mix_and_nothing_else():
    during = contacts(["a"] * 10 + ["b"] * 30, [0.4] * 10 + [-0.6] * 30, [60.0] * 40)
    parts = decompose(during, usual(), expected=-0.1, effects=topic_effects(usual(), RESPONSE), response=RESPONSE)
    assert parts.drop == pytest.approx(0.25)
    assert parts.mix == pytest.approx(0.25, abs=0.03)
    assert parts.delay == pytest.approx(0, abs=1e-12) and abs(parts.within_topic) < 0.03


def test_slower_replies_in_the_same_topics_are_delay():
    during = contacts(["a", "b"] * 20, [0.0, -1.0] * 20, [300.0] * 40)
    parts = decompose(during, usual(), expected=-0.1, effects=topic_effects(usual(), RESPONSE), response=RESPONSE)
    assert parts.delay == pytest.approx(0.4)
    assert (parts.delay_low, parts.delay_high) == pytest.approx((0.2, 0.6), abs=1e-3)
    assert abs(parts.within_topic) < 0.05 and abs(parts.mix) < 0.01


def test_worse_mood_in_a_topic_with_quick_replies_is_within():
    during = contacts(["a"] * 20 + ["b"] * 20, [0.0] * 20 + [-1.0] * 20, [60.0] * 40)
    parts = decompose(during, usual(), expected=-0.1, effects=topic_effects(usual(), RESPONSE), response=RESPONSE)
    assert parts.within_topic == pytest.approx(0.4, abs=0.02) and abs(parts.delay) < 1e-12


def test_what_happens_in_unknown_topics_is_unexplained():
    during = contacts([None] * 40, [-0.9] * 40, [60.0] * 40)
    parts = decompose(during, usual(), expected=-0.1, effects=topic_effects(usual(), RESPONSE), response=RESPONSE)
    assert parts.unexplained == pytest.approx(0.8) and parts.within_topic == 0


def test_delays_known_for_few_say_nothing():
    during = contacts(["a"] * 10, [0.0] * 10, [600.0] + [np.nan] * 9)
    parts = decompose(during, usual(), expected=0.4, effects=topic_effects(usual(), RESPONSE), response=RESPONSE)
    assert parts.delay == 0
