"""One day's decision: which runs of units are new words, from counts that were made elsewhere."""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from analytics.text.name_parts import is_piece, may_be_inside, may_be_name, plain_stretch
from analytics.text.ngrams import COUNT, EDGE, LEFT, RIGHT, TOTAL
from analytics.text.phrases import join_parts
from analytics.text.rising import Reals, tail_p_values
from analytics.text.units import SEPARATOR
from analytics.text.word_rule import WordRule

COLUMNS = ("word", "parts", "n_contacts", "cohesion", "freedom", "usual", "p_value")


@dataclass(frozen=True)
class Past:
    """The days before a day: how many contacts there were in all, how many said each n-gram, and how days scatter."""

    contacts: int
    said: Mapping[str, int]
    dispersion: float

    def usual(self, ngram: str, contacts: int) -> float:
        """Return the usual count on a day of so many contacts."""
        return self.said.get(ngram, 0) * contacts / self.contacts if self.contacts else 0.0


@dataclass(frozen=True)
class Day:
    """A day's counts: all its contacts, and those that say each unit or pair (later: each run of links)."""

    day: dt.date
    contacts: int
    said: Mapping[str, int]
    past: Past

    @property
    def is_first(self) -> bool:
        """Whether there is nothing before it."""
        return self.past.contacts == 0

    def excess(self, ngram: str) -> float:
        """Return the contacts above the usual count."""
        return self.said[ngram] - self.past.usual(ngram, self.contacts)

    def p_values(self, ngrams: Sequence[str]) -> Reals:
        """Return how likely chance brings so many contacts; NaN on a first day."""
        if self.is_first:
            return np.full(len(ngrams), np.nan)
        return tail_p_values(
            [self.said[ngram] for ngram in ngrams],
            [self.past.said.get(ngram, 0) for ngram in ngrams],
            exposure=float(self.contacts),
            exposure_before=float(self.past.contacts),
            dispersion=self.past.dispersion,
        )


@dataclass(frozen=True)
class Links:
    """Pairs that may stand inside a new word, those among them that rose, and how many were tested."""

    linked: frozenset[str]
    risen: frozenset[str]
    n_tested: int


def risen_links(day: Day, rule: WordRule) -> Links:
    """Return the pairs of a day that can be part of a new word.

    A pair inside a new word is said at least as often as the word: it has risen itself, or it is a compound that keeps
    together anyway (洗/地 in 洗地机) beside one that has risen.

    Parameters
    ----------
    day : Day
        Counts of units and pairs, now and before.
    rule : WordRule
        Thresholds.
    """
    pairs = [ngram for ngram in day.said if SEPARATOR in ngram]
    usable = [pair for pair in pairs if may_be_inside(pair.split(SEPARATOR))]
    bound = {pair for pair in usable if _bound_share(day, pair) >= 0.5}
    if day.is_first:
        return Links(frozenset(bound), frozenset(bound), len(pairs))
    p_values = day.p_values(usable)
    risen = {
        pair
        for pair, p_value in zip(usable, p_values, strict=True)
        if p_value < _LOOSE_P and day.excess(pair) >= rule.min_contacts / 2
    }
    linked = set(risen)
    for _ in range(_COMPOUND_REACH):
        first = {pair.split(SEPARATOR)[0] for pair in linked}
        last = {pair.split(SEPARATOR)[1] for pair in linked}
        linked |= {pair for pair in bound if _touches(pair, first, last)}
    return Links(frozenset(linked), frozenset(risen), len(pairs))


_LOOSE_P = 0.01
"""A first sieve only: what is left is tested against `max_chance`."""
_COMPOUND_REACH = 3
"""Pairs of a compound that did not rise itself, in a row."""


def _touches(pair: str, first: Collection[str], last: Collection[str]) -> bool:
    head, tail = pair.split(SEPARATOR)
    return head in last or tail in first


