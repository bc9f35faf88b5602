"""Count runs of adjacent tokens by the contacts they occur in: the sufficient statistics of new-word discovery.

Counts of contacts add up over parts of the data as long as no contact is split over two parts, so Spark may count each
partition with ``min_contacts=1`` and sum the three frames by all their columns but ``n_contacts``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import pandas as pd
from numpy.typing import NDArray

SEPARATOR = " "
"""Stands between the tokens of an n-gram; no token contains it."""
EDGE = ""
"""The neighbour of an n-gram that begins or ends its turn."""

_Ints = NDArray[np.int64]


@dataclass(frozen=True)
class NgramCounts:
    """How many contacts say an n-gram, and beside what.

    Attributes
    ----------
    contacts : DataFrame[ngram, n_parts, n_contacts]
        Grain: one n-gram, tokens joined by `SEPARATOR`. All single tokens, whatever their count.
    left, right : DataFrame[ngram, neighbour, n_contacts]
        Grain: n-gram of two or more tokens × the token before (after) it; `EDGE` at the edge of a turn.
    """

    contacts: pd.DataFrame
    left: pd.DataFrame
    right: pd.DataFrame


@dataclass(frozen=True)
class _Stream:
    """All tokens in one row: token code, turn and contact of each position, and which tokens may be an edge."""

    words: NDArray[np.object_]
    token: _Ints
    turn: _Ints
    contact: _Ints
    may_be_edge: NDArray[np.bool_]

    @property
    def n_words(self) -> int:
        return len(self.words)


def count_ngrams(
    token_lists: Iterable[Sequence[str]],
    contact_ids: Iterable[str],
    *,
    stop_words: Collection[str] = (),
    min_contacts: int = 8,
    max_parts: int = 6,
) -> NgramCounts:
    """Count the n-grams of 1 to `max_parts` tokens that at least `min_contacts` contacts say.

    An n-gram is only looked at where its two (n-1)-grams are frequent enough (the a-priori rule), which is why 60,000
    turns take about a second.

    Parameters
    ----------
    token_lists : iterable of sequence of str
        Tokens of each turn; n-grams do not cross turns.
    contact_ids : iterable of str
        Contact of each turn, as many as turns.
    stop_words : collection of str
        Neighbours are not counted for n-grams that begin or end with one, as those are no candidates.
    min_contacts : int
        At least 1.
    max_parts : int
        Longest n-gram, in tokens.

    Returns
    -------
    NgramCounts
        Rows in no particular order.

    Examples
    --------
    >>> counts = count_ngrams([["小", "辣椒"], ["小", "辣椒", "好"]], ["a", "b"], min_contacts=2)
    >>> counts.contacts.query("n_parts == 2").values.tolist()
    [['小 辣椒', 2, 2]]
    >>> sorted(counts.right["neighbour"])
    ['', '好']
    """
    stream = _stream(token_lists, contact_ids, stop_words)
    codes, counts = stream.token, _count_contacts(stream.token, stream.contact, stream.n_words)
    contacts = [pd.DataFrame({"ngram": stream.words, "n_parts": 1, "n_contacts": counts})]
    sides: dict[str, list[pd.DataFrame]] = {"left": [], "right": []}
    codes = np.where(counts[codes] >= min_contacts, codes, -1) if len(codes) else codes
    for n_parts in range(2, max_parts + 1):
        codes, counts = _extend(stream, codes, n_parts, min_contacts)
        if not len(counts):
            break
        names = _names(stream, codes, n_parts, len(counts))
        contacts.append(pd.DataFrame({"ngram": names, "n_parts": n_parts, "n_contacts": counts}))
        for side, frames in sides.items():
            frames.append(_neighbours(stream, codes, n_parts, names, is_left=side == "left"))
    empty = pd.DataFrame({"ngram": [], "neighbour": [], "n_contacts": []}).astype({"n_contacts": np.int64})
    left, right = (pd.concat(frames, ignore_index=True) if frames else empty for frames in sides.values())
    return NgramCounts(pd.concat(contacts, ignore_index=True), left, right)


def _stream(token_lists: Iterable[Sequence[str]], contact_ids: Iterable[str], stop_words: Collection[str]) -> _Stream:
    turns = list(token_lists)
    lengths = np.fromiter((len(tokens) for tokens in turns), dtype=np.int64, count=len(turns))
    flat = np.array([*chain.from_iterable(turns), None], dtype=object)[:-1]
    token, words = pd.factorize(flat)
    contact = pd.factorize(np.array([*contact_ids, None], dtype=object)[:-1])[0]
    if len(contact) != len(turns):
        raise ValueError(f"count_ngrams: expected one contact id a turn, got {len(contact)} for {len(turns)} turns")
    may_be_edge = np.fromiter((word not in stop_words for word in words), dtype=np.bool_, count=len(words))
    turn = np.repeat(np.arange(len(turns), dtype=np.int64), lengths)
    return _Stream(words, token.astype(np.int64), turn, np.repeat(contact.astype(np.int64), lengths), may_be_edge)


def _count_contacts(codes: _Ints, contact: _Ints, n_codes: int) -> _Ints:
    """Distinct contacts of each code, 0 to `n_codes` - 1."""
    if not len(codes):
        return np.zeros(n_codes, dtype=np.int64)
    n_contacts = contact.max() + 1
    pairs = np.unique(codes * n_contacts + contact)
    return np.bincount(pairs // n_contacts, minlength=n_codes).astype(np.int64)


def _extend(stream: _Stream, shorter: _Ints, n_parts: int, min_contacts: int) -> tuple[_Ints, _Ints]:
    """From the codes of (n-1)-grams at each position, the codes of n-grams (-1: none or rare) and their counts."""
    codes = np.full(len(shorter), -1, dtype=np.int64)
    last = np.arange(n_parts - 1, len(shorter))
    first = last - (n_parts - 1)
    usable = (stream.turn[first] == stream.turn[last]) & (shorter[first] >= 0) & (shorter[first + 1] >= 0)
    first, last = first[usable], last[usable]
    if not len(first):
        return codes, np.zeros(0, dtype=np.int64)
    keys, inverse = np.unique(shorter[first] * stream.n_words + stream.token[last], return_inverse=True)
    counts = _count_contacts(inverse, stream.contact[first], len(keys))
    frequent = counts >= min_contacts
    codes[first] = np.where(frequent, np.cumsum(frequent) - 1, -1)[inverse]
    return codes, counts[frequent]


def _names(stream: _Stream, codes: _Ints, n_parts: int, n_codes: int) -> NDArray[np.object_]:
    positions = np.nonzero(codes >= 0)[0]
    some_position = np.zeros(n_codes, dtype=np.int64)
    some_position[codes[positions]] = positions
    name = stream.words[stream.token[some_position]]
    for offset in range(1, n_parts):
        name = name + SEPARATOR + stream.words[stream.token[some_position + offset]]
    return name


def _neighbours(
    stream: _Stream, codes: _Ints, n_parts: int, names: NDArray[np.object_], *, is_left: bool
) -> pd.DataFrame:
    first = np.nonzero(codes >= 0)[0]
    last = first + n_parts - 1
    may_be_word = stream.may_be_edge[stream.token[first]] & stream.may_be_edge[stream.token[last]]
    first, last = first[may_be_word], last[may_be_word]
    beside = first - 1 if is_left else last + 1
    inside = np.clip(beside, 0, len(codes) - 1)
    same_turn = (inside == beside) & (stream.turn[inside] == stream.turn[first])
    neighbour = np.where(same_turn, stream.token[inside], stream.n_words)
    keys, inverse = np.unique(codes[first] * (stream.n_words + 1) + neighbour, return_inverse=True)
    words = np.append(stream.words, EDGE)
    return pd.DataFrame(
        {
            "ngram": names[keys // (stream.n_words + 1)],
            "neighbour": words[keys % (stream.n_words + 1)],
            "n_contacts": _count_contacts(inverse, stream.contact[first], len(keys)),
        }
    )
