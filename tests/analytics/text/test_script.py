import pytest

from analytics.text.script import to_simplified, to_simplified_with_offsets


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("滑鼠壞了", "鼠标坏了"),
        ("產品品質很差", "产品质量很差"),
        ("軟體更新後閃退", "软件更新后闪退"),
        ("這台筆電當機了", "这台笔记本电脑死机了"),
        ("網路斷線,簡訊收不到", "网络断线,短信收不到"),
        ("螢幕壞點,保固多久", "屏幕坏点,保修多久"),
        ("帳號登入不了", "账号登录不了"),
        ("超商取貨付款", "便利店取货付款"),
        ("客服專員態度很好", "客服专员态度很好"),
    ],
)
def test_traditional_text_gets_the_words_of_the_mainland(text: str, expected: str) -> None:
    assert to_simplified(text) == expected
    assert to_simplified_with_offsets(text)[0] == expected


@pytest.mark.parametrize(
    "text",
    ["这个品质不错,程式也好", "冷气机的影片", "乾隆年间", "鼠标和滑鼠", "我在线上等", "质量很差", "妳好", "宅配优格"],
)
def test_simplified_text_stays_as_it_is(text: str) -> None:
    assert to_simplified(text) == text
