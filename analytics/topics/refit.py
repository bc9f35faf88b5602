"""Fit again where topics are known: they go on from where they lie, and nothing new appears without a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.errors import ConfigError
from analytics.topics.clustering import SphericalClusters, centroids_of
from analytics.topics.describe import Place, describe_topics
from analytics.topics.embedders import Embedder, name_of
from analytics.topics.model import TopicModel, lineage_frame
from analytics.topics.recipe import Recipe
from analytics.topics.registry import Registry
from analytics.topics.sample import Sample
from analytics.topics.splitting import parts_of

STEP = 0.03
"""How far a centroid moves towards the texts of this fit, which is how fast a topic follows what people say. Refitted
daily over four simulated weeks, .3 leaves 83 % of the contacts of the first day their topic, .08 88 % and .05 93 %."""
KNOWN = 0.85
"""Share of the repeated n-grams that the embedder must know; below it the language has moved on, and it is learnt
anew. Topics are then placed again by the texts that the old model gives them."""
KNOWN_OF_SEED = 0.8
"""The same for a new matter, whose words are what makes it one; below it they are added to what the embedder knows."""
MIN_GROUP = 0.02
"""Share of all texts that a group without a topic needs to become one, if it is as tight as topics usually are."""
MAX_OTHER = 0.2
"""From this share without a topic on, looser groups become topics too, the largest first, until it is down again."""
_N_GROUPS = 12
_ROUNDS = 3

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Wishes:
    """What a refit must keep to.

    Attributes
    ----------
    pinned : frozenset of str
        Topics that are never retired.
    splits : mapping of int to (str, int)
        Number of the decision → topic_id and number of parts; each is carried out once.
    names : frozenset of str
        Names that people gave; no new topic gets one of them.
    max_topics : int
        Beyond it the smallest topics without a pin are retired; their ids come back if they do.
    """

    pinned: frozenset[str] = frozenset()
    splits: Mapping[int, tuple[str, int]] = field(default_factory=dict)
    names: frozenset[str] = frozenset()
    max_topics: int = 120


def refit_topics(
    previous: TopicModel, texts: Sequence[str], recipe: Recipe, seeds: Sequence[Sequence[str]], wishes: Wishes
) -> TopicModel:
    """Return the topics of `previous` moved to where their texts are now, with the new ones there is a reason for.

    The reasons: a group of `seeds`, a split that a person decided, and a part without a topic that has grown beyond
    `MAX_OTHER`. Ids, labels and touchpoints of known topics stay; words follow what is said.

    Parameters are those of `fit_topics`.
    """
    embedder, renewed, previous = _embedder(previous, texts, seeds, recipe)
    sample = Sample.of(texts, embedder, recipe.tokenize, recipe.taxonomy)
    registry = Registry(previous)
    own, fits = _old_labels(previous, sample, renewed=renewed)
    centroids = _moved(previous, sample, own, renewed=renewed, embedder=embedder)
    threshold = _threshold(previous, sample.vectors @ centroids.T, fits, renewed=renewed)
    centroids = _split(registry, sample, centroids, wishes, recipe)
    found = [_centre(embedder, group) for group in seeds]
    centroids = _with_new(registry, centroids, [place for place in found if place.any()])
    groups = _large_groups(sample, centroids, threshold, recipe.seed)
    centroids = _with_new(registry, centroids, groups)
    kept = registry.within(wishes.max_topics, wishes.pinned, _sizes(sample, centroids, threshold))
    centroids = centroids[kept]
    place = Place(centroids, (sample.vectors @ centroids.T).argmax(axis=1).astype(np.int64), threshold)
    described = describe_topics(
        sample, place, embedder, recipe=recipe, kept=registry.labels(), taken=registry.taken() | wishes.names
    )
    topics = registry.described(described, embedder, centroids)
    return TopicModel(
        embedder, centroids, threshold, topics, retired=registry.retired_frame(),
        lineage=lineage_frame(registry.lineage), splits_done=frozenset(registry.splits_done),
    )  # fmt: skip


def _embedder(
    previous: TopicModel, texts: Sequence[str], seeds: Sequence[Sequence[str]], recipe: Recipe
) -> tuple[Embedder, bool, TopicModel]:
    """Return the embedder to use, whether it is a new one, and the old model in its space if it is not.

    Vectors stay comparable as long as the old embedder will do; the words of a new matter are added to it.
    """
    old = previous.embedder
    if old.knows(texts) < KNOWN or name_of(recipe.embedder_fit) != old.name:
        return recipe.embedder_fit(texts, recipe.seed, recipe.taxonomy.touchpoints_of(texts)), True, previous
    strange = [group for group in seeds if old.knows(group) < KNOWN_OF_SEED]
    if not strange:
        return old, False, previous
    embedder, places = old.extended(strange, texts)
    centroids = np.zeros((len(previous.centroids), embedder.n_dimensions), np.float32)
    centroids[:, places] = previous.centroids
    return embedder, False, replace(previous, embedder=embedder, centroids=centroids)


def _old_labels(previous: TopicModel, sample: Sample, *, renewed: bool) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return the topic that the old model gives each text, -1 for none, and whether it gives one."""
    if renewed:
        nearest, cosine = previous.nearest(sample.texts)
    else:
        cosines = sample.vectors @ previous.centroids.T
        nearest, cosine = cosines.argmax(axis=1), cosines.max(axis=1)
    fits = np.asarray(cosine >= previous.threshold)
    return np.where(fits, nearest, -1).astype(np.int64), fits


