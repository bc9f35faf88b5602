from __future__ import annotations

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer

from analytics.topics.matter import MIN_TOLD, matter_weights


def counted(texts):
    counter = CountVectorizer(token_pattern=r"\S+")
    return counter.fit_transform(texts), counter.vocabulary_


def test_words_of_a_matter_count_more_than_names_of_products():
    matters, products = ("退货 寄回", "发票 抬头"), ("面膜", "手机", "耳机")
    texts = [f"{matter} {product}" for matter in matters for product in products for _ in range(20)]
    counts, place = counted(texts)
    weights = matter_weights(counts, [text[:2] for text in texts])
    told = min(weights[place[word]] for matter in matters for word in matter.split())
    assert told > 1.5 * max(weights[place[product]] for product in products)


def test_without_enough_told_texts_or_with_one_touchpoint_all_count_alike():
    counts, _ = counted(["退货 面膜", "发票 手机"] * MIN_TOLD)
    told = ["甲", "乙"] * (MIN_TOLD // 2 - 1)
    for matters in (told + [None] * (2 * MIN_TOLD - len(told)), ["甲"] * (2 * MIN_TOLD)):
        np.testing.assert_array_equal(matter_weights(counts, matters), 1)


def test_counts_stay_as_they_are():
    counts, _ = counted(["退货 退货 面膜", "发票 手机"] * MIN_TOLD)
    before = counts.copy()
    matter_weights(counts, ["甲", "乙"] * MIN_TOLD)
    assert (counts != before).nnz == 0
