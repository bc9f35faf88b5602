"""Where vectors lie on the map of who is near whom: the leading eigenvectors of the graph of nearest neighbours."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags
from scipy.sparse.linalg import eigsh
from threadpoolctl import threadpool_limits

N_NEIGHBOURS = 15
_BLOCK = 1_000
_TOLERANCE = 1e-3

Floats = NDArray[np.float32]


def spectral_places(vectors: Floats, n_dimensions: int, n_neighbours: int = N_NEIGHBOURS) -> Floats:
    """Return unit vectors, float32, shape (n, n_dimensions), in which k-means cuts the graph of neighbours [1]_.

    Where topics are no balls, k-means on the vectors themselves cuts through them. With multilingual-e5-small and 7
    clusters, shop reviews have NMI .39 by k-means, .50 so and .50 to .51 by UMAP and k-means, which takes fifteen
    times as long; headlines have .34, .34 and .34.

    Parameters
    ----------
    vectors : float32, shape (n, any)
        Unit vectors. Neighbours are the rows with the highest cosine, weighted by it.
    n_dimensions : int
        As many as clusters are wanted.
    n_neighbours : int

    References
    ----------
    .. [1] A. Ng, M. Jordan, Y. Weiss, "On spectral clustering: analysis and an algorithm", NIPS 2001.
    """
    n_near = min(n_neighbours, len(vectors) - 1)
    n_found = min(n_dimensions, len(vectors) - 2)
    if n_near < 1 or n_found < 2:
        return vectors
    with threadpool_limits(limits=1):
        near, weight = _nearest(vectors, n_near)
        rows = np.repeat(np.arange(len(vectors)), n_near)
        graph = csr_matrix((weight.ravel(), (rows, near.ravel())), shape=(len(vectors), len(vectors)))
        graph = graph.maximum(graph.T)
        scale = diags(np.maximum(np.asarray(graph.sum(axis=1)).ravel(), 1e-9) ** -0.5)
        # A fixed start: the same vectors give the same places.
        _, places = eigsh(scale @ graph @ scale, k=n_found, which="LA", v0=np.ones(len(vectors)), tol=_TOLERANCE)
    return np.asarray(places / np.maximum(np.linalg.norm(places, axis=1, keepdims=True), 1e-12), dtype=np.float32)


def within_whitening(vectors: Floats, labels: NDArray[np.int64], shrink: float = 0.1) -> tuple[Floats, Floats]:
    """Return the mean (d,) and a matrix (d, d) after which clusters are round: linear discriminant analysis [2]_.

    The nearest centre of ``(vectors - mean) @ matrix`` is then as good a guess of the cluster as any linear one. Given
    the labels of spectral clustering, nearest centres have NMI .43 on the shop reviews above as the vectors are, and
    .50 so; .50 and .59 of the 85 % that are surest.

    Parameters
    ----------
    vectors : float32, shape (n, d)
    labels : int, shape (n,)
    shrink : float
        How far the covariance within clusters is drawn towards a multiple of the identity.

    References
    ----------
    .. [2] R. A. Fisher, "The use of multiple measurements in taxonomic problems", 1936.
    """
    rows = vectors.astype(np.float64)
    n_dimensions = rows.shape[1]
    differs = rows.copy()
    for label in np.unique(labels):
        differs[labels == label] -= rows[labels == label].mean(axis=0)
    with threadpool_limits(limits=1):
        within = differs.T @ differs / len(rows)
        within = (1 - shrink) * within + shrink * np.trace(within) / n_dimensions * np.eye(n_dimensions)
        strength, axes = np.linalg.eigh(within)
        matrix = axes @ np.diag(np.maximum(strength, 1e-12) ** -0.5) @ axes.T
    return rows.mean(axis=0).astype(np.float32), matrix.astype(np.float32)


def _nearest(vectors: Floats, n_near: int) -> tuple[NDArray[np.int64], Floats]:
    near = np.empty((len(vectors), n_near), np.int64)
    weight = np.empty((len(vectors), n_near), np.float32)
    for start in range(0, len(vectors), _BLOCK):
        cosines = vectors[start : start + _BLOCK] @ vectors.T
        rows = np.arange(len(cosines))
        cosines[rows, start + rows] = -2.0
        best = np.sort(np.argpartition(-cosines, n_near - 1, axis=1)[:, :n_near], axis=1)
        near[start : start + _BLOCK] = best
        weight[start : start + _BLOCK] = np.maximum(np.take_along_axis(cosines, best, axis=1), 0)
    return near, weight
