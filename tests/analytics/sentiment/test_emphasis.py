import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.sentiment.emphasis import ASIDE, ASKED, CONCEDED, STRESSED, UNIT, emphasis


def _of(text: str, word: str) -> set[int]:
    start = text.index(word)
    return set(emphasis(text)[0][start : start + len(word)].tolist())


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("没有异味", "异味"),
        ("用了半年从来没掉过色", "掉过色"),
        ("物流不慢", "慢"),
        ("谁会再买", "再买"),
        ("一点腥味都没有", "腥味"),
        ("既没缩水也没起球", "缩水"),
        ("既没缩水也没起球", "起球"),
        ("没红没痒", "痒"),
        ("袖口不开线", "线"),
        ("并非零件故障", "零件故障"),
    ],
)
def test_what_is_denied_counts_as_its_opposite(text: str, word: str) -> None:
    assert _of(text, word) == {-UNIT}


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("没有一个人不喜欢", "喜欢"),
        ("不能不喜欢", "喜欢"),
        ("特别利索", "利索"),
        ("做工也不错很扎实", "扎实"),
        ("有无异味说明", "说明"),
        ("不仅好用", "好用"),
        ("一会就没完没了地掉线", "掉线"),
        ("异味很大,没有客服", "异味"),
    ],
)
def test_what_only_looks_denied_stands_as_it_is(text: str, word: str) -> None:
    assert _of(text, word) == {UNIT}


def test_a_verdict_after_a_turn_counts_more_than_what_it_concedes() -> None:
    text = "虽然有点贵,颜色好看,但是很好用,推荐"
    assert _of(text, "有点贵") == {ASIDE} and _of(text, "颜色好看") == {CONCEDED}
    assert _of(text, "很好用") == {STRESSED} and _of(text, "推荐") == {STRESSED}


def test_a_small_reservation_is_no_verdict() -> None:
    assert _of("很好用,就是有点重", "有点重") == {UNIT} and _of("很好用,就是太重", "太重") == {STRESSED}


def test_what_is_asked_hardly_counts_and_reproach_is_no_question() -> None:
    assert emphasis("会不会掉色?")[1] == 1 and _of("会不会掉色?", "掉色") == {ASKED}
    assert emphasis("怎么还没修好!")[1] == 0 and emphasis("能不能有点良心")[1] == 0


@given(st.text(alphabet="不没有别好坏但是,。?吗谁虽然异味一点都", max_size=40))
def test_a_weight_for_each_character_and_none_is_lost(text: str) -> None:
    weights, n_questions = emphasis(text)
    assert weights.shape == (len(text),) and n_questions >= 0
    assert set(np.abs(weights).tolist()) <= {0, 1, 2, 3, ASKED, ASIDE, CONCEDED, UNIT, STRESSED, STRESSED // 2}
