from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.sentiment.courtesy import n_told


@pytest.mark.parametrize(
    "text",
    [
        "",
        "好的，谢谢",
        "嗯嗯 谢谢啦～",
        "OK",
        "好的 88",
        "没有了，谢谢你",
        "您好，在吗？",
        "[手机]",
        "12345678",
        "YT88120",
        "？？？",
        "行那我知道了谢谢",
    ],
)
def test_courtesies_numbers_and_masks_tell_nothing(text: str) -> None:
    assert n_told(text) == 0


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("垃圾", 2),
        ("满意", 2),
        ("好的，那什么时候到账", 7),
        ("太好了", 3),
        ("谢谢，问题解决了", 5),
        ("你好我的快递丢了", 8),
    ],
)
def test_what_says_something_is_counted(text: str, told: int) -> None:
    assert n_told(text) == told


@given(st.text(max_size=40))
def test_never_more_than_there_is(text: str) -> None:
    assert 0 <= n_told(text) <= len(text)


def test_a_long_courtesy_takes_no_long_time() -> None:
    assert n_told("好的谢谢" * 300 + "差") == 1201
