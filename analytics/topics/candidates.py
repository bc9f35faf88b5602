"""What a topic's typical texts say: the phrases that would do as its name, and how well each tells it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.topics.embedders.protocol import Embedder
from analytics.topics.namelike import is_namelike
from analytics.topics.phrases import Clauses, phrases_in

MIN_DOCUMENTS = 2
MAX_LENGTH = 6
"""Longest phrase in a label, in characters: with a touchpoint before it a label has 11."""
TERM_BONUS = 1.5
"""A term of the taxonomy was written by a person to name a matter."""
WHOLE_SHARE = 0.5
"""A word is told by the longer phrase around it (停滞 by 物流停滞) if that is said at least this often beside it."""
_CANDIDATES = 300


@dataclass(frozen=True)
class TopicTexts:
    """What naming needs of one topic: its typical texts, its words, its centre, and the touchpoint of every member."""

    documents: Sequence[Clauses]
    words: Sequence[str]
    centroid: NDArray[np.float32]
    touchpoints: Sequence[str | None]


@dataclass(frozen=True)
class Candidate:
    """A phrase, the share of the topic's typical texts with it, and the part of its use that is in this topic."""

    phrase: str
    share: float
    own: float
    score: float


def candidates_of(
    topics: Sequence[TopicTexts], embedder: Embedder, stop_words: frozenset[str], terms: Collection[str]
) -> list[list[Candidate]]:
    """Return the name-like phrases of each topic, best first.

    The score is the likeness to the topic's centre (cosine) times the root of share and own part, with a bonus for
    terms of the taxonomy. A phrase said in one text only is left out.
    """
    said = [_said(topic, stop_words, terms) for topic in topics]
    everywhere = sum(said, Counter[str]())
    found = []
    for topic, mine in zip(topics, said, strict=True):
        twice = [phrase for phrase, n_texts in mine.items() if n_texts >= MIN_DOCUMENTS]
        phrases = sorted(twice, key=lambda phrase: (-(mine[phrase] ** 2) / everywhere[phrase], phrase))[:_CANDIDATES]
        cosines = embedder.transform(phrases) @ topic.centroid if phrases else ()
        options = []
        for phrase, cosine in zip(phrases, cosines, strict=True):
            share, own = mine[phrase] / len(topic.documents), mine[phrase] / everywhere[phrase]
            score = max(float(cosine), 0.0) * math.sqrt(share * own) * (TERM_BONUS if phrase in terms else 1.0)
            options.append(Candidate(phrase, share, own, score))
        found.append(_wholes(sorted(options, key=lambda option: (-option.score, option.phrase))))
    return found


def _said(topic: TopicTexts, stop_words: frozenset[str], terms: Collection[str]) -> Counter[str]:
    """Return the number of typical texts with each name-like phrase."""
    counts: Counter[str] = Counter()
    known: dict[tuple[str, ...], bool] = {}
    for clauses in topic.documents:
        for phrase, run in phrases_in(clauses, stop_words).items():
            if run not in known:
                known[run] = len(phrase) <= MAX_LENGTH and is_namelike(run, terms)
            if known[run]:
                counts[phrase] += 1
    return counts


def _wholes(options: Sequence[Candidate]) -> list[Candidate]:
    """Put the longer phrase in the place of a part of it, where the part is seldom said without it."""
    found: list[Candidate] = []
    for option in options:
        wider = (
            other for other in options if option.phrase in other.phrase and other.share >= WHOLE_SHARE * option.share
        )
        best = max(wider, key=lambda other: (len(other.phrase), other.share, other.phrase))
        if all(best.phrase != other.phrase for other in found):
            found.append(best)
    return found