def _bound_share(day: Day, ngram: str, place: int = 1) -> float:
    """Share of the contacts of the rarer side, cut at `place`, that say the whole."""
    parts = ngram.split(SEPARATOR)
    sides = (SEPARATOR.join(parts[:place]), SEPARATOR.join(parts[place:]))
    return day.said[ngram] / min(day.said[side] for side in sides)


def new_words(
    day: Day, beside: pd.DataFrame, links: Links, stop_words: Collection[str], rule: WordRule
) -> pd.DataFrame:
    """Return the new words of a day.

    Parameters
    ----------
    day : Day
        Counts of units, and of the runs of links, now and before.
    beside : DataFrame[side, ngram, neighbour, n_contacts]
        What stands before and after the runs.
    links : Links
        Of `risen_links`.
    stop_words : collection of str
        Words that can be neither the first nor the last part.
    rule : WordRule
        Thresholds.

    Returns
    -------
    DataFrame[word, parts, n_contacts, cohesion, freedom, usual, p_value]
        Most contacts first.
    """
    tested = [ngram for ngram in day.said if day.said[ngram] >= rule.min_contacts and _is_run(ngram, links)]
    p_values = dict(zip(tested, day.p_values(tested), strict=True))
    n_tests = links.n_tested + len(tested)
    formed = {ngram: cohesion for ngram in tested if (cohesion := _cohesion(day, ngram, stop_words, rule))}
    freedom = branching_freedom(beside, formed, rule.min_neighbours)
    rows = [
        (
            join_parts(ngram.split(SEPARATOR)),
            ngram.split(SEPARATOR),
            day.said[ngram],
            cohesion,
            freedom[ngram],
            math.nan if day.is_first else day.past.usual(ngram, day.contacts),
            p_values[ngram],
        )
        for ngram, cohesion in formed.items()
        if freedom[ngram] >= rule.min_freedom_bits and _is_new(day, ngram, p_values[ngram] * n_tests, rule)
    ]
    return _tidy(pd.DataFrame(_outermost(day, rows, rule.nested_share), columns=list(COLUMNS)))


def _is_run(ngram: str, links: Links) -> bool:
    parts = ngram.split(SEPARATOR)
    pairs = {SEPARATOR.join(pair) for pair in pairwise(parts)}
    return bool(pairs) and pairs <= links.linked and not pairs.isdisjoint(links.risen)


def _cohesion(day: Day, ngram: str, stop_words: Collection[str], rule: WordRule) -> float | None:
    """Weakest joint in bits; None where the run is no word by its form or by what its parts do elsewhere."""
    parts = ngram.split(SEPARATOR)
    begin, end = plain_stretch(parts, stop_words)
    if not may_be_name(parts) or begin == end or join_parts(parts) in stop_words:
        return None
    if day.said[ngram] < rule.nested_share * day.said[SEPARATOR.join(parts[begin:end])]:
        return None
    cohesion = math.inf
    for place in range(1, len(parts)):
        sides = (SEPARATOR.join(parts[:place]), SEPARATOR.join(parts[place:]))
        left, right = (day.said[side] for side in sides)
        cohesion = min(cohesion, math.log2(day.said[ngram] * day.said[TOTAL] / (left * right)))
        if day.is_first:
            is_own = _bound_share(day, ngram, place) >= rule.first_bound_share
        else:
            is_own = max(_own_share(day, ngram, side, rule) for side in sides) >= rule.min_own_share
        if not is_own or cohesion < rule.min_cohesion_bits:
            return None
    return cohesion


def _own_share(day: Day, ngram: str, side: str, rule: WordRule) -> float:
    """Of the contacts with which a side rises, the share that says the whole run."""
    excess = day.excess(ngram)
    usual_outside = max(day.past.usual(side, day.contacts) - day.past.usual(ngram, day.contacts), 0.0)
    noise = math.sqrt(usual_outside + day.past.dispersion * usual_outside**2)
    outside = day.said[side] - day.said[ngram] - usual_outside - rule.noise_sds * noise
    return excess / (excess + max(outside, 0.0)) if excess > 0 else 0.0


