"""BERTopic takes seconds to import: what needs a fit is marked slow, and shares one model."""

from __future__ import annotations

import re
from collections import Counter

import numpy as np
import pytest

from analytics.errors import ModelUnavailableError
from analytics.text.lexicons import load_stop_words
from analytics.topics.fit import MIN_TEXTS, fit_topics
from analytics.topics.model import TopicModel
from analytics.topics.recipe import Recipe

pytestmark = [pytest.mark.slow]


def purity(found, truth):
    pairs = Counter(zip(found, truth, strict=True))
    best = Counter()
    for (topic, _), n_texts in pairs.items():
        best[topic] = max(best[topic], n_texts)
    return best.total() / len(truth)


@pytest.mark.parametrize("texts", [[], [""], ["退款"] * 500, ["一样的话"] * 40 + ["另一句"]])
def test_too_few_different_texts_give_no_topics_and_say_why(texts, cut, taxonomy):
    model = fit_topics(texts, Recipe(n_topics=8, seed=1, tokenize=cut, taxonomy=taxonomy))
    assert model.topics.empty and str(MIN_TEXTS) in model.note
    assert model.assign(["退款", ""]).topic_id.tolist() == [None, None]


def test_an_empty_model_survives_the_disk(tmp_path):
    TopicModel.empty("3 different texts").save(tmp_path)
    loaded = TopicModel.load(tmp_path)
    assert loaded.note == "3 different texts" and loaded.assign(["a"]).topic_id.tolist() == [None]


def test_no_model_is_said_in_words(tmp_path):
    with pytest.raises(ModelUnavailableError, match="no topic model"):
        TopicModel.load(tmp_path)


@pytest.mark.slow
def test_planted_topics_are_found(fitted, planted):
    model, _, _ = fitted
    texts, names = planted(400, seed=99, topics=("delivery", "refund", "invoice", "network"))
    found = model.assign(texts)
    told = found.topic_id.notna()
    assert purity(found.topic_id[told], np.array(names)[told]) > 0.95
    assert (~told).mean() < 0.25


@pytest.mark.slow
def test_words_are_chinese_and_labels_unique(fitted):
    model, _, _ = fitted
    stop_words = load_stop_words()
    assert model.topics.label.is_unique
    for words in model.topics.words:
        assert 3 <= len(words) <= 8 and not set(words) & stop_words
        assert any(re.search("[\u4e00-\u9fff]", word) for word in words)  # language="english" would delete all of it
    touchpoints = set(model.topics.touchpoint)
    assert {"退款进度", "发票开具", "连接配网", "物流查询"} <= touchpoints


@pytest.mark.slow
def test_strange_texts_belong_to_no_topic(fitted):
    model, _, _ = fitted
    strange = ["昨晚的足球比赛真精彩", "这首歌旋律优美", "明天去爬山吗", "ABC", ""]
    assert model.assign(strange).topic_id.isna().sum() >= 4


@pytest.mark.slow
def test_same_input_and_seed_give_the_same_bytes_in_any_order(fitted, cut, taxonomy, tmp_path):
    model, texts, _ = fitted
    model.save(tmp_path / "one")
    again = fit_topics(texts[::-1] + texts[:50], Recipe(n_topics=8, seed=1, tokenize=cut, taxonomy=taxonomy))
    again.save(tmp_path / "two")
    names = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert names == ["embedder.json", "embedder.safetensors", "topics.json", "topics.safetensors", "words.safetensors"]
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


@pytest.mark.slow
def test_what_was_saved_assigns_alike(fitted, tmp_path):
    model, texts, _ = fitted
    model.save(tmp_path)
    assert TopicModel.load(tmp_path).assign(texts).equals(model.assign(texts))


@pytest.mark.slow
def test_a_refit_with_a_new_topic_keeps_the_old_ids(fitted, planted, cut, taxonomy):
    model, _, _ = fitted
    texts, names = planted(600, seed=31)
    refit = fit_topics(texts, Recipe(n_topics=9, seed=2, tokenize=cut, taxonomy=taxonomy), previous=model)
    sample, _ = planted(300, seed=77, topics=("delivery", "refund", "invoice", "network"))
    before, after = model.assign(sample).topic_id, refit.assign(sample).topic_id
    both = before.notna() & after.notna()
    assert (before[both] == after[both]).mean() > 0.85
    allergy = refit.assign(
        [text for text, name in zip(texts, names, strict=True) if name == "allergy"]
    ).topic_id.dropna()
    assert len(allergy) > 80 and not allergy.isin(model.topics.topic_id).mean() > 0.05
    touchpoint = dict(zip(refit.topics.topic_id, refit.topics.touchpoint, strict=True))
    assert touchpoint[allergy.mode()[0]] == "过敏不适"


@pytest.mark.slow
def test_sixty_texts_are_enough_for_some_topics(planted, cut, taxonomy):
    texts, _ = planted(60, seed=3, topics=("delivery", "refund"))
    model = fit_topics(texts, Recipe(n_topics=24, seed=1, tokenize=cut, taxonomy=taxonomy))
    assert 2 <= len(model.topics) <= 4
