"""BERTopic at work: it runs our clusterer on our vectors and weighs the words of every cluster by c-TF-IDF."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

from analytics.topics.clustering import Floats, SphericalClusters

N_CANDIDATES = 40


def weigh_words(
    bags: Sequence[Sequence[str]], vectors: Floats, clusters: SphericalClusters
) -> list[list[tuple[str, float]]]:
    """Fit the clusters through BERTopic [1]_ and return the words of each with their c-TF-IDF, best first.

    BERTopic would reduce dimensions by UMAP and cluster by HDBSCAN; its own places for other parts are used instead,
    because centroids can be multiplied in a worker and UMAP's map cannot (see `benchmarks/topics.py` for the quality).

    Parameters
    ----------
    bags : sequence of sequence of str
        Words of each text, stop words left out.
    vectors : float32, shape (n_texts, n_dimensions)
    clusters : SphericalClusters
        Not fitted yet; fitted afterwards.

    Returns
    -------
    list of list of (word, weight)
        One list a cluster, in the order of ``clusters.centroids_``.

    References
    ----------
    .. [1] M. Grootendorst, "BERTopic: neural topic modeling with a class-based TF-IDF procedure", 2022.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ImportWarning)  # UMAP says that TensorFlow is absent, which is as it should be
        from bertopic import BERTopic
    from bertopic.dimensionality import BaseDimensionalityReduction
    from bertopic.vectorizers import ClassTfidfTransformer
    from sklearn.feature_extraction.text import CountVectorizer

    model = BERTopic(
        language="multilingual",  # the default, english, deletes every non-ASCII character from the words
        umap_model=BaseDimensionalityReduction(),
        hdbscan_model=clusters,
        vectorizer_model=CountVectorizer(tokenizer=split_words, token_pattern=None, lowercase=False),
        ctfidf_model=ClassTfidfTransformer(reduce_frequent_words=True),
        top_n_words=N_CANDIDATES,
        calculate_probabilities=False,
    )
    # A text whose words are all stop words must not be empty, or BERTopic cannot count anything when all are.
    documents = [" ".join(bag) or "_" for bag in bags]
    found, _ = model.fit_transform(documents, embeddings=vectors)
    number_of = {int(cluster): int(topic) for cluster, topic in zip(clusters.labels_, found, strict=True)}
    return [
        [(word, float(weight)) for word, weight in model.get_topic(number_of[cluster]) if word not in ("", "_")]
        for cluster in range(len(clusters.centroids_))
    ]


def split_words(text: str) -> list[str]:
    """Return the words of a text that is already cut; a function of the module, because a lambda cannot be pickled."""
    return text.split()
