import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analytics.text.normalise import normalise
from analytics.text.redact import MASK_PATTERN, is_suspect, redact, redact_turns
from analytics.text.redact.folding import fold
from analytics.text.redact.masking import find_personal

PIECES = st.one_of(
    st.sampled_from(("电话", "[电话]", "[号码]", "1", "138", "0013", "8000", "13800138000", "-", " ", "+86", "010")),
    st.sampled_from(("8765", "4321", "(", ")", "a@b", ".com", "１３", "x", "X", "11010519491231002", "4111", "转")),
    st.sampled_from(("：", "，", "٣", "\u200b", "[订单#a1]", "[手机#a2]", "#a2", "[", "]", "\ue000", "\ue001")),
    st.sampled_from(("订单号", "单号", "快递单号", "SF", "微信", "wx", "QQ", "护照", "E1234567", "A123456(3)", "京A")),
    st.sampled_from(
        ("一三八", "零零", "八", "、", "号", "栋", "单元", "室", "路", "建国", "阳光", "花园", "朝阳区", "3", "12")
    ),
    st.sampled_from(
        ("我叫", "收件人", "张三", "王", "先生", "女士", "姓", "我是", "小明", "收", "寄到", "地址", "北京市", "欧阳")
    ),
    st.sampled_from(
        ("的", "吗", "。", "\n", "12345", "ABC", "车牌", "卡号", "身份证", "6222", "台北市", "信義路", "三段", "樓")
    ),
)
TEXTS = st.one_of(st.text(), st.lists(PIECES, max_size=14).map("".join))


@given(TEXTS)
@example("电话[电话] 87654321")
@example("收件人：[姓名]，[地址]张三")
@settings(max_examples=400)
def test_twice_is_once(text: str) -> None:
    once = redact(text)
    assert redact(once) == once


@given(st.lists(TEXTS, max_size=4))
@settings(max_examples=200)
def test_turns_twice_is_turns_once(texts: list[str]) -> None:
    once = redact_turns(texts)
    assert redact_turns(once) == once and len(once) == len(texts)


@given(TEXTS)
def test_one_text_is_a_contact_of_one_turn(text: str) -> None:
    assert redact(text) == redact_turns([text])[0]


@given(st.one_of(st.text(alphabet="0123456789１２ -a"), st.lists(PIECES, max_size=14).map("".join)))
def test_no_long_run_of_digits_survives(text: str) -> None:
    assert re.search(r"\d{11,}", redact(text)) is None


@pytest.mark.slow
@given(TEXTS)
@settings(max_examples=600)
def test_the_quick_look_misses_nothing_that_a_rule_finds(text: str) -> None:
    assert is_suspect(text) or not find_personal(text)


@given(TEXTS)
def test_what_is_not_masked_stays_as_written(text: str) -> None:
    pieces = MASK_PATTERN.split(redact(text))
    pattern = ".*".join(re.escape(piece) for piece in pieces)
    assert re.fullmatch(pattern, text, flags=re.DOTALL)


@given(TEXTS)
def test_folding_keeps_places(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(TEXTS)
def test_normalising_keeps_tokens(text: str) -> None:
    masked = redact(text)
    assert MASK_PATTERN.findall(normalise(masked))[:9] == MASK_PATTERN.findall(masked)[:9] or "[" in text


@given(st.lists(st.text(alphabet="好的我要退货，。谢谢空调不制冷了 3元"), max_size=5))
def test_ordinary_turns_pass_untouched(texts: list[str]) -> None:
    assert redact_turns(texts) == texts
