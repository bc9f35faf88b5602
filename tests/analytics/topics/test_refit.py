from __future__ import annotations

import numpy as np
import pytest

from analytics.topics.fit import fit_topics
from analytics.topics.recipe import Recipe
from analytics.topics.refit import Wishes

pytestmark = pytest.mark.slow

NEW_TALK = (
    *(
        "猫粮罐头吃光",
        "阳台种薄荷叶",
        "周末爬香山",
        "孩子学钢琴曲",
        "晚饭炖萝卜汤",
        "窗外下暴雨",
        "地铁挤扁啦",
        "膝盖练瑜伽",
    ),
    *(
        "膝盖练瑜伽",
        "邻居养鹦鹉",
        "奶奶织毛裤",
        "球队赢冠军",
        "书架落灰尘",
        "湖边钓鲫鱼",
        "牙医拔智齿",
        "火锅涮毛肚",
        "剧院演京剧",
    ),
)
FOUR = ("delivery", "refund", "invoice", "network")


@pytest.fixture(scope="module")
def recipe(cut, taxonomy):
    return Recipe(n_topics=8, seed=1, tokenize=cut, taxonomy=taxonomy)


@pytest.fixture(scope="module")
def later(planted):
    """What the same four matters sound like in another week."""
    return planted(400, seed=55, topics=FOUR)[0]


def same_share(one, other, texts):
    """Return the share of the texts with the same topic in both models; none is the same as none."""
    return (one.assign(texts)["topic_id"].fillna("") == other.assign(texts)["topic_id"].fillna("")).mean()


def the_topic(model, texts):
    return model.assign(texts)["topic_id"].mode().iloc[0]


def test_other_texts_of_the_same_matters_change_nothing_but_words(fitted, recipe, later):
    model, texts, _ = fitted
    again = fit_topics(later, recipe, previous=model)
    same = ["topic_id", "label", "touchpoint"]
    assert again.topics[same].equals(model.topics[same]) and again.embedder is model.embedder
    assert same_share(model, again, texts) > 0.97
    assert again.retired.empty and again.lineage.empty


def test_a_new_matter_gets_a_topic_and_its_own_dimension_and_nothing_else_moves(fitted, recipe, later, planted):
    model, texts, _ = fitted
    strange, _ = planted(24, seed=5, topics=("allergy",))
    again = fit_topics([*later, *strange], recipe, previous=model, seeds=[strange])
    new = set(again.topics["topic_id"]) - set(model.topics["topic_id"])
    assert new == {the_topic(again, planted(60, seed=6, topics=("allergy",))[0])}
    known = model.embedder.transform(texts)
    places = again.embedder.transform(texts)
    assert again.embedder.n_dimensions == model.embedder.n_dimensions + 1
    assert np.allclose(known @ known.T, places @ places.T, atol=1e-5)
    assert same_share(model, again, texts) > 0.97


def test_a_split_is_carried_out_once_and_the_largest_part_keeps_the_id(fitted, recipe, later):
    model, _, _ = fitted
    topic = the_topic(model, [text for text in later if "发票" in text])
    wishes = Wishes(splits={3: (topic, 2)})
    once = fit_topics(later, recipe, previous=model, wishes=wishes)
    (part,) = set(once.topics["topic_id"]) - set(model.topics["topic_id"])
    assert once.lineage.to_numpy().tolist() == [[part, "split", topic]] and once.splits_done == {3}
    twice = fit_topics(later, recipe, previous=once, wishes=wishes)
    assert set(twice.topics["topic_id"]) == set(once.topics["topic_id"]) and twice.lineage.empty


def test_beyond_the_bound_the_smallest_goes_but_no_pinned_one_and_comes_back_as_itself(fitted, recipe, later, planted):
    model, _, _ = fitted
    network, _ = planted(400, seed=8, topics=("network",))
    quiet = the_topic(model, network)
    network = [text for text, topic in zip(network, model.assign(network)["topic_id"], strict=True) if topic == quiet]
    few = [text for text in later if model.assign([text])["topic_id"].iloc[0] != quiet]
    at_most = len(model.topics) - 1
    pinned = fit_topics(few, recipe, previous=model, wishes=Wishes(pinned=frozenset({quiet}), max_topics=at_most))
    assert quiet in set(pinned.topics["topic_id"])
    without = fit_topics(few, recipe, previous=model, wishes=Wishes(max_topics=at_most))
    assert without.retired["topic_id"].tolist() == [quiet]
    back = fit_topics([*few, *network], recipe, previous=without, seeds=[network[:60]])
    assert the_topic(back, network) == quiet and back.retired.empty
    label = model.topics.set_index("topic_id")["label"]
    assert back.topics.set_index("topic_id")["label"][quiet] == label[quiet]


def test_a_name_that_a_person_gave_is_given_to_no_new_topic(fitted, recipe, later, planted):
    model, _, _ = fitted
    strange, _ = planted(24, seed=5, topics=("allergy",))
    free = fit_topics(later, recipe, previous=model, seeds=[strange]).topics["label"].iloc[-1]
    taken = Wishes(names=frozenset({free}))
    again = fit_topics(later, recipe, previous=model, seeds=[strange], wishes=taken)
    assert again.topics["label"].iloc[-1] != free


def test_where_the_language_has_changed_the_space_is_learnt_anew_and_ids_stay(fitted, recipe, planted):
    model, _, _ = fitted
    texts, _ = planted(400, seed=4, topics=FOUR)
    strange = [f"{text}，{NEW_TALK[place % 16]}，{NEW_TALK[place % 13]}" for place, text in enumerate(texts)]
    again = fit_topics(strange, recipe, previous=model)
    assert again.embedder is not model.embedder
    assert set(model.topics["topic_id"]) <= set(again.topics["topic_id"])
    before, after = model.assign(strange)["topic_id"], again.assign(strange)["topic_id"]
    both = before.notna() & after.notna()
    # Eight topics for four matters: where one is cut in two, no border is better than another.
    assert both.sum() > 100 and (before[both] == after[both]).mean() > 0.75
