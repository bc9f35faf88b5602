"""Name topics as a person would: by the phrase of its own texts that stands for them best."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.topics.embed import CharLsa
from analytics.topics.phrases import Clauses, phrases_in

MIN_DOCUMENTS = 2
MIN_SAID = 0.04
"""Share of a topic's typical texts below which a phrase is one template or one turn of speech, not its name."""
SEED_BONUS = 1.5
"""A phrase that holds a seed of the taxonomy was written by a person to name a matter."""
_IDEAL_LENGTH, _LENGTH_SPREAD = 5.0, 2.5
_CANDIDATES = 200


@dataclass(frozen=True)
class TopicTexts:
    """What naming needs of one topic: its typical texts in words, its words, its centre, its touchpoint if sure."""

    documents: Sequence[Clauses]
    words: Sequence[str]
    centroid: NDArray[np.float32]
    touchpoint: str | None


def name_topics(
    topics: Sequence[TopicTexts],
    embedder: CharLsa,
    stop_words: frozenset[str],
    *,
    seeds: Iterable[str] = (),
    taken: frozenset[str] = frozenset(),
) -> list[str]:
    """Return one label a topic, all different and none of `taken`.

    A phrase is scored by the product of its likeness to the topic's centre (cosine), the telling power of its words
    (share of the topic's typical texts with the word, times the logarithm of how much commoner it is there), the root
    of how many of these texts hold the phrase, how much of its use is in this topic, and a preference for about five
    characters. The best pair of topic and phrase over all topics is given first, so that a phrase names the topic it
    fits best. Where even that phrase stands in few of the texts (under 4 %), the topic is called by its touchpoint, if
    no other topic is; a topic without a phrase said twice by its two best words.

    Parameters
    ----------
    topics : sequence of TopicTexts
    embedder : CharLsa
    stop_words : frozenset of str
    seeds : iterable of str
        Phrases of the taxonomy; they are preferred.
    taken : frozenset of str
        Labels of other topics.
    """
    found = [_Said.of(topic, stop_words) for topic in topics]
    everywhere = sum((said.phrases for said in found), Counter[str]())
    everyword = sum((said.words for said in found), Counter[str]())
    n_texts = sum(len(topic.documents) for topic in topics)
    is_seed = tuple(seed for seed in seeds if len(seed) > 1)
    pairs: list[tuple[float, int, str]] = []
    for place, (topic, said) in enumerate(zip(topics, found, strict=True)):
        phrases = said.frequent(everywhere)
        size = len(topic.documents)
        likeness = embedder.transform(phrases) @ topic.centroid if phrases else ()
        for phrase, cosine in zip(phrases, likeness, strict=True):
            n_said = said.phrases[phrase]
            matter = [word for word in said.parts[phrase] if word not in stop_words]
            telling = sum(_power(said.words[word] / size, everyword[word] / n_texts) for word in matter)
            score = max(float(cosine), 0.0) * telling / math.sqrt(max(len(matter), 1))
            score *= math.sqrt(n_said / size * n_said / everywhere[phrase]) * _length_preference(phrase)
            pairs.append((-score * (SEED_BONUS if any(seed in phrase for seed in is_seed) else 1.0), place, phrase))
    labels = _given(sorted(pairs), topics, set(taken))
    for place, (topic, said) in enumerate(zip(topics, found, strict=True)):
        is_rare = said.phrases[labels[place]] < MIN_SAID * len(topic.documents)
        if is_rare and topic.touchpoint and topic.touchpoint not in (*labels, *taken):
            labels[place] = topic.touchpoint
    return labels


@dataclass(frozen=True)
class _Said:
    """Phrases and words of a topic, with the number of its typical texts that hold each."""

    phrases: Counter[str]
    words: Counter[str]
    parts: dict[str, tuple[str, ...]]

    @classmethod
    def of(cls, topic: TopicTexts, stop_words: frozenset[str]) -> _Said:
        said = cls(Counter(), Counter(), {})
        for clauses in topic.documents:
            phrases = phrases_in(clauses, stop_words)
            said.phrases.update(phrases.keys())
            said.parts.update(phrases)
            said.words.update({word for part in clauses for word in part})
        return said

    def frequent(self, everywhere: Counter[str]) -> list[str]:
        """Return the phrases said in two texts or more, at most 200, those most of this topic first."""
        twice = [phrase for phrase, n_said in self.phrases.items() if n_said >= MIN_DOCUMENTS]
        return sorted(twice, key=lambda phrase: (-(self.phrases[phrase] ** 2) / everywhere[phrase], phrase))[
            :_CANDIDATES
        ]


def _power(here: float, everywhere: float) -> float:
    """Return how much a word tells: its share of the topic's texts, times the log of how much commoner it is here."""
    return here * max(math.log(here / everywhere), 0.0) if here > 0 else 0.0


def _length_preference(phrase: str) -> float:
    return math.exp(-(((len(phrase) - _IDEAL_LENGTH) / _LENGTH_SPREAD) ** 2))


def _given(pairs: Sequence[tuple[float, int, str]], topics: Sequence[TopicTexts], used: set[str]) -> list[str]:
    """Give the best pairs first, each topic one label and each label one topic."""
    labels: dict[int, str] = {}
    for _, place, phrase in pairs:
        if place not in labels and not any(_same(phrase, other) for other in used):
            labels[place] = phrase
            used.add(phrase)
    for place, topic in enumerate(topics):
        if place not in labels:
            labels[place] = _plain_name(topic, place, used)
            used.add(labels[place])
    return [labels[place] for place in range(len(topics))]


def _same(one: str, other: str) -> bool:
    """Tell whether two names would be taken for each other: same letters, or one within the other."""
    within = min(len(one), len(other)) >= 4 and (one in other or other in one)
    return sorted(one) == sorted(other) or within


def _plain_name(topic: TopicTexts, place: int, used: set[str]) -> str:
    options = ["、".join(topic.words[:n]) for n in (2, 3, 4) if len(topic.words) >= n]
    if topic.touchpoint:
        options = [*options[:1], topic.touchpoint, *options[1:]]
    options += [f"{(topic.words or ['话题'])[0]}（{number}）" for number in range(place + 1, place + 50)]
    return next(option for option in options if option not in used)
