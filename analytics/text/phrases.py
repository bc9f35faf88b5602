"""Terms of several tokens: join them in a token list, and count who says them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

Phrases = dict[str, tuple[tuple[str, ...], ...]]


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
    """Return the phrases by their first token, longest first: what `merge_words` and `count_phrase_contacts` search."""
    index: dict[str, set[tuple[str, ...]]] = {}
    for parts in phrases:
        if len(parts) > 1:
            index.setdefault(parts[0], set()).add(tuple(parts))
    return {first: tuple(sorted(found, key=lambda parts: (-len(parts), parts))) for first, found in index.items()}


def merge_words(tokens: Sequence[str], phrases: Phrases) -> list[str]:
    """Return the tokens with every run that is a phrase joined into one word, longest match first.

    Examples
    --------
    >>> merge_words(["用", "小辣椒", "面膜", "过敏"], index_phrases([["小辣椒", "面膜"]]))
    ['用', '小辣椒面膜', '过敏']
    """
    merged: list[str] = []
    position = 0
    while position < len(tokens):
        phrase = _phrase_at(tokens, position, phrases)
        merged.append(join_parts(phrase) if phrase else tokens[position])
        position += len(phrase) or 1
    return merged


def count_phrase_contacts(
    token_lists: Iterable[Sequence[str]], contact_ids: Iterable[str], phrases: Phrases
) -> Counter[str]:
    """Count the contacts that say each phrase, alone or inside a longer one.

    Parameters
    ----------
    token_lists : iterable of sequence of str
        Tokens of each turn, read once: a generator over the history will do.
    contact_ids : iterable of str
        Contact of each turn.
    phrases : Phrases
        Of `index_phrases`.

    Returns
    -------
    Counter of str
        Contacts by joined word. Counts of several days or partitions may be added if no contact is in two of them.

    Examples
    --------
    >>> turns = [["小辣椒", "面膜"], ["小辣椒", "面膜"], ["面膜"]]
    >>> count_phrase_contacts(turns, ["a", "a", "b"], index_phrases([["小辣椒", "面膜"]]))
    Counter({'小辣椒面膜': 1})
    """
    said = {
        (contact, phrase)
        for tokens, contact in zip(token_lists, contact_ids, strict=True)
        for phrase in _phrases_in(tokens, phrases)
    }
    return Counter(join_parts(phrase) for _, phrase in said)


def _phrase_at(tokens: Sequence[str], position: int, phrases: Phrases) -> tuple[str, ...]:
    for phrase in phrases.get(tokens[position], ()):
        if tuple(tokens[position : position + len(phrase)]) == phrase:
            return phrase
    return ()


def _phrases_in(tokens: Sequence[str], phrases: Phrases) -> Iterator[tuple[str, ...]]:
    for position, token in enumerate(tokens):
        for phrase in phrases.get(token, ()):
            if tuple(tokens[position : position + len(phrase)]) == phrase:
                yield phrase
