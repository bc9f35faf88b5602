import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from analytics.text.normalise import normalise, normalise_with_offsets, original_span

PIECES = (
    "滑鼠", "品質", "筆電", "壞了", "請問", "哈哈哈哈哈", "！！！！！", " ", "\u3000\u3000", "\n", "\u200b",
    "ｉＰｈｏｎｅ", "㎏", "(╯‵□′)╯︵┻━┻", "^_^", "T＿T", "[流泪]", "[手机]", "e\u0301", "ｶﾞ", "好", "乾", "妳", "(",
)  # fmt: skip
SERVICE = st.lists(st.sampled_from(PIECES), max_size=10).map("".join)
TEXTS = st.one_of(st.text(max_size=40), SERVICE)


@given(TEXTS)
@example("e\u200d\u0301")
@example("乾乾乾乾隆")
def test_the_text_is_that_of_normalise_and_places_never_fall(text: str) -> None:
    found, offsets = normalise_with_offsets(text)
    assert found == normalise(text)
    assert len(offsets) == len(found) + 1
    assert list(offsets) == sorted(offsets) and offsets[0] >= 0 and offsets[-1] <= len(text)


@given(TEXTS)
def test_the_whole_is_the_whole_but_for_what_its_edges_lose(text: str) -> None:
    found, offsets = normalise_with_offsets(text)
    begin, end = original_span(offsets, 0, len(found))
    assert not normalise(text[:begin]) and (not normalise(text[end:]) or not found)


@given(SERVICE, st.data())
def test_a_span_covers_what_it_was_made_of(text: str, data: st.DataObject) -> None:
    found, offsets = normalise_with_offsets(text)
    start = data.draw(st.integers(0, len(found)))
    stop = data.draw(st.integers(start, len(found)))
    begin, end = original_span(offsets, start, stop)
    assert 0 <= begin <= end <= len(text)
    assert begin < end or not found[start:stop].strip()


@given(st.text(alphabet="我要退款订单iP17,.?", max_size=40))
def test_plain_text_stands_where_it_stood(text: str) -> None:
    if normalise(text) == text:
        assert list(normalise_with_offsets(text)[1]) == list(range(len(text) + 1))


@pytest.mark.parametrize(
    ("text", "word", "original"),
    [
        ("請問這個滑鼠怎麼退？", "鼠标", "滑鼠"),
        ("新買的筆電當機了", "笔记本电脑", "筆電"),
        ("新買的筆電當機了", "本电", "筆電"),
        ("新買的筆電當機了", "死机", "當機"),
        ("哈哈哈哈哈哈，没收到", "没收到", "没收到"),
        ("  品\u200b質 很差", "质量", "品\u200b質"),
        ("买了ｉＰｈｏｎｅ１７,坏了", "iPhone17", "ｉＰｈｏｎｅ１７"),
        ("又壞了(╯‵□′)╯︵┻━┻還不退", "😠", "(╯‵□′)╯︵┻━┻"),
        ("又壞了(╯‵□′)╯︵┻━┻還不退", "还不退", "還不退"),
        ("重㎏，退款", "kg", "㎏"),
    ],
)
def test_a_word_is_found_in_the_original(text: str, word: str, original: str) -> None:
    found, offsets = normalise_with_offsets(text)
    begin, end = original_span(offsets, found.index(word), found.index(word) + len(word))
    assert text[begin:end] == original


def test_a_span_outside_is_refused() -> None:
    with pytest.raises(ValueError, match="got 2, 9"):
        original_span(range(4), 2, 9)
