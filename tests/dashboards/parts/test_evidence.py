from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from dash import html
from hypothesis import given
from hypothesis import strategies as st

from dashboards.parts.evidence import marked


def row(start: int, stop: int, label: str = "愤怒", kind: str = "strong") -> Any:
    return SimpleNamespace(start=start, stop=stop, label=label, kind=kind, confidence=0.9)


def written(pieces: list[Any]) -> str:
    """Return the words, without the names of the categories."""
    return "".join(piece if isinstance(piece, str) else piece.children[0] for piece in pieces)


def test_overlapping_evidence_is_named_where_each_ends() -> None:
    pieces = marked("你们这群骗子退钱", [row(2, 6), row(4, 8, "催退款", "category")])
    marks = [piece for piece in pieces if isinstance(piece, html.Mark)]
    assert [mark.children[0] for mark in marks] == ["这群", "骗子", "退钱"]
    assert [[name.children for name in mark.children[1:]] for mark in marks] == [[], ["愤怒"], ["催退款"]]
    assert marks[-1].className == "evidence is-category"


@given(st.text(max_size=20), st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=4))
def test_no_word_is_lost_or_said_twice(text: str, spans: list[tuple[int, int]]) -> None:
    assert written(marked(text, [row(min(span), max(span)) for span in spans])) == text
