import pytest

from analytics.flags.fillers import is_filler


@pytest.mark.parametrize("text", ["的" * 30, "asdfghjkl", "qwertyuiop asdf", "lkjhgfdsa", "111 的的的的的的的的的 111"])
def test_what_says_nothing_is_a_filler(text):
    assert is_filler(text)


@pytest.mark.parametrize(
    "text",
    [
        *("。。。", "...", "", "好", "哈哈哈哈哈哈哈哈哈哈", "苦苦苦苦苦苦苦苦苦", "zzzzzzzzzz", "12345678", "👍" * 20),
        *("good", "property", "iPhone17 Pro", "的的的", "WIFI", "不错" * 20),
    ],
)
def test_short_answers_cries_and_words_are_none(text):
    assert not is_filler(text)
