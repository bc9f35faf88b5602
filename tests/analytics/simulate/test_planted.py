"""Each planted fact is in the files: counted from them, not from the code that planted it."""

from collections import Counter
from datetime import date
from itertools import pairwise
from statistics import mean, median

import pytest

from analytics.simulate import Plan
from analytics.simulate.planted import (
    BORN_DAY,
    DOUBLED_DAY,
    KEYWORD_DAY,
    KEYWORD_ECHO,
    OUTAGE_DAYS,
    SLOW_DAY,
    scale,
    volume_factor,
)

KEYWORD = "呛口小辣椒面膜"
ORDINARY = (14, 15, 21, 28, 32)


def _mentions(contact, word):
    return any(word in text for text in contact.customer_texts)


def test_nobody_mentions_the_keyword_before_its_hour(days):
    for index in days:
        if index < KEYWORD_DAY or index > KEYWORD_DAY + max(KEYWORD_ECHO):
            assert not [1 for contact in days[index] if "小辣椒" in "".join(turn.text for turn in contact.turns)]
    assert min(c.started_at.hour for c in days[KEYWORD_DAY] if _mentions(c, KEYWORD)) == 10


def test_the_keyword_goes_from_nothing_to_hundreds(days):
    first = [contact for contact in days[KEYWORD_DAY] if _mentions(contact, KEYWORD)]
    in_first_hour = [contact for contact in first if contact.started_at.hour == 10]
    next_day = [contact for contact in days[KEYWORD_DAY + 1] if _mentions(contact, KEYWORD)]
    assert 200 <= len(first) <= 320
    assert len(in_first_hour) >= 14
    assert 20 <= len(next_day) < len(first) / 2
    assert {contact.channel for contact in first} == {"phone", "app", "web", "wechat", "weibo"}


def test_the_keyword_is_rarely_misspelt_and_has_many_frames(days):
    about = [contact for contact in days[KEYWORD_DAY] if contact.topic == KEYWORD]
    assert mean(_mentions(contact, KEYWORD) for contact in about) > 0.9
    texts = {text for contact in about for text in contact.customer_texts if KEYWORD in text}
    assert len(texts) > 150
    assert mean(contact.mood == "negative" for contact in about) > 0.6


def test_wechat_is_slow_for_one_hour_only(days):
    chats = [c for c in days[SLOW_DAY] if c.kind == "chat" and c.channel == "wechat"]
    slow = [c for c in chats if c.started_at.hour == 12]
    others = [c for c in chats if c.started_at.hour not in (11, 12, 13)]
    assert len(slow) >= 25
    assert 300 <= median(c.first_wait_seconds for c in slow) <= 400
    assert 30 <= median(c.first_wait_seconds for c in others) <= 75
    assert {c.team for c in slow} == {"微信客服组"}
    assert len({c.agent_id for c in others} - {c.agent_id for c in slow}) >= 3


def test_the_slow_hour_lowers_the_mood(days):
    slow = [c for c in days[SLOW_DAY] if c.kind == "chat" and c.channel == "wechat" and c.started_at.hour == 12]
    usual = [c for index in ORDINARY for c in days[index] if c.kind == "chat"]
    assert mean(c.mood == "negative" for c in slow) > mean(c.mood == "negative" for c in usual) + 0.25
    assert len({c.topic for c in slow}) >= 8


@pytest.mark.parametrize("index", [22, 25, 28, 29, 30, 32])
def test_the_born_topic_comes_every_day(days, index):
    assert 15 <= sum(contact.topic == "以旧换新" for contact in days[index]) <= 25
    assert sum(_mentions(c, "旧") for c in days[index] if c.topic == "以旧换新") >= 13


def test_the_born_topic_was_not_there_before(days):
    for index in (14, 15, 17, BORN_DAY - 1):
        assert not [1 for contact in days[index] if _mentions(contact, "以旧换新") or _mentions(contact, "旧机")]


def test_the_outage_multiplies_one_topic_at_usual_speed(days):
    out = [c for c in days[OUTAGE_DAYS[0]] if c.topic == "物流停滞"]
    usual = mean(sum(c.topic == "物流停滞" for c in days[index]) for index in ORDINARY)
    assert 4 * usual < len(out) < 9 * usual
    assert mean(c.mood == "negative" for c in out) > 0.5
    waits = [c.first_wait_seconds for c in days[OUTAGE_DAYS[0]] if c.kind == "chat"]
    before = [c.first_wait_seconds for c in days[15] if c.kind == "chat"]
    assert median(waits) == pytest.approx(median(before), rel=0.25)


def test_one_day_doubles_in_every_channel(plan, days):
    usual = Counter(c.channel for c in days[32])
    doubled = Counter(c.channel for c in days[DOUBLED_DAY])
    assert 1.7 < doubled.total() / usual.total() < 2.4
    assert all(1.3 < doubled[channel] / usual[channel] < 3.2 for channel in usual)


def test_events_stand_apart():
    spans = [(OUTAGE_DAYS[0], OUTAGE_DAYS[-1]), (BORN_DAY, BORN_DAY), (SLOW_DAY, SLOW_DAY)]
    spans += [(KEYWORD_DAY, KEYWORD_DAY + max(KEYWORD_ECHO)), (DOUBLED_DAY, DOUBLED_DAY)]
    assert all(later[0] - earlier[1] >= 2 for earlier, later in pairwise(spans))


def test_planted_counts_grow_with_the_centre():
    assert scale(Plan(date(2026, 3, 2), contacts_per_day=50)) == 1.0
    assert scale(Plan(date(2026, 3, 2), contacts_per_day=6000)) == 10.0


def test_nothing_is_planted_on_request():
    assert volume_factor(Plan(date(2026, 3, 2), plant=False), DOUBLED_DAY) == 1.0
