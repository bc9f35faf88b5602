"""Turns as rows of units: dictionary words and single characters, by clause, contact and day.

The segmenter guesses at words it does not know, and guesses by what stands around them: 买呛 in one sentence, 呛口 in
the next. Counts of a new name need the same pieces each time, so a token that no dictionary has is cut into words of
the dictionary and single characters again.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.text.dictionary import UserWord
from analytics.text.segment import HAN

SEPARATOR = "\x1f"
"""Stands between tokens, or units, in one string; none contains it."""
Ints = NDArray[np.int64]
CutToken = Callable[[str], Sequence[str]]
"""Cuts one token into units."""


@dataclass(frozen=True)
class UnitStream:
    """All units of some turns in one row.

    Attributes
    ----------
    words : ndarray of object, shape (n_words,)
        The vocabulary.
    unit, clause, contact : ndarray of int, shape (n_units,)
        Code in `words`, number of the clause and of the contact at each place.
    day : ndarray of int, shape (n_contacts,)
        Place in `days` of each contact.
    days : ndarray of object, shape (n_days,)
        The days there are, in order.
    """

    words: NDArray[np.object_]
    unit: Ints
    clause: Ints
    contact: Ints
    day: Ints
    days: NDArray[np.object_]

    @property
    def n_words(self) -> int:
        """Size of the vocabulary."""
        return len(self.words)


_NONE: Ints = np.zeros(0, dtype=np.int64)
NO_UNITS = UnitStream(_NONE.astype(object), _NONE, _NONE, _NONE, _NONE, _NONE.astype(object))
"""The stream of no turns."""


@functools.cache
def unit_cutter(words: tuple[UserWord, ...] = ()) -> CutToken:
    """Return what cuts a token into units, the dictionary being jieba's with the user words.

    Parameters
    ----------
    words : tuple of UserWord
        Of `dictionary.load_words`.

    Examples
    --------
    >>> cut = unit_cutter()
    >>> cut("面膜"), cut("刚买"), cut("S9")
    (['面膜'], ['刚', '买'], ['S9'])
    """
    import rjieba

    library = rjieba.Jieba()
    for word in words:
        library.add_word(word.word, word.frequency, word.tag)

    chinese = re.compile(f"[{HAN}]+")  # 小米14 and T恤 are whole words already

    def cut(token: str) -> list[str]:
        if len(token) < 2 or library.has_word(token) or not chinese.fullmatch(token):
            return [token]
        pieces: list[str] = library.cut(token, False)
        return pieces

    return cut


def unit_stream(turns: pd.DataFrame, cut: CutToken | None = None) -> UnitStream:
    """Return the units of some turns.

    Parameters
    ----------
    turns : DataFrame[day, contact_id, tokens, breaks]
        Grain: one customer turn. `tokens` and `breaks` are lists, or strings of them joined by `SEPARATOR`. `breaks`
        may be missing or null: then only turns part clauses.
    cut : callable, optional
        Of `unit_cutter`; without it tokens are units.

    Returns
    -------
    UnitStream
        Nothing in it depends on the order of turns but the order of its codes.
    """
    tokens = _lists(turns["tokens"])
    lengths = np.fromiter(map(len, tokens), dtype=np.int64, count=len(tokens))
    starts = np.cumsum(lengths) - lengths
    code, vocabulary = pd.factorize(np.array([*chain.from_iterable(tokens), None], dtype=object)[:-1])
    begins = np.zeros(len(code) + 1, dtype=np.int64)
    begins[starts] = 1
    if "breaks" in turns:
        begins[_break_places(turns["breaks"], starts, lengths)] = 1
    day, days = pd.factorize(turns["day"].to_numpy(dtype=object), sort=True)
    contact, keys = pd.factorize(pd.factorize(turns["contact_id"].to_numpy(dtype=object))[0] * len(days) + day)
    places, unit, words = _as_units(code, vocabulary, cut)
    return UnitStream(
        words,
        unit,
        np.cumsum(begins[:-1])[places],
        np.repeat(contact, lengths)[places].astype(np.int64),
        keys.astype(np.int64) % max(len(days), 1),
        np.asarray(days, dtype=object),
    )


def _lists(column: pd.Series[Any]) -> list[Sequence[Any]]:
    if all(isinstance(row, str) or row is None for row in column):
        return [row.split(SEPARATOR) if row else () for row in column]
    return [() if row is None or np.ndim(row) == 0 else row for row in column]


def _break_places(breaks: pd.Series[Any], starts: Ints, lengths: Ints) -> Ints:
    rows = _lists(breaks)
    counts = np.fromiter(map(len, rows), dtype=np.int64, count=len(rows))
    flat = np.fromiter(map(int, chain.from_iterable(rows)), dtype=np.int64, count=int(counts.sum()))
    inside = (flat >= 0) & (flat < np.repeat(lengths, counts))
    return np.asarray((flat + np.repeat(starts, counts))[inside])


def _as_units(
    code: Ints, vocabulary: NDArray[np.object_], cut: CutToken | None
) -> tuple[Ints, Ints, NDArray[np.object_]]:
    """Place of the token of each unit, code of each unit, vocabulary of units."""
    if cut is None:
        return np.arange(len(code)), code.astype(np.int64), vocabulary
    pieces = [cut(token) for token in vocabulary]
    n_pieces = np.fromiter(map(len, pieces), dtype=np.int64, count=len(pieces))
    piece, words = pd.factorize(np.array([*chain.from_iterable(pieces), None], dtype=object)[:-1])
    first = np.cumsum(n_pieces) - n_pieces
    repeats = n_pieces[code] if len(code) else np.zeros(0, dtype=np.int64)
    places = np.repeat(np.arange(len(code)), repeats)
    offset = np.arange(len(places)) - np.repeat(np.cumsum(repeats) - repeats, repeats)
    return places, piece[first[code[places]] + offset].astype(np.int64), words