def _moved(
    previous: TopicModel, sample: Sample, own: NDArray[np.int64], *, renewed: bool, embedder: Embedder
) -> Floats:
    """Return a centroid for every known topic: a step from the old one, or anew from its texts (or else its words)."""
    means = centroids_of(sample.vectors, own, len(previous.topics))
    present = np.asarray(means.any(axis=1))[:, None]
    if not renewed:
        return _unit(previous.centroids + np.where(present, STEP * (means - previous.centroids), 0))
    words = embedder.transform([" ".join(words) for words in previous.topics["words"]])
    places = np.where(present, means, words)
    # The new space draws borders elsewhere: move the centroids until they give the texts what the old model gave.
    inside: NDArray[np.bool_] = np.greater_equal(own, 0)
    for _ in range(_ROUNDS if inside.any() else 0):
        given = (sample.vectors @ places.T).argmax(axis=1)
        missed: NDArray[np.bool_] = np.logical_and(inside, np.not_equal(given, own))
        pull = centroids_of(sample.vectors, np.where(missed, own, -1), len(places))
        push = centroids_of(sample.vectors, np.where(missed, given, -1), len(places))
        n_own = np.maximum(_counted(own, inside, len(places)), 1)
        n_missed, n_taken = _counted(own, missed, len(places)), _counted(given, missed, len(places))
        places = _unit(places + pull * np.minimum(n_missed / n_own, 0.5) - push * np.minimum(n_taken / n_own, 0.5) / 2)
    return places


def _counted(labels: NDArray[np.int64], chosen: NDArray[np.bool_], n_topics: int) -> NDArray[np.int64]:
    """Return how many of the chosen texts each topic has, shape (n_topics, 1)."""
    return np.bincount(labels[chosen], minlength=n_topics)[:, None].astype(np.int64)


def _threshold(previous: TopicModel, cosines: Floats, fits: NDArray[np.bool_], *, renewed: bool) -> float:
    """Return the old threshold, or in a new space the one that leaves the same share of texts without a topic."""
    return float(np.quantile(cosines.max(axis=1), 1 - fits.mean())) if renewed else previous.threshold


def _split(registry: Registry, sample: Sample, centroids: Floats, wishes: Wishes, recipe: Recipe) -> Floats:
    """Carry out the splits that were not yet: the largest part goes on as the topic, the others are new."""
    for decision, (topic_id, n_parts) in sorted(wishes.splits.items()):
        row = registry.row_of(topic_id)
        if decision in registry.splits_done or row is None:
            continue
        members = np.flatnonzero((sample.vectors @ centroids.T).argmax(axis=1) == row)
        texts = [sample.texts[member] for member in members.tolist()]
        try:
            parts = parts_of(texts, sample.vectors[members], n_parts, seed=recipe.seed, tokenize=recipe.tokenize)
        except ConfigError:
            continue  # too few texts for now; the decision still holds at the next fit
        places = [_unit(sample.vectors[members[list(part.members)]].mean(axis=0)[None])[0] for part in parts]
        centroids = np.vstack([centroids, *(place[None] for place in places[1:])])
        centroids[row] = places[0]
        registry.split(decision, row, len(parts) - 1)
    return centroids


def _centre(embedder: Embedder, texts: Sequence[str]) -> Floats:
    vectors = embedder.transform(list(texts))
    known = vectors[vectors.any(axis=1)]
    centre: Floats = _unit(known.mean(axis=0)[None])[0] if len(known) else np.zeros(vectors.shape[1], np.float32)
    return centre


def _with_new(registry: Registry, centroids: Floats, places: Sequence[Floats]) -> Floats:
    for _ in places:
        registry.add()
    return np.vstack([centroids, *(place[None] for place in places)]) if places else centroids


def _sizes(sample: Sample, centroids: Floats, threshold: float) -> NDArray[np.int64]:
    cosines = sample.vectors @ centroids.T
    inside = cosines.max(axis=1) >= threshold
    return np.bincount(cosines.argmax(axis=1)[inside], minlength=len(centroids)).astype(np.int64)


def _large_groups(sample: Sample, centroids: Floats, threshold: float, seed: int) -> list[Floats]:
    """Return the centres of large groups without a topic: tight ones, and others where these texts are too many."""
    cosines = sample.vectors @ centroids.T
    nearest = cosines.max(axis=1)
    outside = np.flatnonzero(nearest < threshold)
    n_least = max(int(MIN_GROUP * len(sample.texts)), 4)
    if len(outside) < n_least:
        return []
    vectors = sample.vectors[outside]
    clusters = SphericalClusters(_N_GROUPS, seed=seed, min_size=n_least).fit(vectors)
    usual = float(np.median(nearest[nearest >= threshold]))
    own = np.einsum("ij,ij->i", vectors, clusters.centroids_[clusters.labels_])
    found: list[Floats] = []
    n_left = len(outside)
    for row, centre in enumerate(clusters.centroids_):
        members = own[clusters.labels_ == row]
        n_near = int((members >= threshold).sum())
        is_tight = float(np.median(members)) >= usual
        if n_near >= n_least and (is_tight or n_left > MAX_OTHER * len(sample.texts)):
            found.append(centre)
            n_left -= n_near
    return found


def _unit(rows: Any) -> Floats:
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(norms, 1e-12), dtype=np.float32)
