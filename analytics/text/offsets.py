"""Where each position of a rewritten text stands in the text it came from.

Offsets of a text of n characters are n + 1 places, never falling: entry i is where character i begins in the original,
the last where the last character ends there. What a step leaves out (a zero-width sign, the fourth 哈) belongs to the
character before it; what it leaves out at the edges belongs to none.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence

Offsets = Sequence[int]

_CLAUSES = re.compile(r"[\w\s]*[^\w\s]|[\w\s]+$")


def original_span(offsets: Offsets, start: int, stop: int) -> tuple[int, int]:
    """Return where a span of the rewritten text stands in the original.

    Parameters
    ----------
    offsets : sequence of int
        Of `normalise.normalise_with_offsets`.
    start, stop : int
        Span of the rewritten text, as a slice: 0 ≤ start ≤ stop ≤ its length.

    Returns
    -------
    tuple of int
        Start and stop of a slice of the original. A character that stands for several (an emoji for a face, three 哈
        for ten) covers them all.

    Raises
    ------
    ValueError
        If the span is not inside the text.

    Examples
    --------
    >>> original_span([0, 1, 4, 5], 1, 2)
    (1, 4)
    """
    if not 0 <= start <= stop < len(offsets):
        raise ValueError(f"original_span: expected 0 <= start <= stop <= {len(offsets) - 1}, got {start}, {stop}")
    if stop == start:
        return offsets[start], offsets[start]
    while stop < len(offsets) - 1 and offsets[stop] == offsets[stop - 1]:
        stop += 1  # inside a block that stands for one piece of the original
    return offsets[start], offsets[stop]


def composed(outer: Offsets, inner: Offsets) -> Offsets:
    """Return the offsets of two steps done one after the other: `inner` is of the second."""
    if isinstance(inner, range) and len(inner) == len(outer):
        return outer
    return [outer[place] for place in inner]


def substituted(
    pattern: re.Pattern[str], replacement: Callable[[re.Match[str]], str], text: str
) -> tuple[str, Offsets]:
    """Return ``pattern.sub(replacement, text)`` with offsets."""
    parts: list[tuple[str, int, int]] = []
    end = 0
    for found in pattern.finditer(text):
        parts += [(text[end : found.start()], end, found.start()), (replacement(found), found.start(), found.end())]
        end = found.end()
    if not parts:
        return text, range(len(text) + 1)
    return _joined([*parts, (text[end:], end, len(text))])


def stripped(text: str) -> tuple[str, Offsets]:
    """Return ``text.strip()`` with offsets."""
    kept = text.strip()
    begin = len(text) - len(text.lstrip()) if kept else 0
    return kept, range(begin, begin + len(kept) + 1)


def compatible(text: str) -> tuple[str, Offsets]:
    """Return the text in NFKC with offsets: a base and its marks move together."""
    whole = unicodedata.normalize("NFKC", text)
    starts = [place for place, char in enumerate(text) if not place or not _joins_what_is_before(char)]
    parts = [(text[a:b], a, b) for a, b in zip(starts, [*starts[1:], len(text)], strict=True)]
    found, offsets = _joined((unicodedata.normalize("NFKC", part), a, b) for part, a, b in parts)
    return (whole, offsets) if found == whole else (whole, aligned(text, whole))


def aligned(text: str, rewritten: str) -> Offsets:
    """Return offsets of a rewriting of which only the result is known: clause by clause.

    In a clause of the same length character stands for character; in others the longest equal runs are kept.
    """
    if text == rewritten:
        return range(len(text) + 1)
    old, new = _CLAUSES.findall(text), _CLAUSES.findall(rewritten)
    if [piece[-1:] for piece in old] != [piece[-1:] for piece in new]:
        old, new = [text], [rewritten]
    parts: list[tuple[str, int, int]] = []
    begin = 0
    for before, after in zip(old, new, strict=True):
        blocks = [(0, len(before), 0, len(after))]
        if len(before) != len(after):
            matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
            blocks = [block[1:] for block in matcher.get_opcodes()]
        parts += [(after[c:d], begin + a, begin + b) for a, b, c, d in blocks]
        begin += len(before)
    return _joined(parts)[1]


def _joins_what_is_before(char: str) -> bool:
    is_hangul_vowel_or_final = "\u1160" <= char <= "\u11ff" or "\ud7b0" <= char <= "\ud7fb"
    return is_hangul_vowel_or_final or char in "\uff9e\uff9f" or unicodedata.category(char).startswith("M")


def _joined(parts: Iterable[tuple[str, int, int]]) -> tuple[str, Offsets]:
    """Join (new text, start, stop in the original): equal lengths go character by character, others as one block."""
    texts: list[str] = []
    offsets: list[int] = []
    end = 0
    for new, start, stop in parts:
        texts.append(new)
        offsets += range(start, stop) if len(new) == stop - start else [start] * len(new)
        end = stop
    return "".join(texts), [*offsets, end]
