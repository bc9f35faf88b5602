"""Terms of several units: join them in a token list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

Phrases = Mapping[str, Sequence[tuple[str, str]]]
"""First character → the terms that begin with it, as run together and as written, longest first."""


def join_parts(parts: Sequence[str]) -> str:
    """Return the parts written together, with a space between two Latin ones.

    Examples
    --------
    >>> join_parts(["呛", "口", "小辣椒", "面膜"]), join_parts(["iPhone17", "Pro", "手机壳"])
    ('呛口小辣椒面膜', 'iPhone17 Pro手机壳')
    """
    word = ""
    for part in parts:
        is_latin_pair = word[-1:].isascii() and part[:1].isascii() and word and part
        word += f" {part}" if is_latin_pair else part
    return word


def index_phrases(phrases: Iterable[Sequence[str]]) -> Phrases:
    """Return terms, given by their parts, in the form that `merge_words` searches."""
    index: dict[str, set[tuple[str, str]]] = {}
    for parts in phrases:
        if len(parts) > 1:
            index.setdefault(parts[0][0], set()).add(("".join(parts), join_parts(parts)))
    return {first: tuple(sorted(found, key=lambda term: (-len(term[0]), term))) for first, found in index.items()}


def merge_words(tokens: Sequence[str], phrases: Phrases, breaks: Sequence[int] | None = ()) -> list[str]:
    """Return the tokens with every run that spells a term joined into one word, longest match first.

    However the segmenter cut the term in this sentence; only where it begins and ends must be a joint of tokens.

    Parameters
    ----------
    tokens : sequence of str
        Of one turn.
    phrases : Phrases
        Of `index_phrases`.
    breaks : sequence of int, optional
        Places in `tokens` at which a clause begins: nothing is joined over them. None is none.

    Examples
    --------
    >>> terms = index_phrases([["小", "辣椒", "面膜"]])
    >>> merge_words(["用", "小辣椒", "面膜", "过敏"], terms)
    ['用', '小辣椒面膜', '过敏']
    >>> merge_words(["小辣椒", "面膜"], terms, breaks=[1])
    ['小辣椒', '面膜']
    """
    begins = frozenset(() if breaks is None else (int(place) for place in breaks))
    merged: list[str] = []
    position = 0
    while position < len(tokens):
        word, end = _term_at(tokens, position, phrases, begins)
        merged.append(word)
        position = end
    return merged


def _term_at(tokens: Sequence[str], position: int, phrases: Phrases, begins: frozenset[int]) -> tuple[str, int]:
    """Return the longest term that begins here, or the token itself; and where it ends."""
    for spelled, word in phrases.get(tokens[position][:1], ()):
        end, rest = position, spelled
        while rest and end < len(tokens) and (end == position or end not in begins):
            piece = tokens[end].replace(" ", "")
            if not piece or not rest.startswith(piece):
                break
            rest = rest[len(piece) :]
            end += 1
        if not rest:
            return word, end
    return tokens[position], position + 1
