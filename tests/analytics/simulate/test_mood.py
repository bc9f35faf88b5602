from datetime import date
from math import log
from random import Random
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.simulate import Plan
from analytics.simulate.centre import load_centre
from analytics.simulate.contact import open_contact
from analytics.simulate.grammar import load_grammar
from analytics.simulate.mood import NEGATIVE_PER_MINUTE, TYPICAL_WAIT_MINUTES, draw_mood, mood_shares
from analytics.simulate.schedule import schedule_day
from analytics.simulate.waits import staff_day

RANK = {"negative": 0, "neutral": 1, "positive": 2}
SHARE = st.floats(0.01, 0.49)


@given(SHARE, SHARE, st.floats(0, 8), st.floats(0, 8), st.floats(0, 0.999))
def test_waiting_longer_never_improves_a_mood(negative, positive, wait, more, u):
    now = draw_mood(mood_shares(negative, positive, wait), u)
    later = draw_mood(mood_shares(negative, positive, wait + more), u)
    assert RANK[later] <= RANK[now]


@given(SHARE, SHARE)
def test_a_typical_wait_gives_the_topic_its_shares(negative, positive):
    assert mood_shares(negative, positive, TYPICAL_WAIT_MINUTES) == pytest.approx((negative, positive))


@pytest.mark.slow
def test_the_dose_can_be_estimated_from_ordinary_days():
    plan, grammar, centre = Plan(date(2026, 3, 2), contacts_per_day=12_000), load_grammar(), load_centre()
    staffing, rng = staff_day(plan, 1, centre), Random(1)
    contacts = [open_contact(head, grammar, staffing, 1, rng) for head in schedule_day(plan, 1, grammar, centre)]
    waits = sorted((c.wait_seconds / 60, c.mood == "negative") for c in contacts if c.head.kind == "chat")
    third = len(waits) // 3
    low, high = waits[:third], waits[-third:]
    odds = [log(mean(bad for _, bad in part) / (1 - mean(bad for _, bad in part))) for part in (low, high)]
    slope = (odds[1] - odds[0]) / (mean(w for w, _ in high) - mean(w for w, _ in low))
    # Topics mixed together flatten a logistic slope a little.
    assert 0.4 * NEGATIVE_PER_MINUTE < slope < 1.6 * NEGATIVE_PER_MINUTE
