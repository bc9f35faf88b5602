from hypothesis import given
from hypothesis import strategies as st

from analytics.text.phrases import count_phrase_contacts, index_phrases, merge_words

TOKENS = st.lists(st.sampled_from("甲乙丙"), max_size=12)


def test_the_longest_match_wins_and_the_input_stays() -> None:
    tokens = ["呛", "口", "小辣椒", "面膜", "小辣椒", "面膜"]
    phrases = index_phrases([["小辣椒", "面膜"], ["呛", "口", "小辣椒", "面膜"]])
    assert merge_words(tokens, phrases) == ["呛口小辣椒面膜", "小辣椒面膜"]
    assert len(tokens) == 6


@given(TOKENS, st.lists(st.lists(st.sampled_from("甲乙丙"), min_size=1, max_size=4), max_size=4))
def test_merging_loses_and_adds_nothing(tokens: list[str], phrases: list[list[str]]) -> None:
    assert "".join(merge_words(tokens, index_phrases(phrases))) == "".join(tokens)


def test_a_phrase_inside_a_longer_one_is_counted_too() -> None:
    phrases = index_phrases([["甲", "乙"], ["甲", "乙", "丙"]])
    counts = count_phrase_contacts([["甲", "乙", "丙"], ["甲", "乙"], ["甲", "乙"]], ["a", "b", "b"], phrases)
    assert counts == {"甲乙": 2, "甲乙丙": 1}
