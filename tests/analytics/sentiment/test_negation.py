import pytest

from analytics.sentiment.negation import FAULT_DENIED, MERIT_DENIED, pool_negations


@pytest.mark.parametrize(
    "text",
    ["不会后悔", "没有异味", "物流不慢", "一点都不卡", "没有任何问题", "不掉色", "无色差", "不用担心", "从不死机"],
)
def test_a_denied_fault_is_one_sign(text: str) -> None:
    assert FAULT_DENIED in pool_negations(text)


@pytest.mark.parametrize("text", ["不好用", "一点都不舒服", "不是很满意", "没有想象中好用", "不值得", "不推荐"])
def test_a_denied_merit_keeps_its_words(text: str) -> None:
    if text != "没有想象中好用":  # too much stands between: left to the model
        assert MERIT_DENIED in pool_negations(text)
    assert pool_negations(text).replace(MERIT_DENIED, "") == text


@pytest.mark.parametrize(
    "text",
    [
        "有没有异味",
        "会不会掉色",
        "卡不卡",
        "慢不慢",
        "好不好",
        "不好意思",
        "差不多好",
        "忍不住好评",
        "不过好在快",
        "质量好",
    ],
)
def test_questions_and_fixed_words_stay(text: str) -> None:
    assert pool_negations(text) == text
