"""Group unit vectors: k-means into three times as many clusters, spherical k-means, then the nearest merged."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from threadpoolctl import threadpool_limits

Floats = NDArray[np.float32]
Labels = NDArray[np.int64]

MERGE_COSINE = 0.6
"""Centroids nearer than this say the same. In centred LSA, centroids of different topics lie below .4."""
SIZE_POWER = 0.1
"""A merge costs (1 - cosine) times this power of n m / (n + m). 1 is Ward's rule, which joins small matters with
whatever lies near; 0 looks at the cosine alone and lets one topic swallow others. On 22,304 simulated contacts, three
seeds: NMI .85, .84, .85 with 0.1 and five small matters all apart; .84, .85, .83 with 0 and .84, .83, .83 with 0.5, and
one or two of them mixed with others."""
OVER = 3
"""Clusters made for one that is wanted. Merging the nearest then keeps a small matter apart from big ones: a topic of
1.2 % of the texts has a precision of .94 or more in each of 7 samples with 24 and with 30 topics. With 2 in the place
of 3 it shared its topic with another matter in 4 of these 14 fits (precision .5); NMI of the whole was .004 higher."""
OVER_FEW, _ENOUGH = 2, 100
"""The same with fewer texts than `_ENOUGH` for each wanted topic, where a third cluster splits a matter by product."""
LOOSE = 0.6
"""A cluster whose members are less like its centre than this part of the median cluster is no topic: a remainder."""
_ROUNDS = 20


class SphericalClusters:
    """A clusterer with the face of scikit-learn's (`fit`, `predict`, `labels_`).

    K-means on unit vectors, finished by spherical k-means (assign by cosine, centroids normalised). The finish matters:
    on 8,000 shop reviews with 7 categories it raised ARI from .28 to .39 and purity from .63 to .69, and HDBSCAN, which
    BERTopic brings, leaves a quarter or more of short texts without a topic.

    Parameters
    ----------
    n_clusters : int
        Upper bound.
    seed : int
        Seed of k-means.
    start : float32, shape (n_start, n_dimensions), optional
        Centroids to start from; missing ones are placed where texts are far from all of these.
    min_size : int
        A smaller cluster is dissolved into its neighbours.
    over : int
        Clusters made for one that is wanted.
    """

    def __init__(
        self, n_clusters: int, *, seed: int, start: Floats | None = None, min_size: int = 5, over: int = OVER
    ) -> None:
        self.n_clusters = n_clusters
        self.seed = seed
        self.start = start
        self.min_size = min_size
        self.over = over
        self.labels_: Labels = np.zeros(0, np.int64)
        self.centroids_: Floats = np.zeros((0, 0), np.float32)

    def fit(self, vectors: Floats, y: object = None) -> SphericalClusters:
        """Cluster the rows; `labels_` and `centroids_` (largest cluster first) hold the result."""
        with threadpool_limits(limits=1):
            centroids = _refine(vectors, self._first(vectors))
            centroids = _refine(vectors, _without_small(vectors, centroids, self.min_size))
            centroids = _merge(vectors, centroids, self.n_clusters)
            centroids = _refine(vectors, _without_small(vectors, centroids, self.min_size))
            centroids = _without_loose(vectors, centroids)
            labels = _nearest(vectors, centroids)
        order = np.argsort(-np.bincount(labels, minlength=len(centroids)), kind="stable")
        self.centroids_ = centroids[order]
        self.labels_ = np.argsort(order)[labels]
        return self

    def predict(self, vectors: Floats) -> Labels:
        """Return the nearest cluster of each row."""
        return _nearest(vectors, self.centroids_)

    def _first(self, vectors: Floats) -> Floats:
        over = self.over if len(vectors) >= _ENOUGH * self.n_clusters else min(self.over, OVER_FEW)
        n_clusters = min(over * self.n_clusters, max(len(vectors) // 2, 1))
        if self.start is None or len(self.start) == 0:
            fitted = KMeans(n_clusters, n_init=3, random_state=self.seed).fit(vectors)
            return _unit(fitted.cluster_centers_)
        start = self.start[:n_clusters]
        n_more = n_clusters - len(start)
        if n_more > 0:
            far = vectors[np.argsort((vectors @ start.T).max(axis=1), kind="stable")[: max(len(vectors) // 3, n_more)]]
            more = KMeans(n_more, n_init=3, random_state=self.seed).fit(far)
            start = np.vstack([start, _unit(more.cluster_centers_)])
        return start.astype(np.float32)


def centroids_of(vectors: Floats, labels: Sequence[int] | Labels, n_clusters: int) -> Floats:
    """Return the unit mean of each cluster's rows, shape (n_clusters, n_dimensions); zeros for an empty cluster."""
    sums = np.zeros((n_clusters, vectors.shape[1]), np.float64)
    labels = np.asarray(labels)
    for cluster in range(n_clusters):
        sums[cluster] = vectors[labels == cluster].sum(axis=0, dtype=np.float64)
    return _unit(sums)


