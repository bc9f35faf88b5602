"""BERTopic at work: it weighs the words of every topic by c-TF-IDF and builds the hierarchy of topics."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from contextlib import redirect_stderr
from io import StringIO
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

N_CANDIDATES = 40

Weighed = list[list[tuple[str, float]]]


class _Given:
    """A clusterer with the face that BERTopic expects (`fit`, `predict`, `labels_`), whose answer is known."""

    def __init__(self, labels: NDArray[np.int64]) -> None:
        self.labels_ = labels

    def fit(self, vectors: object, y: object = None) -> _Given:
        return self

    def predict(self, vectors: object) -> NDArray[np.int64]:
        return self.labels_


def weigh_words(
    bags: Sequence[Sequence[str]], vectors: NDArray[np.float32], labels: NDArray[np.int64], n_topics: int
) -> tuple[Weighed, list[int | None]]:
    """Return the words of each topic with their c-TF-IDF, best first, and its sibling in BERTopic's hierarchy [1]_.

    BERTopic would reduce dimensions by UMAP and cluster by HDBSCAN; its own places for other parts are used instead,
    because centroids can be multiplied in a worker and UMAP's map cannot (see `benchmarks/topics.py` for the quality).

    Parameters
    ----------
    bags : sequence of sequence of str
        Words of each text, stop words left out.
    vectors : float32, shape (n_texts, n_dimensions)
    labels : int, shape (n_texts,)
        The topic of each text, 0 to `n_topics` - 1.
    n_topics : int

    Returns
    -------
    (list of list of (word, weight), list of int or None)
        One of each a topic; a topic without a text has no words and no sibling.

    References
    ----------
    .. [1] M. Grootendorst, "BERTopic: neural topic modeling with a class-based TF-IDF procedure", 2022.
    """
    model = _bertopic(_Given(labels))
    # A text whose words are all stop words must not be empty, or BERTopic cannot count anything when all are.
    documents = [" ".join(bag) or "_" for bag in bags]
    found, _ = model.fit_transform(documents, embeddings=vectors)
    number_of = {int(topic): int(number) for topic, number in zip(labels, found, strict=True)}
    words: Weighed = [
        [(word, float(weight)) for word, weight in model.get_topic(number_of[topic]) if word not in ("", "_")]
        if topic in number_of
        else []
        for topic in range(n_topics)
    ]
    topic_of = {number: topic for topic, number in number_of.items()}
    siblings = _siblings(model, documents, topic_of) if len(topic_of) > 2 else {}
    return words, [siblings.get(topic) for topic in range(n_topics)]


def _bertopic(clusters: _Given) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ImportWarning)  # UMAP says that TensorFlow is absent, which is as it should be
        from bertopic import BERTopic
    from bertopic.dimensionality import BaseDimensionalityReduction
    from bertopic.vectorizers import ClassTfidfTransformer
    from sklearn.feature_extraction.text import CountVectorizer

    return BERTopic(
        language="multilingual",  # the default, english, deletes every non-ASCII character from the words
        umap_model=BaseDimensionalityReduction(),
        hdbscan_model=clusters,
        vectorizer_model=CountVectorizer(tokenizer=split_words, token_pattern=None, lowercase=False),
        ctfidf_model=ClassTfidfTransformer(reduce_frequent_words=True),
        top_n_words=N_CANDIDATES,
        calculate_probabilities=False,
    )


def _siblings(model: Any, documents: list[str], topic_of: dict[int, int]) -> dict[int, int]:
    """Return the topic that each topic is joined with first: a leaf whose sister in the tree is a leaf too."""
    with warnings.catch_warnings(), redirect_stderr(StringIO()):  # its progress bar, for what takes a second
        warnings.simplefilter("ignore")  # it writes into a slice of its own table
        tree: pd.DataFrame = model.hierarchical_topics(documents, use_ctfidf=True)
    pairs = {int(left): int(right) for left, right in zip(tree["Child_Left_ID"], tree["Child_Right_ID"], strict=True)}
    found: dict[int, int] = {}
    for left, right in pairs.items():
        if left in topic_of and right in topic_of:
            found |= {topic_of[left]: topic_of[right], topic_of[right]: topic_of[left]}
    return found


def split_words(text: str) -> list[str]:
    """Return the words of a text that is already cut; a function of the module, because a lambda cannot be pickled."""
    return text.split()
