import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.text.speech import drop_fillers


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("嗯那个,我想问一下那个那个退款", "我想问一下退款"),
        ("呃我这个洗衣机呃漏水", "我这个洗衣机漏水"),
        ("就是说,就是说它不转了", "它不转了"),
        ("那个,快递到哪了", "快递到哪了"),
        ("额,我不知道", "我不知道"),
        ("嗯嗯嗯 我要退货", "我要退货"),
        ("然后然后他就挂了", "他就挂了"),
        ("嗯。呃。那个", "嗯。呃。那个"),
        ("嗯嗯", "嗯嗯"),
        ("那个手机坏了", "那个手机坏了"),
        ("我就是想退货", "我就是想退货"),
        ("额度不够", "额度不够"),
        ("这个怎么退", "这个怎么退"),
        ("", ""),
    ],
)
def test_fillers_go_and_answers_stay(text: str, expected: str) -> None:
    assert drop_fillers(text) == expected


@given(st.text(alphabet="嗯呃额那个就是说然后我要退款, 。", max_size=20))
def test_nothing_but_fillers_is_lost_and_something_stays(text: str) -> None:
    kept = drop_fillers(text)
    remaining = iter(text)
    assert all(char in remaining for char in kept)
    assert bool(kept.strip(",。 ")) == bool(text.strip(",。 "))
    assert [char for char in kept if char in "我要退款"] == [char for char in text if char in "我要退款"]
