from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer

from analytics.text.char_ngrams import CharNgrams

TEXTS = st.lists(st.text(alphabet="快递退款ab，😀\U0010ffff", max_size=12), min_size=1, max_size=6)


@settings(max_examples=40)
@given(TEXTS)
def test_counts_are_those_of_sklearn(texts):
    rival = CountVectorizer(analyzer="char", ngram_range=(1, 3), lowercase=False)
    try:
        expected = rival.fit_transform(texts).toarray()
    except ValueError:
        expected = None
    learnt = CharNgrams.learn(texts, min_texts=1, max_texts=len(texts), max_terms=10**6)
    if expected is None:
        assert learnt.terms == ()
    else:
        assert learnt.terms == tuple(rival.get_feature_names_out())
        np.testing.assert_array_equal(learnt.count(texts).toarray(), expected)


def test_rare_common_and_surplus_ngrams_are_left_out():
    texts = ["退款", "退货", "退", "快", "快快"]
    assert CharNgrams.learn(texts, min_texts=2, max_texts=2, max_terms=9).terms == ("快",)
    assert CharNgrams.learn(texts, min_texts=2, max_texts=5, max_terms=1).terms == ("快",)  # three times, like 退


def test_a_row_has_the_same_counts_in_any_company():
    grams = CharNgrams.learn(["快递到哪了", "快递没到"], min_texts=1, max_texts=2, max_terms=99)
    many = ["快递到哪了"] * 5000 + ["没到"]  # more than one batch
    assert (grams.count(many)[4999] != grams.count(["快递到哪了"])).nnz == 0
    assert (grams.count(many)[5000] != grams.count(["没到"])).nnz == 0


@pytest.mark.parametrize("texts", [[], [""], ["", ""]])
def test_nothing_has_no_ngrams(texts):
    assert CharNgrams.learn(texts, min_texts=1, max_texts=9, max_terms=9).terms == ()
    assert CharNgrams(("快",)).count(texts).shape == (len(texts), 1)
    assert CharNgrams(()).count(texts).shape == (len(texts), 0)
