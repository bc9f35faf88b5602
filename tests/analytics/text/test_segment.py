import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.errors import ConfigError
from analytics.settings import PROJECT
from analytics.text.dictionary import DEFAULT_WORDS, load_words
from analytics.text.normalise import normalise
from analytics.text.redact import MASKS
from analytics.text.segment import Segmenter, UserWord, make_segmenter

WORDS = load_words([DEFAULT_WORDS])
SEGMENTERS = {name: make_segmenter(name, WORDS) for name in ("rjieba", "jieba")}  # type: ignore[arg-type]


@pytest.fixture(params=sorted(SEGMENTERS))
def segmenter(request: pytest.FixtureRequest) -> Segmenter:
    return SEGMENTERS[request.param]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("我要极速退,不要仅退款", ["我要", "极速退", "不要", "仅退款"]),
        ("一次性解决率多少", ["一次性解决率", "多少"]),
        ("iPhone17和M3-Pro还有1.6L的10000mAh", ["iPhone17", "和", "M3-Pro", "还有", "1.6L", "的", "10000mAh"]),
        ("这件T恤不好用😀👍🏻!!!", ["这件", "T恤", "不好用"]),
        ("打[手机]或[数字x]。#E-s[数字x]", ["打", "或"]),
        (" \n ", []),
        ("", []),
    ],
)
def test_examples(segmenter: Segmenter, text: str, expected: list[str]) -> None:
    assert segmenter.cut(text) == expected


def test_a_mixed_word_does_not_begin_inside_a_longer_name() -> None:
    segmenter = make_segmenter("rjieba", [UserWord("C接口")])
    assert segmenter.cut("ABC接口")[0] == "ABC"
    assert segmenter.cut("C接口坏了")[0] == "C接口"


@given(st.text(alphabet="我要退款好不用极速iP17.+- 😀[手机],。T恤", max_size=30))
def test_words_are_pieces_of_the_text_in_order(text: str) -> None:
    position = 0
    for word in SEGMENTERS["rjieba"].cut(text):
        position = text.index(word, position) + len(word)


def test_an_unknown_library_is_refused() -> None:
    with pytest.raises(ConfigError, match="rjieba"):
        make_segmenter("hanlp", [])  # type: ignore[arg-type]


@pytest.mark.corpora
def test_both_libraries_cut_service_chats_alike() -> None:
    """NLP.md measured 96.7 % of sentences equal with user words; our own cut of Latin and digits lifts it."""
    corpora = Path(os.environ.get("KESHENG_CORPORA", PROJECT.parent / "shared" / "corpora"))
    path = corpora / "chats" / "jddc_chat.tsv"
    if not path.exists():
        pytest.skip(f"no corpora at {corpora}; set KESHENG_CORPORA")
    lines = path.read_text(encoding="utf-8").splitlines()[:3000]
    texts = [normalise(line.rsplit("\t", 1)[-1]) for line in lines]
    equal = sum(SEGMENTERS["jieba"].cut(text) == SEGMENTERS["rjieba"].cut(text) for text in texts)
    assert equal / len(texts) >= 0.985


@pytest.mark.parametrize("mask", [*MASKS, "[手机#a2]", "[订单#a1]", "[QQ#a12]"])
def test_a_token_of_masking_is_no_word(mask: str) -> None:
    assert make_segmenter("rjieba", []).cut(f"退款{mask}好{mask}{mask}") == ["退款", "好"]
