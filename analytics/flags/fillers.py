"""Fillers: what is typed to fill a field, not to say something."""

from __future__ import annotations

import re

from analytics.flags.letters import letters_of

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_ADJACENT = frozenset(
    row[place : place + 2] for keys in _ROWS for row in (keys, keys[::-1]) for place in range(len(keys) - 1)
)
_MIN_REPEATED, _MIN_KEYS = 8, 6
_KEYS_SHARE = 0.75
_EMPTY = frozenset(
    "的了吧呢是在个和就也都还与及之以而且或但则其此该有这那一二三四五六七八九十你我他bcdfgijklmnpqrstuvxy"
)
"""Letters that say nothing however often they come. 哈哈哈, 苦苦苦 and zzz are voice."""
_ONE_LETTER = re.compile(r"(.)\1*")
_LATIN = re.compile(r"[a-z]+")


def is_filler(text: str) -> bool:
    """Return whether a text as written is one letter again and again, or a finger drawn over the keyboard.

    Punctuation, numbers and emoji alone are no filler: they are short answers, and have no words to count anyway.

    Examples
    --------
    >>> [is_filler(text) for text in ("的的的的的的的的的", "asdfghjkl", "哈哈哈哈哈哈哈哈哈", "。。。", "好")]
    [True, True, False, False, False]
    """
    letters = letters_of(text)
    if len(letters) >= _MIN_REPEATED and _ONE_LETTER.fullmatch(letters):
        return letters[0] in _EMPTY
    if len(letters) < _MIN_KEYS or not _LATIN.fullmatch(letters):
        return False
    n_adjacent = sum(letters[place : place + 2] in _ADJACENT for place in range(len(letters) - 1))
    return n_adjacent >= _KEYS_SHARE * (len(letters) - 1)
