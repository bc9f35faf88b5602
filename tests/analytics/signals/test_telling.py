from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.errors import SchemaError
from analytics.signals.telling import telling_words


def said(**words):
    rows = [(f"c{contact}", word) for word, contacts in words.items() for contact in contacts]
    return pd.DataFrame(rows, columns=["contact_id", "key"])


def usual(**counts):
    return pd.DataFrame({"key": list(counts), "n_contacts": list(counts.values())})


def test_the_word_of_a_new_fault_stands_out_and_the_everyday_one_does_not():
    spoken = said(白屏=range(9), 手机=range(5, 14), 发票=range(2))
    assert telling_words(spoken, usual(手机=400, 发票=30), n_contacts=20, n_usual=900) == ["白屏"]


def test_words_of_the_same_contacts_are_told_once_and_others_after_them():
    spoken = said(固件升级=range(8), 固件=range(8), 升级=range(7), 断网=range(10, 15))
    assert telling_words(spoken, usual(升级=5), n_contacts=20, n_usual=900) == ["固件升级", "断网"]


def test_of_a_doubled_day_nothing_stands_out():
    spoken = said(发货=range(40), 退款=range(40, 70))
    assert telling_words(spoken, usual(发货=2000, 退款=1500), n_contacts=100, n_usual=5000) == []


@settings(max_examples=20, deadline=None)
@given(st.dictionaries(st.sampled_from("甲乙丙丁戊"), st.sets(st.integers(0, 30), min_size=1), min_size=1))
def test_words_are_among_those_said_and_none_twice(words):
    found = telling_words(said(**words), usual(甲=40, 乙=3), n_contacts=31, n_usual=200)
    assert len(found) == len(set(found)) <= 6 and set(found) <= set(words)


def test_no_words_none_told():
    assert telling_words(said(), usual(), n_contacts=0, n_usual=0) == []
    with pytest.raises(SchemaError, match="key"):
        telling_words(pd.DataFrame({"contact_id": ["a"]}), usual(甲=1), n_contacts=1, n_usual=1)