def _refine(vectors: Floats, centroids: Floats) -> Floats:
    labels = _nearest(vectors, centroids)
    for _ in range(_ROUNDS):
        moved = centroids_of(vectors, labels, len(centroids))
        empty = ~moved.any(axis=1)
        moved[empty] = centroids[empty]
        again = _nearest(vectors, moved)
        centroids, same, labels = moved, bool((again == labels).all()), again
        if same:
            break
    return centroids


def _merge(vectors: Floats, centroids: Floats, n_clusters: int) -> Floats:
    """Join the pair that costs least until there are `n_clusters` at most and no pair is nearer than MERGE_COSINE."""
    labels = _nearest(vectors, centroids)
    while len(centroids) > 2:
        cosines = centroids @ centroids.T
        sizes = np.bincount(labels, minlength=len(centroids)).astype(np.float64)
        both = sizes[:, None] * sizes / np.maximum(sizes[:, None] + sizes, 1)
        cost = (1 - cosines) * both**SIZE_POWER
        cost[np.tril_indices(len(cost))] = np.inf
        first, second = (int(place) for place in np.unravel_index(int(cost.argmin()), cost.shape))
        if len(centroids) <= n_clusters:
            cosines[np.tril_indices(len(cosines))] = -2.0
            first, second = (int(place) for place in np.unravel_index(int(cosines.argmax()), cosines.shape))
            if cosines[first, second] < MERGE_COSINE:
                break
        labels = np.where(labels == second, first, labels)
        labels = np.where(labels > second, labels - 1, labels)
        centroids = centroids_of(vectors, labels, len(centroids) - 1)
    return centroids


def _without_small(vectors: Floats, centroids: Floats, min_size: int) -> Floats:
    sizes = np.bincount(_nearest(vectors, centroids), minlength=len(centroids))
    kept = centroids[sizes >= min_size]
    return kept if len(kept) else centroids[[int(sizes.argmax())]]


def _without_loose(vectors: Floats, centroids: Floats) -> Floats:
    """Leave out what k-means must put somewhere: clusters of texts that are like nothing, themselves included."""
    labels = _nearest(vectors, centroids)
    cosines = np.einsum("ij,ij->i", vectors, centroids[labels])
    sizes = np.maximum(np.bincount(labels, minlength=len(centroids)), 1)
    tightness = np.bincount(labels, weights=cosines, minlength=len(centroids)) / sizes
    return centroids[tightness >= LOOSE * np.median(tightness)]


def _nearest(vectors: Floats, centroids: Floats) -> Labels:
    return np.asarray(np.argmax(vectors @ centroids.T, axis=1), dtype=np.int64)


def _unit(rows: NDArray[np.floating]) -> Floats:
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(norms, 1e-12), dtype=np.float32)
