from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from analytics.rules.finder import PhraseFinder

_LETTERS = "投诉退款不啊"
_words = st.lists(st.text(_LETTERS, min_size=1, max_size=3), max_size=5)


@given(st.lists(_words, max_size=4), st.text(_LETTERS + "😀,", max_size=25))
def test_it_finds_what_a_plain_search_finds(sets: list[list[str]], text: str) -> None:
    plain = {
        number: sorted({(at, at + len(w)) for w in words for at in range(len(text)) if text.startswith(w, at)})
        for number, words in enumerate(sets)
    }
    found = {number: sorted(spans) for number, spans in PhraseFinder(sets).find(text).items()}
    assert found == {number: spans for number, spans in plain.items() if spans}


def test_latin_words_are_found_whole() -> None:
    finder = PhraseFinder([["app", "12315", "卸载app"]])
    for text, spans in (
        ("apple", []),
        ("app坏了", [(0, 3)]),
        ("拨12315。", [(1, 6)]),
        ("0123150", []),
        ("卸载apps", []),
    ):
        assert finder.find(text).get(0, []) == spans, text
