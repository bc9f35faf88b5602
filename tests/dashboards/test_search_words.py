from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.text.normalise import normalise
from dashboards.data import contacts
from dashboards.data.searching import tally
from dashboards.data.source import Source
from dashboards.filters import Filters
from dashboards.search_words import MAX_WORDS, read_words
from dashboards.selection import Selection, selection_of

_words = st.sampled_from(
    ["物流", "退款", "iPhone", "這個", "发票", "满意", "👍", "'", '"', "“", "」", "-", "－", " ", "\u3000", "%", "_"]
)
_typed = st.one_of(st.text(st.characters(codec="utf-8"), max_size=30), st.lists(_words, max_size=8).map("".join))


@settings(max_examples=100)
@given(_typed)
def test_whatever_is_typed_is_a_search(text: str) -> None:
    found = read_words(text)
    every = [*found.wanted, *found.unwanted]
    assert len(every) <= MAX_WORDS
    assert all(word and word == word.lower() and word == word.strip() for word in every)
    _, values = found.condition("says")
    assert list(values.values()) == every


@settings(max_examples=15)
@given(_typed)
def test_a_search_finds_contacts_that_say_every_word_and_none_that_say_an_unwanted_one(
    source: Source, text: str
) -> None:
    selection = selection_of(Selection(Filters(), {"says": text}).encoded)
    words = read_words(selection.narrowing.get("says", ""))
    listed = contacts.listed(source, selection, start=0, stop=20, order=("started", "desc"))
    n = tally(source, selection).n
    assert listed.n in (n, None)
    assert len(listed.rows) == min(n, 20)
    for contact_id in listed.rows["contact_id"]:
        turns = contacts.turns(source, contact_id)
        said = [normalise(said).lower() for said in turns.loc[turns["speaker"] == "customer", "text"]]
        assert all(any(word in turn for turn in said) for word in words.wanted)
        assert not any(word in turn for turn in said for word in words.unwanted)


def test_quotes_of_every_kind_hold_a_phrase_together() -> None:
    for quoted in ('"没有 到账"', "“没有 到账”", "「没有 到账」", '"没有 到账'):
        assert read_words(quoted).wanted == ("没有 到账",)
    assert read_words('-"没有 到账" －好 a-b').unwanted == ("没有 到账", "好")
    assert read_words("a-b A-B").wanted == ("a-b",)
