"""Find topics in texts: embed, cluster, let BERTopic weigh the words, name, and keep the ids of the fit before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeGuard

import numpy as np
from numpy.typing import NDArray

from analytics.errors import EmptyInputError
from analytics.text.lexicons import load_stop_words
from analytics.topics.bertopic_words import weigh_words
from analytics.topics.candidates import TopicTexts
from analytics.topics.clustering import OVER, OVER_AGAIN, SphericalClusters, centroids_of
from analytics.topics.embedders import Embedder, EmbedderFit, char_lsa
from analytics.topics.labels import name_topics
from analytics.topics.model import TopicModel, topic_frame
from analytics.topics.phrases import Clauses, clauses_of
from analytics.topics.registry import carry_over
from analytics.topics.taxonomy import Taxonomy
from analytics.topics.words import diverse_words, telling

MIN_TEXTS = 30
"""Fewer different texts than this make no topics: what would be found is chance."""
TOPICS_BY_ROOT = 1.6
"""At most the root of the number of texts over this: 4 topics for 60 texts, 13 for 500, 24 from 1,500 on."""
OTHER_SHARE = 0.12
"""Share of the fitted texts that is left without a topic: those least like their nearest one. The threshold stays
fixed after the fit, so a share that grows later says that people have begun to talk of something else."""
_TYPICAL = 300
_SHARE_OF_TOLD, _SHARE_OF_ALL = 1 / 3, 0.1
"""Shares of a topic's texts that a touchpoint needs to be the topic's."""

Floats = NDArray[np.float32]


def fit_topics(  # noqa: PLR0913 - each is a choice of its own, all but the texts by name
    texts: Sequence[str],
    *,
    n_topics: int,
    seed: int,
    tokenize: Callable[[str], list[str]],
    taxonomy: Taxonomy,
    previous: TopicModel | None = None,
    embedder_fit: EmbedderFit = char_lsa,
) -> TopicModel:
    """Find topics in texts.

    The embedder is learnt anew at every fit, so that new words count; the taxonomy tells it which words are about a
    matter, and gives the clusters places to start from. A refit starts from the places where the topics
    of `previous` lie among the new texts, and gives an id and label again to the topic that holds the same texts.

    Parameters
    ----------
    texts : sequence of str
        Documents as `contact_documents` makes them, some 60 to 20,000; empty and repeated ones are left out.
    n_topics : int
        Upper bound; like topics are merged and tiny ones dissolved.
    seed : int
        The same texts and seed give the same model, byte for byte.
    tokenize : callable
        Cuts a text into words.
    taxonomy : Taxonomy
        Tells the touchpoint of a text.
    previous : TopicModel, optional
        The model in use.
    embedder_fit : callable
        Learns the embedder; `make_embedder` gives one by name.

    Returns
    -------
    TopicModel
        Without topics, and with a `note` that says why, if there are fewer than 30 different texts; `previous`
        unchanged in that case, if there is one.

    Notes
    -----
    Importing BERTopic takes 8 to 15 s, once a process; the fit of 20,000 texts takes about half a minute on one core.
    """
    distinct = sorted({text.strip() for text in texts if text and text.strip()})
    if len(distinct) < MIN_TEXTS:
        return previous or TopicModel.empty(f"{len(distinct)} different texts; topics need {MIN_TEXTS}")
    touchpoints = taxonomy.touchpoints_of(distinct)
    try:
        embedder = embedder_fit(distinct, seed, touchpoints)
    except EmptyInputError as error:
        return previous or TopicModel.empty(str(error))
    sample = _sample(distinct, touchpoints, embedder, tokenize)
    clusters = SphericalClusters(
        max(2, min(n_topics, int(len(sample.texts) ** 0.5 / TOPICS_BY_ROOT))),
        seed=seed,
        start=_previous_places(previous, sample) if _has_topics(previous) else _touchpoint_places(sample),
        min_size=max(4, len(sample.texts) // 400),
        over=OVER_AGAIN if _has_topics(previous) else OVER,
    )
    words = _words(sample, clusters, embedder)
    model = _described(sample, clusters, embedder, words, taxonomy.terms)
    return carry_over(previous, model, sample.texts) if _has_topics(previous) else model


@dataclass(frozen=True)
class _Sample:
    """Different texts, their vectors, touchpoints, and words by clause: four sequences of one length."""

    texts: Sequence[str]
    vectors: Floats
    touchpoints: Sequence[str | None]
    documents: Sequence[Clauses]


def _sample(
    texts: Sequence[str], touchpoints: Sequence[str | None], embedder: Embedder, tokenize: Callable[[str], list[str]]
) -> _Sample:
    """Return what the embedder knows something of."""
    vectors = embedder.transform(texts)
    known = np.flatnonzero(vectors.any(axis=1)).tolist()
    kept = [texts[place] for place in known]
    return _Sample(
        kept, vectors[known], [touchpoints[place] for place in known], [clauses_of(text, tokenize) for text in kept]
    )


def _has_topics(model: TopicModel | None) -> TypeGuard[TopicModel]:
    return model is not None and len(model.topics) > 0


def _previous_places(previous: TopicModel, sample: _Sample) -> Floats:
    """Return where the previous topics lie among the new vectors: the centres of the texts the old model gives them."""
    nearest, similarity = previous.nearest(sample.texts)
    fits = similarity >= previous.threshold
    places = centroids_of(sample.vectors[fits], nearest[fits], len(previous.topics))
    return places[places.any(axis=1)]


def _touchpoint_places(sample: _Sample) -> Floats:
    """Return the centres of the texts of each touchpoint that has enough, commonest first."""
    told = Counter(touchpoint for touchpoint in sample.touchpoints if touchpoint is not None)
    enough = max(MIN_TEXTS, len(sample.texts) // 200)
    names = [name for name, n_texts in sorted(told.items(), key=lambda item: (-item[1], item[0])) if n_texts >= enough]
    row = {name: place for place, name in enumerate(names)}
    labels = [row.get(touchpoint or "", -1) for touchpoint in sample.touchpoints]
    return centroids_of(sample.vectors, labels, len(names))


def _words(sample: _Sample, clusters: SphericalClusters, embedder: Embedder) -> list[list[str]]:
    """Cluster, and return the telling words of each cluster."""
    stop_words = load_stop_words()
    bags = [telling((word for words in clauses for word in words), stop_words) for clauses in sample.documents]
    return [diverse_words(scored, embedder) for scored in weigh_words(bags, sample.vectors, clusters)]


def _described(
    sample: _Sample,
    clusters: SphericalClusters,
    embedder: Embedder,
    words: Sequence[Sequence[str]],
    terms: Mapping[str, frozenset[str]],
) -> TopicModel:
    """Set the threshold, and give every cluster an id, a label and a touchpoint."""
    cosines = np.einsum("ij,ij->i", sample.vectors, clusters.centroids_[clusters.labels_])
    threshold = float(np.quantile(cosines, OTHER_SHARE))
    topics: list[TopicTexts] = []
    touchpoints: list[str | None] = []
    for topic, centroid in enumerate(clusters.centroids_):
        members = np.flatnonzero((clusters.labels_ == topic) & (cosines >= threshold))
        typical = members[np.argsort(-cosines[members], kind="stable")][:_TYPICAL].tolist()
        places = [sample.touchpoints[member] for member in members.tolist()]
        topics.append(TopicTexts([sample.documents[member] for member in typical], words[topic], centroid, places))
        touchpoints.append(_touchpoint(places))
    labels = name_topics(topics, embedder, load_stop_words(), terms=terms)
    rows = [
        (f"t{number:03d}", label, list(words_of), touchpoint)
        for number, (label, words_of, touchpoint) in enumerate(zip(labels, words, touchpoints, strict=True), start=1)
    ]
    return TopicModel(embedder, clusters.centroids_, threshold, topic_frame(rows))


def _touchpoint(places: Sequence[str | None]) -> str | None:
    """Return the commonest touchpoint if it holds enough of the texts with a touchpoint, and of all texts."""
    told = Counter(place for place in places if place is not None)
    if not told:
        return None
    best, n_best = min(told.items(), key=lambda item: (-item[1], item[0]))
    return best if n_best >= _SHARE_OF_TOLD * told.total() and n_best >= _SHARE_OF_ALL * len(places) else None