def _is_new(day: Day, ngram: str, by_chance: float, rule: WordRule) -> bool:
    if day.is_first:
        return day.said[ngram] >= rule.first_contacts and any(map(is_piece, ngram.split(SEPARATOR)))
    usual = day.past.usual(ngram, day.contacts)
    return by_chance <= rule.max_chance and day.said[ngram] >= rule.min_rise * (usual + 0.5)


def branching_freedom(beside: pd.DataFrame, ngrams: Collection[str], min_neighbours: int) -> dict[str, float]:
    """Return the smaller branching entropy of the two sides of each n-gram.

    Parameters
    ----------
    beside : DataFrame[side, ngram, neighbour, n_contacts]
        Of `ngrams.count_chains`.
    ngrams : collection of str
        What is asked about.
    min_neighbours : int
        With fewer different neighbours, both sides together, there is no freedom.

    Returns
    -------
    dict of str to float
        Bits. The edge of a clause is another neighbour each time, since nothing binds there.
    """
    neighbours: dict[tuple[str, int], list[int]] = defaultdict(list)
    n_different: dict[str, int] = defaultdict(int)
    wanted = beside[beside["ngram"].isin(list(ngrams)) & (beside["side"] != COUNT)]
    rows = zip(wanted["ngram"], wanted["side"], wanted["neighbour"], wanted["n_contacts"], strict=True)
    for ngram, side, neighbour, count in rows:
        neighbours[ngram, side] += [1] * int(count) if neighbour == EDGE else [int(count)]
        n_different[ngram] += neighbour != EDGE
    return {
        ngram: min(_entropy_bits(neighbours[ngram, side]) for side in (LEFT, RIGHT))
        if n_different[ngram] >= min_neighbours
        else 0.0
        for ngram in ngrams
    }


def _entropy_bits(counts: Sequence[int]) -> float:
    total = sum(counts)
    return math.log2(total) - sum(count * math.log2(count) for count in sorted(counts)) / total if total else 0.0


Row = tuple[str, list[str], int, float, float, float, float]


def _outermost(day: Day, rows: Sequence[Row], nested_share: float) -> list[Row]:
    """Keep one of two nested candidates: the longer if the shorter is seldom said without it, else the shorter."""
    found = {tuple(row[1]) for row in rows}
    dropped: set[tuple[str, ...]] = set()
    for longer in sorted(found, key=lambda parts: (-len(parts), parts)):
        for begin, end in _inner(longer):
            shorter = longer[begin:end]
            if shorter in found and longer not in dropped:
                dropped.add(shorter if _needs(day, longer, begin, end, nested_share) else longer)
    return [row for row in rows if tuple(row[1]) not in dropped]


def _needs(day: Day, longer: tuple[str, ...], begin: int, end: int, nested_share: float) -> bool:
    """Tell whether a part of a candidate stands for it: nearly always said in it, or half the time beside the rest.

    小辣椒面膜 is short for 呛口小辣椒面膜, and 呛口 is said nowhere else; 收到云朵床 is a name with a common verb.
    """
    n, shorter = day.said[SEPARATOR.join(longer)], day.said[SEPARATOR.join(longer[begin:end])]
    rest = [day.said[SEPARATOR.join(part)] for part in (longer[:begin], longer[end:]) if part]
    return n >= nested_share * shorter or all(2 * n >= other for other in (shorter, *rest))


def _inner(parts: tuple[str, ...]) -> list[tuple[int, int]]:
    n = len(parts)
    return [(i, j) for i in range(n) for j in range(i + 2, n + 1) if j - i < n]


def _tidy(found: pd.DataFrame) -> pd.DataFrame:
    ordered = found.sort_values(["n_contacts", "cohesion", "word"], ascending=[False, False, True])
    # Two ways to cut one word are one word: the commoner cut stands for both.
    return ordered.drop_duplicates("word").reset_index(drop=True)
