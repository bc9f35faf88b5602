from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.errors import SchemaError
from analytics.text.redact import MASKS
from analytics.topics.documents import contact_documents, substance


def turns(*texts, contact="a"):
    return pd.DataFrame({"contact_id": contact, "turn": range(len(texts)), "text_simplified": list(texts)})


@pytest.mark.parametrize(
    "turn",
    [
        "你好",
        "在吗",
        "好的，谢谢",
        "嗯嗯",
        "没有了谢谢",
        "13812",
        "[手机]",
        "OK👌",
        "。。。",
        "",
        "您好 转人工",
        "好 谢谢",
    ],
)
def test_turns_without_substance(turn):
    assert substance(turn) == ""


@pytest.mark.parametrize(
    ("turn", "left"),
    [
        ("你好，我要退货", "我要退货"),
        ("请问怎么退款", "怎么退款"),
        ("不好用", "不好用"),
        ("订单号:[号码] 没收到货", "没收到货"),
        ("好慢", "好慢"),
        ("快递[号码x]丢了", "快递丢了"),
        ("SF1234567890123到哪了", "到哪了"),
    ],
)
def test_what_is_left_of_others(turn, left):
    assert substance(turn) == left


def test_turns_are_joined_in_order_and_said_twice_counts_once():
    said = turns("你好", "空调不制冷", "空调不制冷", "好的", "师傅什么时候来")
    assert contact_documents(said.sample(frac=1, random_state=3)).text.tolist() == ["空调不制冷 师傅什么时候来"]


def test_every_contact_has_a_row_and_the_input_stays():
    both = pd.concat([turns("退款", contact="b"), turns("你好", contact="a")], ignore_index=True)
    before = both.copy()
    found = contact_documents(both)
    assert found.to_dict("list") == {"contact_id": ["a", "b"], "text": ["", "退款"]}
    pd.testing.assert_frame_equal(both, before)


def test_a_long_contact_is_cut():
    assert contact_documents(turns("洗衣机漏水" * 100), max_characters=50).text.str.len().tolist() == [50]


def test_no_turns_give_no_rows_and_null_text_is_silence():
    assert contact_documents(turns()).empty
    assert contact_documents(turns(None, "漏水")).text.tolist() == ["漏水"]


def test_a_missing_column_is_named():
    with pytest.raises(SchemaError, match="missing text_simplified"):
        contact_documents(pd.DataFrame({"contact_id": [], "turn": []}))


@given(st.text(max_size=40))
def test_taking_the_substance_twice_is_taking_it_once_for_plain_words(text):
    once = substance(text)
    assert once == "" or len(once) <= len(text)


@pytest.mark.parametrize("mask", [*MASKS, "[手机#a2]", "[订单#a1]", "[身份证#a1234]"])
def test_a_token_of_masking_says_nothing(mask):
    assert substance(mask) == "" and substance(f"单号{mask}没收到货") == "单号没收到货"
