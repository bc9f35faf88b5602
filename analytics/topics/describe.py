"""What topics are called: words by c-TF-IDF, a label, a touchpoint, and the topic that lies next in the hierarchy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.text.lexicons import load_stop_words
from analytics.topics.bertopic_words import weigh_words
from analytics.topics.candidates import TopicTexts, candidates_of
from analytics.topics.embedders import Embedder
from analytics.topics.labels import name_topics
from analytics.topics.recipe import Recipe
from analytics.topics.sample import Sample
from analytics.topics.words import diverse_words, said_often, telling

_TYPICAL = 300
_SHARE_OF_TOLD, _SHARE_OF_ALL = 1 / 3, 0.1
"""Shares of a topic's texts that a touchpoint needs to be the topic's."""
_SENTENCES, _PHRASES = 8, 12


@dataclass(frozen=True)
class Place:
    """Where topics lie: a centroid a topic, the topic of each text of the sample, and from which cosine it counts."""

    centroids: NDArray[np.float32]
    labels: NDArray[np.int64]
    threshold: float


@dataclass(frozen=True)
class Description:
    """Of each topic: telling words, the label, the touchpoint, and the row of its sibling; in the order of `Place`."""

    words: list[list[str]]
    labels: list[str]
    touchpoints: list[str | None]
    siblings: list[int | None]


def describe_topics(
    sample: Sample,
    place: Place,
    embedder: Embedder,
    *,
    recipe: Recipe,
    kept: Mapping[int, str] | None = None,
    taken: frozenset[str] = frozenset(),
) -> Description:
    """Describe every topic.

    Parameters
    ----------
    sample : Sample
    place : Place
    embedder : Embedder
    recipe : Recipe
        Its taxonomy knows names of matters; its namer, if any, names the topics that have no label yet.
    kept : mapping of int to str, optional
        Labels that topics have already, by row; they stay, and no other topic gets one of them.
    taken : frozenset of str
        Other labels that no topic may get.
    """
    stop_words, terms, namer = load_stop_words(), recipe.taxonomy.terms, recipe.namer
    bags = [telling((word for words in clauses for word in words), stop_words) for clauses in sample.documents]
    weighed, siblings = weigh_words(bags, sample.vectors, place.labels, len(place.centroids))
    cosines = np.einsum("ij,ij->i", sample.vectors, place.centroids[place.labels])
    words = [
        diverse_words(said_often(scored, [bags[text] for text in np.flatnonzero(place.labels == topic)]), embedder)
        for topic, scored in enumerate(weighed)
    ]
    topics: list[TopicTexts] = []
    touchpoints: list[str | None] = []
    typical: list[list[int]] = []
    for topic, centroid in enumerate(place.centroids):
        members = np.flatnonzero((place.labels == topic) & (cosines >= place.threshold))
        nearest = members[np.argsort(-cosines[members], kind="stable")][:_TYPICAL].tolist()
        places = [sample.touchpoints[member] for member in members.tolist()]
        topics.append(TopicTexts([sample.documents[member] for member in nearest], words[topic], centroid, places))
        touchpoints.append(usual_touchpoint(places))
        typical.append(nearest)
    held = dict(kept or {})
    used = taken | frozenset(held.values())
    labels = name_topics(topics, embedder, stop_words, terms=terms, taken=used)
    named = [held.get(topic, label) for topic, label in enumerate(labels)]
    if namer is not None:
        options = candidates_of(topics, embedder, stop_words, terms.keys())
        for topic in (topic for topic in range(len(labels)) if topic not in held):
            phrases = [option.phrase for option in options[topic][:_PHRASES]]
            sentences = [sample.texts[member] for member in typical[topic][:_SENTENCES]]
            own = namer.label(labels[topic], words[topic], phrases, sentences)
            if own not in used and own not in named:
                named[topic] = own
    return Description(words, named, touchpoints, siblings)


def usual_touchpoint(places: Sequence[str | None]) -> str | None:
    """Return the commonest touchpoint if it holds enough of the texts with a touchpoint, and of all texts."""
    told = Counter(place for place in places if place is not None)
    if not told:
        return None
    best, n_best = min(told.items(), key=lambda item: (-item[1], item[0]))
    return best if n_best >= _SHARE_OF_TOLD * told.total() and n_best >= _SHARE_OF_ALL * len(places) else None
