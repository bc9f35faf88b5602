import pytest

from jobs.sources.header import column_names, find_header

DATA = [["1", "2020/6/8", "太慢了，等了很久都没有人来"], ["2", "2020/6/9", "很好用，下次还会再来买的"]]


@pytest.mark.parametrize(
    ("above", "expected"),
    [
        ([["编号", "时间", "内容"]], 0),
        ([["a", "b", "c"]], 0),
        ([["八月导出", None, None], [None, None, None], ["编号", "时间", "内容"]], 2),
        ([], None),
        ([["3", "2020/6/7", "还行"]], None),
    ],
)
def test_the_header_is_the_row_that_names_what_stands_below(
    above: list[list[str | None]], expected: int | None
) -> None:
    assert find_header([*above, *DATA]) == expected


def test_what_the_caller_knows_is_not_doubted() -> None:
    assert find_header([["编号", "内容"], ["1", "好"]], header=False) is None
    assert find_header([["甲", "乙"], ["丙", "丁"]], header=True) == 0


def test_a_column_of_texts_only_has_a_header_if_its_name_is_known() -> None:
    assert find_header([["评论"], ["太慢了"], ["好"]]) == 0
    assert find_header([["很好用"], ["太慢了"], ["好"]]) is None


def test_names_are_never_equal() -> None:
    assert column_names(["a", "a", None, "4"], 5) == ["a", "a (2)", "3", "4", "5"]
    assert len(set(column_names(["2", None, "a", "a"], 4))) == 4
