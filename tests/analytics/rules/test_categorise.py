"""What a rule means: each part of the language on the smallest contacts that show it."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.errors import SchemaError
from analytics.rules import Ruleset, categorise, load_rules
from analytics.rules.examples import as_turns
from analytics.rules.matcher import matcher_of
from analytics.text.segment import make_segmenter

Rules = Callable[..., Ruleset]
Found = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("when", "said", "evidence"),
    [
        ('["退款", "退钱"]', "退款退钱都行", ["退款", "退钱"]),
        ('{ all = ["退款", ["没到", "未到"]] }', "退款还没到", ["退款", "没到"]),
        ('{ all = ["退款", ["没到", "未到"]] }', "退款到了", []),
        ('{ all = ["退款", { not = ["谢谢"] }] }', "退款到了,谢谢", []),
        ('{ all = ["退款", { not = ["谢谢"] }] }', "退款", ["退款"]),
        ('{ near = [["催"], ["发货"]], within = 2 }', "催一下发货", ["催一下发货"]),
        ('{ near = [["催"], ["发货"]], within = 2 }', "催你们快发货", []),
        ('{ near = [["催"], ["发货"]], within = 9 }', "别催,会发货", []),
        ('{ near = [["催"], ["发货"]], within = 9, across = "turn" }', "别催,会发货", ["催,会发货"]),
        ('{ near = [["催"], ["发货"]], within = 9, ordered = true }', "发货要催", []),
        ('{ near = [["发货"], ["催"]], within = 9, ordered = true }', "发货要催", ["发货要催"]),
        ('{ near = [["发货"], ["发"]], within = 9 }', "发货", []),
        ("{ regex = '第[三四]次' }", "第三次来了", ["第三次"]),
        ("{ any = [{ all = ['退', '催'] }, { regex = '[0-9]{3}元' }] }", "扣了300元", ["300元"]),
        ('{ all = ["扣"], regex = "[0-9]+元" }', "扣了300元", ["扣", "300元"]),
        ('["APP"]', "你们的app和apple", ["app"]),
        ('["退货"]', "我要退貨", ["退貨"]),
    ],
)  # fmt: skip
def test_a_condition_holds_as_it_says(ruled: Rules, found: Found, when: str, said: str, evidence: list[str]) -> None:
    assert found(ruled(f"when = {when}"), said) == evidence


@pytest.mark.parametrize(
    ("unless", "said", "hits"),
    [
        ('{ before = ["不会", "没想"], within = 1 }', "我不会投诉,也没想去投诉", 0),
        ('{ before = ["不会"], within = 1 }', "不会的,我要投诉", 1),
        ('{ after = ["电话"], within = 0 }', "投诉电话多少", 0),
        ('{ inside = ["投诉电话"] }', "投诉电话多少,我要投诉", 1),
        ('{ clause = ["朋友"] }', "朋友投诉过,我也投诉", 1),
        ('{ turn = ["谢谢"] }', "投诉。谢谢", 0),
        ('[{ before = ["不"], within = 0 }, { after = ["过"], within = 0 }]', "不投诉,投诉过,投诉", 1),
    ],
)
def test_words_around_a_match_make_it_void(ruled: Rules, found: Found, unless: str, said: str, hits: int) -> None:
    assert len(found(ruled(f'when = ["投诉"]\nunless = {unless}'), said)) == hits


def test_confidence_is_the_logistic_of_base_mood_and_cues(ruled: Rules) -> None:
    rules = ruled(
        'when = ["投诉"]\nconfidence = { base = 0, mood = 2, least = 0.1 }\ncue = [{ before = ["要"], weight = 1 }]'
    )
    category = rules.categories[0]
    sure = {
        (text, score): categorise(as_turns(category, [text], score), rules)["confidence"].round(4).tolist()
        for text, score in (("投诉", None), ("要投诉", None), ("要投诉", -1.0), ("投诉", 1.0), ("投诉", 0.9))
    }
    assert list(sure.values()) == [[0.5], [0.7311], [0.9526], [0.1192], [0.1419]]
    assert categorise(as_turns(category, ["投诉"], 1.0), ruled('when = ["投诉"]')).confidence.tolist() == [1.0]


def test_only_turns_that_a_rule_reads_are_read(ruled: Rules) -> None:
    turns = pd.DataFrame(
        {
            "contact_id": ["a"] * 5 + ["b"] * 2,
            "turn": [0, 1, 2, 3, 4, 0, 1],
            "speaker": ["customer", "agent", "customer", "agent", "customer", "agent", "customer"],
            "text": "退款",
            "text_simplified": "退款",
            "kind": ["chat"] * 5 + ["review"] * 2,
            "channel": ["app"] * 5 + ["web"] * 2,
            "sentiment_score": [-0.9, None, 0.0, None, -0.4, None, 0.8],
            "sentiment_label": ["negative", None, "neutral", None, "negative", None, "positive"],
        }
    )
    asked = {
        "": [("a", 0), ("a", 2), ("a", 4), ("b", 1)],
        'speaker = "agent"': [("a", 1), ("a", 3), ("b", 0)],
        'speaker = "any"\nchannels = ["web"]': [("b", 0), ("b", 1)],
        "turns = { first = 1 }": [("a", 0), ("b", 1)],
        "turns = { last = 2 }": [("a", 2), ("a", 4), ("b", 1)],
        'kinds = ["review", "call"]': [("b", 1)],
        'mood = "negative"': [("a", 0), ("a", 4)],
        "max_score = -0.5": [("a", 0)],
    }
    for body, expected in asked.items():
        hits = categorise(turns.sample(frac=1, random_state=1), ruled(f'when = ["退款"]\n{body}'))
        assert list(zip(hits["contact_id"], hits["turn"], strict=True)) == expected, body


def test_a_rule_over_the_contact_looks_at_all_its_turns(ruled: Rules) -> None:
    rules = ruled('when = { all = ["退款", "没到", { not = ["到了"] }] }\nscope = "contact"')
    category = rules.categories[0]
    hits = categorise(as_turns(category, ["我要退款", "好", "还没到"]), rules)
    assert list(zip(hits["turn"], hits["start"], hits["stop"], strict=True)) == [(0, 2, 4), (2, 1, 3)]
    assert categorise(as_turns(category, ["我要退款", "没到", "哦到了"]), rules).empty
    assert categorise(as_turns(category, ["我要退款"]), rules).empty


def test_distances_in_words_count_words(ruled: Rules) -> None:
    rules = ruled('when = { near = [["师傅"], ["没来"]], within = 1, unit = "tokens" }')
    matcher = matcher_of(rules, make_segmenter("rjieba", ()).cut)
    assert rules.counts_tokens
    for said, n in (("师傅今天没来", 1), ("师傅说好今天没来", 0)):
        assert len(categorise(as_turns(rules.categories[0], [said]), rules, matcher)) == n


@pytest.mark.slow
def test_evidence_of_one_category_never_overlaps_and_lies_in_the_text(ruled: Rules, found: Found) -> None:
    assert found(ruled('when = ["我要投诉", "投诉你们", "投诉"]'), "我要投诉你们！！！！！！投诉") == [
        "我要投诉你们",
        "投诉",
    ]
    rules = load_rules()
    words = ["我要", "投诉", "騙子", "再也不", "買", "着火", "了", "，", "！！！！！", "不想", "活", "12315", "😀", " "]
    pieces = st.sampled_from(words)

    @settings(max_examples=60)
    @given(st.lists(pieces, max_size=12).map("".join))
    def check(text: str) -> None:
        turns = as_turns(rules.categories[0], [text])
        hits = categorise(turns, rules)
        assert not hits.duplicated(["category", "turn", "start"]).any()
        assert ((hits["start"] >= 0) & (hits["start"] < hits["stop"]) & (hits["stop"] <= len(text))).all()
        for _, own in hits.groupby("category"):
            assert (own["start"].to_numpy()[1:] >= own["stop"].to_numpy()[:-1]).all()
        assert (
            categorise(pd.concat([turns, turns.assign(contact_id="z")]), rules).groupby("contact_id").size().nunique()
            < 2
        )

    check()


def test_nothing_in_nothing_out_and_missing_columns_are_named(ruled: Rules) -> None:
    rules = ruled('when = ["退款"]')
    nothing = as_turns(rules.categories[0], [])
    assert categorise(nothing, rules).empty
    with pytest.raises(SchemaError, match="speaker"):
        categorise(nothing.drop(columns="speaker"), rules)
