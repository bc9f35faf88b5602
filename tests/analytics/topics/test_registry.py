from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from analytics.topics.embed import CharLsa
from analytics.topics.model import TopicModel, topic_frame
from analytics.topics.registry import MIN_OVERLAP, carry_over, match_topics

WORDS = {
    "delivery": ["快递", "物流"],
    "refund": ["退款", "到账"],
    "invoice": ["发票", "抬头"],
    "network": ["离线", "配网"],
}


@pytest.fixture(scope="module")
def lsa(planted):
    return CharLsa.fit(sorted(set(planted(400)[0])), seed=3, n_dimensions=32)


@pytest.fixture(scope="module")
def model_of(lsa, planted):
    """Return a maker of models with one topic for each name, and first id."""

    def make(*names, first=1, retired=()):
        texts, found = planted(400)
        centroids = []
        for name in names:
            mean = lsa.transform([text for text, other in zip(texts, found, strict=True) if other == name]).mean(axis=0)
            centroids.append(mean / np.linalg.norm(mean))
        rows = [(f"t{first + place:03d}", f"{name}-{first}", WORDS[name], None) for place, name in enumerate(names)]
        return TopicModel(lsa, np.array(centroids, np.float32), 0.2, topic_frame(rows), topic_frame(retired))

    return make


def test_the_same_topics_keep_id_and_label_in_any_order(model_of, planted):
    old = model_of("delivery", "refund", "invoice")
    new = carry_over(old, model_of("invoice", "delivery", "refund", first=1), planted(300, seed=5)[0])
    assert new.topics.topic_id.tolist() == ["t003", "t001", "t002"]
    assert new.topics.label.tolist() == ["invoice-1", "delivery-1", "refund-1"]
    assert new.retired.empty


def test_a_new_topic_gets_an_id_nobody_had_and_a_lost_one_is_retired(model_of, planted):
    old = model_of("delivery", "refund", retired=[("t009", "旧话题", ["旧"], None)])
    new = carry_over(old, model_of("delivery", "network"), planted(300, seed=5)[0])
    assert new.topics.topic_id.tolist() == ["t001", "t010"]
    assert new.retired.topic_id.tolist() == ["t009", "t002"]


def test_a_topic_that_comes_back_gets_its_old_id(model_of, planted):
    old = model_of("delivery", retired=[("t004", "离线问题", ["离线", "配网", "掉线"], None)])
    new = carry_over(old, model_of("delivery", "network", first=1), planted(300, seed=5)[0])
    assert new.topics.topic_id.tolist() == ["t001", "t004"]
    assert new.topics.label.tolist()[1] == "离线问题"
    assert new.retired.empty


def test_two_topics_of_one_label_are_told_apart(model_of, planted):
    old = model_of("delivery")
    new = model_of("delivery", "network")
    new.topics.loc[1, "label"] = "delivery-1"
    assert carry_over(old, new, planted(300, seed=5)[0]).topics.label.tolist() == ["delivery-1", "delivery-1（2）"]


def test_strangers_are_not_matched():
    assert match_topics(np.array([[1, 50], [0, 0]])).same == {1: 0}
    assert match_topics(np.array([[5, 30], [30, 5]])).same == {1: 0, 0: 1}
    assert match_topics(np.array([[2, 100]])).same == {1: 0}


def test_merge_and_split_are_told():
    merged = match_topics(np.array([[80], [60]]))
    assert merged.same == {0: 0} and merged.merged == {1: 0}
    split = match_topics(np.array([[60, 40]]))
    assert split.same == {0: 0} and split.split == {1: 0}


@given(arrays(np.int64, st.tuples(st.integers(1, 6), st.integers(1, 6)), elements=st.integers(0, 50)))
def test_matching_is_one_to_one_and_above_the_floor(overlap):
    same = match_topics(overlap).same
    assert len(set(same.values())) == len(same)
    for new, old in same.items():
        assert 2 * overlap[old, new] / (overlap[old].sum() + overlap[:, new].sum()) >= MIN_OVERLAP
