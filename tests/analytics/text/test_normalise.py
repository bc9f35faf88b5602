import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from analytics.text.normalise import normalise

CHINESE = st.text(alphabet="好的請問訂單了乾隆後裡麼著 \u3000！？。，ａＺ１1aé\u0301\u200b\u200d️😀[]数字x", max_size=40)


@given(st.one_of(st.text(), CHINESE))
@example("e\u200d\u0301")
@example("乾乾乾乾隆")
def test_twice_is_once(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


@given(st.text(alphabet=st.characters(codec=None, min_codepoint=0xD000, max_codepoint=0xE0FF)))
def test_broken_text_does_no_harm(text: str) -> None:
    normalise(text).encode("utf-8")


@given(st.text())
def test_no_line_breaks_and_no_outer_space(text: str) -> None:
    result = normalise(text)
    assert result == result.strip()
    assert not set(result) & set("\n\r\t\x00\u200b\ufeff")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("訂單後續沒收到", "订单后续没收到"),
        ("好好好好好好", "好好好"),
        ("哈哈哈", "哈哈哈"),
        ("太慢了！！！！！！", "太慢了!!!"),
        ("１００００００元", "1000000元"),
        ("a\n\n b\t c", "a b c"),
        ("電話[手机]", "电话[手机]"),
        ("手机[数字x]", "手机[数字x]"),
        ("👍🏻👍🏻", "👍🏻👍🏻"),
        ("", ""),
        ("坏\ud800了\udfff", "坏了"),
    ],
)
def test_examples(text: str, expected: str) -> None:
    assert normalise(text) == expected
