"""Name topics as a person would: by the phrase of its own texts that stands for them best."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.topics.embed import CharLsa
from analytics.topics.phrases import Clauses, count_phrases

MIN_DOCUMENTS = 2
_CANDIDATES = 200
_IDEAL_LENGTH = 5.0


@dataclass(frozen=True)
class TopicTexts:
    """What naming needs to know of one topic: its typical texts in words, its words, its centre, its touchpoint."""

    documents: Sequence[Clauses]
    words: Sequence[str]
    centroid: NDArray[np.float32]
    touchpoint: str | None


def name_topics(
    topics: Sequence[TopicTexts], embedder: CharLsa, stop_words: frozenset[str], taken: frozenset[str] = frozenset()
) -> list[str]:
    """Return one label a topic, all different and none of `taken`.

    A phrase is scored by the product of its likeness to the topic's centre (cosine), how many of the topic's typical
    texts hold it, how much of its use is in this topic, and a mild preference for about five characters. The best pair
    of topic and phrase over all topics is given first, so that a phrase names the topic it fits best. A topic without
    a phrase said twice is named by its two best words, or by its touchpoint.

    Parameters
    ----------
    topics : sequence of TopicTexts
    embedder : CharLsa
    stop_words : frozenset of str
    taken : frozenset of str
        Labels of other topics.
    """
    counts = [count_phrases(topic.documents, stop_words) for topic in topics]
    everywhere: Counter[str] = Counter()
    for count in counts:
        everywhere.update(count)
    ranked = [_ranked(topic, count, everywhere, embedder) for topic, count in zip(topics, counts, strict=True)]
    pairs = sorted(
        ((score, place, phrase) for place, phrases in enumerate(ranked) for phrase, score in phrases),
        key=lambda pair: (-pair[0], pair[1], pair[2]),
    )
    used, labels = set(taken), dict[int, str]()
    for _, place, phrase in pairs:
        if place not in labels and not any(_same(phrase, other) for other in used):
            labels[place] = phrase
            used.add(phrase)
    for place, topic in enumerate(topics):
        if place not in labels:
            labels[place] = _plain_name(topic, place, used)
            used.add(labels[place])
    return [labels[place] for place in range(len(topics))]


def _ranked(
    topic: TopicTexts, counts: Counter[str], everywhere: Counter[str], embedder: CharLsa
) -> list[tuple[str, float]]:
    frequent = sorted(
        (phrase for phrase, n_documents in counts.items() if n_documents >= MIN_DOCUMENTS),
        key=lambda phrase: (-(counts[phrase] ** 2) / everywhere[phrase], phrase),
    )[:_CANDIDATES]
    if not frequent:
        return []
    likeness = embedder.transform(frequent) @ topic.centroid
    size = max(len(topic.documents), 1)
    scored = []
    for phrase, cosine in zip(frequent, likeness, strict=True):
        n_documents = counts[phrase]
        coverage = (n_documents / size) ** 0.5
        purity = math.sqrt(n_documents / everywhere[phrase])
        length = math.exp(-(((len(phrase) - _IDEAL_LENGTH) / 2.5) ** 2))
        scored.append((phrase, max(float(cosine), 0.0) * coverage * purity * length))
    return sorted(scored, key=lambda item: (-item[1], item[0]))[:30]


def _same(one: str, other: str) -> bool:
    """Tell whether two names would be taken for each other: same letters, or one within the other."""
    return (
        one == other
        or sorted(one) == sorted(other)
        or (min(len(one), len(other)) >= 4 and (one in other or other in one))
    )


def _plain_name(topic: TopicTexts, place: int, used: set[str]) -> str:
    options = ["、".join(topic.words[:n]) for n in (2, 3, 4) if len(topic.words) >= n]
    if topic.touchpoint:
        options = [*options[:1], topic.touchpoint, *options[1:]]
    options += [f"{(topic.words or ['话题'])[0]}（{number}）" for number in range(place + 1, place + 50)]
    return next(option for option in options if option not in used)
