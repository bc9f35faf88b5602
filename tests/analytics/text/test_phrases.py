import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.text.phrases import index_phrases, merge_words

TOKENS = st.lists(st.text("甲乙丙", min_size=1, max_size=2), max_size=12)
PHRASES = st.lists(st.lists(st.sampled_from("甲乙丙"), min_size=1, max_size=4), max_size=4)


def test_the_longest_match_wins_and_the_input_stays() -> None:
    tokens = ["呛", "口", "小辣椒", "面膜", "小辣椒", "面膜"]
    phrases = index_phrases([["小辣椒", "面膜"], ["呛", "口", "小辣椒", "面膜"]])
    assert merge_words(tokens, phrases) == ["呛口小辣椒面膜", "小辣椒面膜"]
    assert len(tokens) == 6


@pytest.mark.parametrize("tokens", [["呛口", "小辣椒面膜"], ["呛", "口", "小", "辣椒", "面膜"], ["呛口小辣椒面膜"]])
def test_a_term_is_one_word_however_this_sentence_was_cut(tokens: list[str]) -> None:
    phrases = index_phrases([["呛", "口", "小辣椒", "面膜"]])
    assert merge_words(["用", *tokens, "脸红"], phrases) == ["用", "呛口小辣椒面膜", "脸红"]


def test_latin_parts_are_written_with_a_space_however_they_came() -> None:
    phrases = index_phrases([["云朵", "S9", "Pro"]])
    assert merge_words(["云朵", "S9 Pro"], phrases) == ["云朵S9 Pro"]
    assert merge_words(["云朵", "S9", "Pro"], phrases) == ["云朵S9 Pro"]


@given(TOKENS, PHRASES, st.lists(st.integers(0, 12), max_size=3))
def test_merging_loses_nothing_and_joins_nothing_over_a_break(
    tokens: list[str], phrases: list[list[str]], breaks: list[int]
) -> None:
    merged = merge_words(tokens, index_phrases(phrases), breaks)
    assert "".join(merged) == "".join(tokens)
    ends = {sum(map(len, merged[: i + 1])) for i in range(len(merged))}
    assert {sum(map(len, tokens[:place])) for place in breaks if 0 < place < len(tokens)} <= ends


def test_breaks_of_an_old_partition_may_be_missing() -> None:
    assert merge_words(["甲", "乙"], index_phrases([["甲", "乙"]]), None) == ["甲乙"]
