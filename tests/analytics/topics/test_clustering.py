from __future__ import annotations

import numpy as np

from analytics.topics.clustering import SphericalClusters, centroids_of


def blobs(n_clusters, size, *, seed=0, spread=0.15, n_dimensions=16):
    draw = np.random.default_rng(seed)
    centres = np.linalg.qr(draw.normal(size=(n_dimensions, n_dimensions)))[0][:n_clusters]
    rows = np.repeat(centres, size, axis=0) + spread * draw.normal(size=(n_clusters * size, n_dimensions))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows.astype(np.float32), np.repeat(np.arange(n_clusters), size)


def agree(one, other):
    return (
        len(set(zip(one.tolist(), other.tolist(), strict=True))) == len(set(one.tolist())) == len(set(other.tolist()))
    )


def test_planted_clusters_are_found_and_duplicates_merged():
    vectors, truth = blobs(5, 60)
    clusters = SphericalClusters(12, seed=4).fit(vectors)
    assert agree(clusters.labels_, truth)


def test_largest_first_and_the_input_stays():
    vectors, _ = blobs(3, 40)
    vectors = np.vstack([vectors, vectors[:40]])
    before = vectors.copy()
    clusters = SphericalClusters(3, seed=4).fit(vectors)
    sizes = np.bincount(clusters.labels_)
    assert sizes.tolist() == sorted(sizes, reverse=True)
    np.testing.assert_array_equal(vectors, before)
    np.testing.assert_array_equal(clusters.predict(vectors), clusters.labels_)


def test_a_tiny_cluster_is_dissolved():
    vectors, _ = blobs(4, 50)
    vectors = vectors[:153]
    assert len(SphericalClusters(4, seed=1, min_size=10).fit(vectors).centroids_) == 3


def test_noise_is_left_out_as_a_cluster():
    vectors, truth = blobs(4, 80, spread=0.05, n_dimensions=64)
    noise = np.random.default_rng(2).normal(size=(60, 64))
    noise = (noise / np.linalg.norm(noise, axis=1, keepdims=True)).astype(np.float32)
    clusters = SphericalClusters(5, seed=1).fit(np.vstack([vectors, noise]))
    assert len(clusters.centroids_) == 4
    assert agree(clusters.labels_[: len(truth)], truth)


def test_a_warm_start_keeps_the_given_places_and_finds_new_ones():
    vectors, truth = blobs(5, 60)
    start = centroids_of(vectors[truth < 3], truth[truth < 3], 3)
    clusters = SphericalClusters(5, seed=9, start=start).fit(vectors)
    assert agree(clusters.labels_, truth)
    assert (clusters.centroids_ @ start.T).max(axis=0).min() > 0.99
