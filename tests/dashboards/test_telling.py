from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards.search_words import read_phrase
from dashboards.telling import hits, in_pieces, telling

_said = st.text(st.sampled_from("退款款到账 ａＢ这這！。\n👍"), max_size=40)


@settings(max_examples=100)
@given(_said)
def test_hits_lie_in_order_inside_the_text_and_pieces_are_the_text(text: str) -> None:
    spans = hits(text, ["退款", "ab", "这"])
    assert all(0 <= start < stop <= len(text) for start, stop in spans)
    assert all(before[1] < after[0] for before, after in pairwise(spans))
    assert "".join(piece for piece, _ in in_pieces(text, spans)) == text
    assert all(
        hit == bool(read_phrase(piece).wanted and hits(piece, ["退款", "ab", "这"]))
        for piece, hit in in_pieces(text, spans)
        if hit
    )


def test_the_sentence_with_the_word_is_shown_not_the_first_turn() -> None:
    turns = ["你好，在吗", "上周买的。" * 30 + "耳机左边没有声音。其他都好。", "谢谢"]
    pieces = telling(turns, ["左边"])
    assert ("左边", True) in pieces
    assert "".join(text for text, _ in pieces) == "耳机左边没有声音。其他都好。"


def test_words_in_different_turns_are_all_shown() -> None:
    pieces = telling(["面膜有异味", "我要投诉你们，太差了"], ["面膜", "投诉"])
    assert [text for text, is_hit in pieces if is_hit] == ["面膜", "投诉"]
    assert (" … ", False) in pieces


def test_a_long_turn_is_cut_around_the_word() -> None:
    pieces = telling(["嗯" * 3 + "甲乙丙丁" * 100 + "泛红" + "甲乙丙丁" * 100], ["泛红"])
    assert ("泛红", True) in pieces
    assert sum(len(text) for text, _ in pieces) <= 240


def test_without_words_the_beginning_is_shown() -> None:
    assert telling(["在吗", "我的快递还没有到"], []) == [("我的快递还没有到", False)]
    assert telling(["在吗"], ["退款"]) == [("在吗", False)]
