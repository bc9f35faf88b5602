from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.signals.decomposition import Decomposition
from analytics.signals.verdict import DipFacts, TopicShift, verdict

PARTS = Decomposition(
    drop=0.5, mix=0.0, delay=0.0, delay_low=-0.1, delay_high=0.1, within_topic=0.0, unexplained=0.5, mix_error=0.05,
    within_error=0.05,
)  # fmt: skip
FACTS = DipFacts(PARTS, 40, 50.0, 48.0, TopicShift("t9", 0.35, 0.08))


def facts(**parts):
    return replace(FACTS, parts=replace(PARTS, **parts))


def test_delay():
    slow = replace(facts(delay=0.36, delay_low=0.25, delay_high=0.47), response_seconds=336.0)
    assert verdict(slow, {}) == "与回复变慢相关：回复 5.6 分钟（平时 0.8 分钟），约占下降的 72%（95% 区间 50%–94%）"


def test_a_delay_whose_interval_holds_zero_is_not_named():
    assert "回复变慢相关：" not in verdict(facts(delay=0.36, delay_low=-0.1, delay_high=0.8), {})


def test_topics():
    said = verdict(facts(mix=0.3), {"t9": "物流停滞"})
    assert said == "与「物流停滞」类问题增多相关：占 35%（平时 8%），问题构成变化约占下降的 60%"
    assert "「t9」" in verdict(facts(mix=0.3), {})


def test_worse_in_the_same_topics():
    assert verdict(facts(within_topic=0.4), {}) == "与同类问题里情绪变差相关（回复变慢之外），约占下降的 80%"


def test_unsure_and_why():
    assert verdict(replace(FACTS, n=5), {}) == "不确定：样本少（5 条）"
    assert verdict(FACTS, {}).startswith("不确定：40 条里看不出")


def test_a_pattern_over_days_is_said():
    assert verdict(replace(facts(mix=0.3), repeated_days=4), {}).startswith("4 天的同一时段都出现；与「")


@settings(max_examples=50, deadline=None)
@given(st.floats(0.01, 1), st.floats(-1, 1), st.floats(-1, 1), st.floats(-1, 1), st.integers(1, 50), st.integers(1, 9))
def test_it_never_claims_a_cause_and_shares_stay_shares(drop, mix, delay, within, n, days):
    parts = replace(PARTS, drop=drop, mix=mix, delay=delay, delay_low=delay - 0.1, delay_high=delay + 0.1)
    said = verdict(replace(FACTS, parts=replace(parts, within_topic=within), n=n, repeated_days=days), {"t9": "退款"})
    assert "因为" not in said and "导致" not in said
    assert ("相关" in said) or said.split("；")[-1].startswith("不确定")
    assert all(int(part.split("%")[0].rsplit(" ", 1)[-1].rsplit("–", 1)[-1]) <= 100 for part in said.split("约占")[1:])


@pytest.mark.parametrize("seconds", [float("nan")])
def test_a_delay_that_is_not_known_is_said_to_be(seconds):
    slow = replace(facts(delay=0.4, delay_low=0.3, delay_high=0.5), usual_response_seconds=seconds)
    assert "平时 未知" in verdict(slow, {})
