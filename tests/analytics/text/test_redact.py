import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from analytics.text.redact import redact

MASKED = [
    ("13800138000", "[手机]"),
    ("138 0013 8000", "[手机]"),
    ("138-001-38000", "[手机]"),
    ("1380-013-8000", "[手机]"),
    ("１３８－００１３－８０００", "[手机]"),
    ("+86 138 0013 8000", "[手机]"),
    ("8613800138000", "[手机]"),
    ("1 3 8 0 0 1 3 8 0 0 0", "[手机]"),
    ("我的号13800138000，改成13900139000", "我的号[手机]，改成[手机#a2]"),
    ("13800138000 13900139000", "[手机] [手机#a2]"),
    ("0912-345-678", "[手机]"),
    ("010-87654321", "[电话]"),
    ("0755-8765432转123", "[电话]"),
    ("(02)2345-6789", "[电话]"),
    ("+852 9123 4567", "[电话]"),
    ("電話 2345 6789", "電話 [电话]"),
    ("座机是8765432", "座机是[电话]"),
    ("+1 415 555 0100", "[电话]"),
    ("写给a.b-c@example.com.cn吧", "写给[邮箱]吧"),
    ("ａｂ＠ｅｘａｍｐｌｅ．ｃｏｍ", "[邮箱]"),
    ("11010519491231002X", "[身份证]"),
    ("110105 19491231 002x", "[身份证]"),
    ("110105491231002", "[身份证]"),
    ("4111111111111111", "[银行卡]"),
    ("4111 1111 1111 1111", "[银行卡]"),
    ("6222 0212 3456 7890", "[号码]"),
    ("快递单号123456789012", "快递单号[运单#a1]"),
    ("SN12345678901A", "SN[号码]A"),
    ("订单号1234567890", "订单号[订单#a1]"),
]
KEPT = [
    "iPhone17 Pro 256G",
    "1299.00元，原价￥1599",
    "2024-05-01 13:00:00",
    "20240501",
    "[数字x][数字x]电话[数字x]",
    "打400-812-3123没人接",
    "2023-2024年",
    "价格13800 14900 15900",
    "充了电话费3000元",
    "M3-Pro 1.6L 10000mAh",
    "@客服",
]
PIECES = st.one_of(
    st.sampled_from(("电话", "[电话]", "[号码]", "1", "138", "0013", "8000", "13800138000", "-", " ", "+86", "010")),
    st.sampled_from(("8765", "4321", "(", ")", "a@b", ".com", "１３", "x", "X", "11010519491231002", "4111", "转")),
    st.sampled_from(("：", "，", "٣", "\u200b")),
)


@pytest.mark.parametrize(("text", "expected"), MASKED)
def test_masks(text: str, expected: str) -> None:
    assert redact(text) == expected


@pytest.mark.parametrize("text", KEPT)
def test_keeps(text: str) -> None:
    assert redact(text) == text


def test_a_wrong_check_digit_is_no_resident_id() -> None:
    assert redact("110105194912310021") == "[号码]"


@given(st.one_of(st.text(), st.lists(PIECES, max_size=14).map("".join)))
@example("电话[电话] 87654321")
def test_twice_is_once(text: str) -> None:
    once = redact(text)
    assert redact(once) == once


@given(st.one_of(st.text(alphabet="0123456789１２ -a"), st.lists(PIECES, max_size=14).map("".join)))
def test_no_long_run_of_digits_survives(text: str) -> None:
    assert re.search(r"\d{11,}", redact(text)) is None
