from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analytics.text.lexicons import load_stop_words
from analytics.topics.candidates import TopicTexts
from analytics.topics.embed import CharLsa
from analytics.topics.labels import name_topics
from analytics.topics.phrases import clauses_of, phrases_in
from analytics.topics.words import diverse_words, telling


@pytest.fixture(scope="module")
def topics(planted, cut):
    texts, names = planted(300)
    lsa = CharLsa.fit(sorted(set(texts)), seed=3, n_dimensions=32)
    made = []
    for name in ("delivery", "refund", "allergy"):
        mine = [text for text, other in zip(texts, names, strict=True) if other == name]
        centroid = lsa.transform(mine).mean(axis=0)
        documents = [clauses_of(text, cut) for text in mine]
        made.append(TopicTexts(documents, ["词一", "词二"], centroid / np.linalg.norm(centroid), [None] * len(mine)))
    return made, lsa


def test_a_label_is_said_in_its_own_topic_and_unique(topics, taxonomy):
    made, lsa = topics
    labels = name_topics(made, lsa, load_stop_words(), terms=taxonomy.terms)
    assert len(set(labels)) == 3
    for label, words in zip(labels, ("快递物流包裹单号", "退款到账", "面膜过敏红疹脸刺痛"), strict=True):
        assert set(label) & set(words), label
        assert 2 <= len(label) <= 12


def test_taken_labels_are_not_given_again(topics):
    made, lsa = topics
    first = name_topics(made, lsa, load_stop_words())
    assert not set(first) & set(name_topics(made, lsa, load_stop_words(), taken=frozenset(first)))


def with_touchpoints(topics, *names):
    return [
        replace(topic, touchpoints=[mine[place % len(mine)] for place in range(len(topic.documents))])
        for topic, mine in zip(topics, names, strict=True)
    ]


def test_a_touchpoint_of_most_members_is_the_label(topics):
    made, lsa = topics
    mine = with_touchpoints(made, ["物流查询"], ["退款进度", "退款进度", "客服投诉", None], ["过敏不适"])
    assert name_topics(mine, lsa, load_stop_words()) == ["物流查询", "退款进度", "过敏不适"]


def test_topics_of_one_touchpoint_are_told_apart_by_a_phrase(topics, taxonomy):
    made, lsa = topics
    mine = with_touchpoints(made, ["物流查询"], ["客服投诉"], ["客服投诉"])
    labels = name_topics(mine, lsa, load_stop_words(), terms=taxonomy.terms)
    assert labels[0] == "物流查询" and len(set(labels)) == 3
    assert all(label.startswith("客服投诉") or label == "小辣椒面膜" for label in labels[1:])


def test_two_touchpoints_that_share_a_topic_name_it_together(topics):
    made, lsa = topics
    mine = with_touchpoints(
        made, ["账号登录", "下单支付", "退款进度", "账号登录", "下单支付"], ["退款进度"], ["过敏不适"]
    )
    assert name_topics(mine, lsa, load_stop_words())[0] == "下单支付、账号登录"


def test_a_matter_of_most_texts_wins_over_its_touchpoint(topics, cut):
    made, lsa = topics
    said = [clauses_of(text, cut) for text in ("以旧换新怎么估价", "想以旧换新", "以旧换新的旧机", "取旧机") * 5]
    trade_in = TopicTexts(said, ["估价"], lsa.transform(["退款"])[0], ["退货换货"] * len(said))
    assert name_topics([trade_in, *made], lsa, load_stop_words())[0] == "以旧换新"


def test_a_topic_without_phrases_is_named_by_touchpoint_or_words(topics):
    _, lsa = topics
    silent = [TopicTexts([], ["快递", "物流"], np.zeros(32, np.float32), ["物流查询"]) for _ in range(3)]
    labels = name_topics([*silent, TopicTexts([], [], np.zeros(32, np.float32), [])], lsa, frozenset())
    assert labels[:2] == ["物流查询", "快递、物流"] and len(set(labels)) == 4


@pytest.mark.parametrize(
    ("clause", "expected", "refused"),
    [
        (["我", "的", "快递", "一直", "没", "收到"], "没收到", "我的快递"),
        (["怎么", "还", "不", "发货"], "不发货", "怎么还"),
        (["等", "了", "一个多", "小时"], None, "一个多小时"),
        (["垃圾", "垃圾"], None, "垃圾垃圾"),
        (["30", "才", "送到"], None, "30才送到"),
    ],
)
def test_which_runs_of_words_would_do_as_a_name(clause, expected, refused):
    found = phrases_in([clause], load_stop_words())
    assert expected is None or expected in found
    assert refused not in found


def test_clauses_end_at_punctuation(cut):
    assert (
        clauses_of("快递没到，退款！", cut) == [["快递", "没到"], ["退款"]]
        or len(clauses_of("快递没到，退款！", cut)) == 2
    )


def test_words_of_a_topic_differ(topics):
    _, lsa = topics
    words = diverse_words([("物流信息", 0.9), ("物流", 0.85), ("退款", 0.6), ("发票", 0.5)], lsa, 3)
    assert words[0] == "物流信息" and "物流" not in words
    assert diverse_words([], lsa) == []


def test_words_are_no_stop_words_quantities_or_single_characters():
    assert telling(["我们", "一个半", "退款", "退", "APP", "5", "x"], frozenset({"我们"})) == ["退款", "app"]
