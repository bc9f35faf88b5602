"""A turn with the words marked that meet a category's rule."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from dash import html

from dashboards.language import say
from dashboards.names import percent

Marked = Sequence[Any]
"""Rows of `dashboards.data.categories.evidence` of one turn."""


def marked(text: str, evidence: Marked) -> list[str | html.Mark]:
    """Return the text in pieces, those that are evidence marked and named; evidence may overlap.

    Examples
    --------
    >>> from types import SimpleNamespace as Row
    >>> both = [Row(start=0, stop=2, label="愤怒", kind="strong", confidence=0.9)]
    >>> [piece if isinstance(piece, str) else piece.children[0] for piece in marked("骗子退钱", both)]
    ['骗子', '退钱']
    """
    bounds = sorted({0, len(text), *(min(at, len(text)) for row in evidence for at in (row.start, row.stop))})
    pieces: list[str | html.Mark] = []
    for start, stop in pairwise(bounds):
        here = [row for row in evidence if row.start <= start and row.stop >= stop]
        pieces.append(_mark(text[start:stop], here, stop) if here else text[start:stop])
    return pieces


def _mark(text: str, here: Marked, stop: int) -> html.Mark:
    """Return the words with the labels of what ends with them; what goes on is named where it ends."""
    kind = "strong" if any(row.kind == "strong" for row in here) else "category"
    ending = [row for row in here if row.stop == stop]
    names = [
        html.Span(
            row.label,
            className=f"evidence-name is-{row.kind}",
            title=say("把握 {share}", share=percent(row.confidence, 0)),
        )
        for row in ending
    ]
    return html.Mark([text, *names], className=f"evidence is-{kind}")
