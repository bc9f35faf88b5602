"""What of a contact is shown in one line of a list: the sentences with the words looked for, and where they stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from analytics.text.normalise import normalise, normalise_with_offsets, original_span
from analytics.text.offsets import Offsets

Piece = tuple[str, bool]
"""Some characters of what was said, and whether they are what was looked for."""

_LENGTH = 240
_SAYS_SOMETHING = 6
"""Shorter turns (在吗, 你好, 嗯) are left out of a list's preview unless the contact has nothing else."""
_ENOUGH = 60
"""A sentence shorter than this is shown with the one after it, so that it can be understood."""
_SENTENCE = re.compile(r"[^。！？!?\n]*[。！？!?\n]+|[^。！？!?\n]+$")
_GAP = (" … ", False)
_REMEMBERED = 256
"""Turns whose searched form is kept: each is asked for several times while its contact is told."""


def telling(turns: Sequence[str], wanted: Sequence[str]) -> list[Piece]:
    """Return what to show of what a customer said, in pieces; the turn with most of the words first.

    Parameters
    ----------
    turns : sequence of str
        What the customer said, turn by turn, as written (masked).
    wanted : sequence of str
        Words as `dashboards.search_words` folds them. Without any, or where none is said, the beginning is shown.

    Examples
    --------
    >>> telling(["在吗", "我買的面膜有問題。用了泛红！怎么办"], ["面膜", "泛红"])
    [('我買的', False), ('面膜', True), ('有問題。用了', False), ('泛红', True), ('！', False)]
    """
    pieces: list[Piece] = []
    missing = list(wanted)
    for turn in sorted(turns, key=lambda said: -sum(bool(hits(said, [word])) for word in wanted)):
        while missing and (spans := hits(turn, missing)):
            told = _around(turn, spans[0], hits(turn, wanted))
            shown = "".join(text for text, _ in told)
            left = [word for word in missing if not hits(shown, [word])]
            pieces += [_GAP] * bool(pieces) + told
            if len(left) == len(missing):
                break  # cut out of its sentence, the word reads otherwise
            missing = left
    return _cut(pieces) if pieces else [(_beginning(turns), False)]


def hits(text: str, wanted: Sequence[str]) -> list[tuple[int, int]]:
    """Return where words stand in a text as written, in order and joined where they touch.

    Examples
    --------
    >>> hits("ＩＰｈｏｎｅ壞了，壞了", ["坏了", "iphone"])
    [(0, 8), (9, 11)]
    """
    folded, offsets = _folded(text)
    spans = [
        original_span(offsets, found.start(), found.end())
        for word in wanted
        for found in re.finditer(re.escape(word), folded)
    ]
    joined: list[tuple[int, int]] = []
    for start, stop in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(stop, joined[-1][1]))
        else:
            joined.append((start, stop))
    return joined


@lru_cache(_REMEMBERED)
def _folded(text: str) -> tuple[str, Offsets]:
    """Return a text as it is searched, and where its characters stand in what was written."""
    normalised = normalise(text)
    offsets: Offsets = range(len(text) + 1)
    if len(normalised) != len(text) or any(a != b and _single(a) != b for a, b in zip(text, normalised, strict=True)):
        offsets = normalise_with_offsets(text)[1]  # exact, and slower: for texts that grow or shrink
    folded = normalised.lower()
    if len(folded) != len(normalised):  # a letter whose small form is two characters
        folded = "".join(small if len(small := char.lower()) == 1 else char for char in normalised)
    return folded, offsets


@lru_cache(8192)
def _single(char: str) -> str:
    return normalise(char)


def in_pieces(text: str, spans: Sequence[tuple[int, int]]) -> list[Piece]:
    """Return a text in pieces, those of `spans` (in order, apart) marked.

    Examples
    --------
    >>> in_pieces("退款呢", [(0, 2)])
    [('退款', True), ('呢', False)]
    """
    bounds = [0, *(at for span in spans for at in span), len(text)]
    pieces = [(text[a:b], place % 2 == 1) for place, (a, b) in enumerate(pairwise(bounds))]
    return [piece for piece in pieces if piece[0]]


def _around(turn: str, hit: tuple[int, int], every: Sequence[tuple[int, int]]) -> list[Piece]:
    """Return the sentence of a hit, with the next one where it is short; of a long one what stands around the hit."""
    sentences = [found.span() for found in _SENTENCE.finditer(turn)] or [(0, len(turn))]
    at = next((place for place, (_, stop) in enumerate(sentences) if stop > hit[0]), len(sentences) - 1)
    start, stop = sentences[at][0], max(sentences[at][1], hit[1])
    if stop - start < _ENOUGH and at + 1 < len(sentences):
        stop = max(stop, sentences[at + 1][1])
    if stop - start > _LENGTH // 2:
        start = max(start, hit[0] - _LENGTH // 6)
        stop = min(stop, max(hit[1], start + _LENGTH // 2))
    start += len(turn[start:stop]) - len(turn[start:stop].lstrip())
    inside = [(max(a, start) - start, min(b, stop) - start) for a, b in every if a < stop and b > start]
    return in_pieces(turn[start:stop].rstrip(), [(a, b) for a, b in inside if b > a])


def _beginning(turns: Sequence[str]) -> str:
    return " ".join([turn for turn in turns if len(turn) >= _SAYS_SOMETHING] or turns)[:_LENGTH]


def _cut(pieces: list[Piece]) -> list[Piece]:
    found: list[Piece] = []
    left = _LENGTH
    for text, is_hit in pieces:
        if left > 0:
            found.append((text[:left], is_hit))
            left -= len(text)
    return found
