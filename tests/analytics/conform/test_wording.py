import pandas as pd
import pytest

from analytics.conform.wording import clean_text, clean_value, mask, repeats_start, simplify, split_answer

RULE = "-" * 89


def series(*cells: str | None) -> pd.Series:  # type: ignore[type-arg]
    return pd.Series(cells, dtype=object)


def test_marks_of_the_export_are_no_words_of_the_customer() -> None:
    found = clean_text(
        series("（该条评论已经被删除）太卡了", "(该条评论已经被删除)", " \t", "\x08好\ufeff", "nan", None, "无")
    )
    assert found.tolist() == ["太卡了", None, None, "好", None, None, "无"]


def test_missing_values_have_many_spellings() -> None:
    assert clean_value(series("NULL", "None", "\\N", "-", " A01 ", "", None)).tolist() == [None] * 4 + [
        "A01",
        None,
        None,
    ]


@pytest.mark.parametrize("who", ["开发者", "商家", "客服", "官方"])
def test_the_company_s_answer_after_a_dashed_line_is_not_the_customer_s(who: str) -> None:
    own, answer = split_answer(
        series(f"打不开\n {RULE} \n {who}回复：用户您好，\n请更新。", "平-----价，客服回复慢", None)
    )
    assert own.tolist() == ["打不开", "平-----价，客服回复慢", None]
    assert answer.tolist() == ["用户您好，\n请更新。", None, None]


def test_an_answer_to_nothing_leaves_nothing_of_the_customer() -> None:
    own, answer = split_answer(series(f"\n{RULE}\n开发者回复：您好"))
    assert (own.tolist(), answer.tolist()) == ([None], ["您好"])


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("很好", "很好", True), ("很好…", "很好用，推荐", True), ("很 好...", "很好用", True),
        ("差评", "太卡", False), ("差", None, False),
    ],
)  # fmt: skip
def test_a_title_cut_out_of_the_text_says_nothing_new(title: str, text: str | None, expected: bool) -> None:
    assert repeats_start(title, text) is expected


def test_masking_comes_before_simplifying_and_keeps_the_script() -> None:
    masked = mask(series("請打13800138000給我", None))
    assert "13800138000" not in masked[0]
    assert masked[0].startswith("請打")
    assert masked[1] is None
    assert simplify(masked[:1])[0].startswith("请打")
