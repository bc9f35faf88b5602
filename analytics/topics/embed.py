"""Vectors for short Chinese texts: character n-grams, TF-IDF, truncated SVD. No segmentation, no network, no torch.

Stop phrases go before the n-grams are taken, because an n-gram of 我想问一下 is no matter. On shop reviews that raised
NMI from .31 to .34 at 24 clusters, on headlines from .17 to .19 (`python -m benchmarks.topics` has the whole table).
"""

from __future__ import annotations

import functools
import json
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file
from scipy.sparse import csr_matrix
from sklearn.decomposition import TruncatedSVD
from threadpoolctl import threadpool_limits

from analytics.errors import EmptyInputError, ModelUnavailableError
from analytics.text.char_ngrams import CharNgrams
from analytics.text.lexicons import load_stop_words
from analytics.topics.matter import matter_weights

MAX_FEATURES = 50_000
MAX_SHARE = 0.1
"""N-grams in more than a tenth of the texts are grammar, not matter: leaving them out raised NMI by up to .04."""
MIN_TEXTS = 3
_NEW_SHARE = 0.2
"""Share of a new matter's texts that a new n-gram must stand in to be one of its words."""
_NEW_TIMES = 10
"""How many times as often as all texts they must have it. What is in a tenth of all texts was not learnt on purpose."""
_BATCH = 4096
_SPACES = re.compile("  +")
_NO_WORD = re.compile(r"[\W_\d]+")
QUANTITY = re.compile(
    r"(?<!第)[一二两三四五六七八九十百半几多\d]+"
    r"(?:个半|个多|多个|点半|点多|块多|[个点块元份次瓶盒件天分台本只张把根颗家双袋杯碗条箱包斤年月号位]|小时|分钟|钟头)"
)
_PARTICLES = "的了着过是我你您他她它们也都就还很在和与跟及或但而又再吧吗呢啊呀嘛哦噢哈啦得地把被让给从到对这那个有"
# A table: a vectorised logarithm may round by where in the array a number stands, and a row must not depend on others.
_DAMPED = np.array([0.0] + [1 + math.log(n) for n in range(1, 4096)], dtype=np.float32)

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class CharLsa:
    """A fitted embedder: which n-grams count, how much, and the projection.

    Attributes
    ----------
    terms : tuple of str
        Character n-grams, length n_terms, sorted.
    idf : float32, shape (n_terms,)
    projection : float32, shape (n_terms, n_dimensions)
        Right singular vectors of the TF-IDF matrix.
    centre : float32, shape (n_dimensions,)
        Mean of the fitted texts' unit vectors; taken off before the last normalisation, because what all texts of a
        centre share tells none of them apart.

    Examples
    --------
    >>> texts = ["快递到哪了", "快递没到", "快递慢", "退款没到账", "申请退款", "要退款"]
    >>> lsa = CharLsa.fit(texts, seed=0, n_dimensions=2)
    >>> vectors = lsa.transform(["快递呢", "退款呢"])
    >>> vectors.shape, bool(vectors[0] @ vectors[1] < 0)
    ((2, 2), True)
    """

    terms: tuple[str, ...]
    idf: Floats
    projection: Floats
    centre: Floats
    stop_phrases: tuple[str, ...] = ()
    name: ClassVar[str] = "char-lsa"

    @classmethod
    def empty(cls) -> CharLsa:
        """Return an embedder that knows nothing: every vector has length 0."""
        return cls((), np.zeros(0, np.float32), np.zeros((0, 0), np.float32), np.zeros(0, np.float32))

    @classmethod
    def fit(
        cls, texts: Sequence[str], seed: int, *, n_dimensions: int = 128, matters: Sequence[str | None] | None = None
    ) -> CharLsa:
        """Learn n-grams, weights and projection.

        Parameters
        ----------
        texts : sequence of str
            Simplified Chinese; each different text once.
        seed : int
            Seed of the randomised SVD. One thread is used, so that the same texts give the same bytes.
        n_dimensions : int
            Upper bound; small inputs get fewer.
        matters : sequence of str or None, optional
            The touchpoint of each text, None where unknown. N-grams that touchpoints differ in then count more
            (`matter_weights`), those that stand anywhere, such as names of products, less.

        Raises
        ------
        EmptyInputError
            If no text shares an n-gram with another.
        """
        stop_phrases = tuple(sorted(word for word in load_stop_words() if len(word) > 1 and not word.isascii()))
        clean = _cleaner(stop_phrases)
        cleaned = [clean(text) for text in texts]
        rare = MIN_TEXTS if len(texts) >= 200 else 2
        common = max(MAX_SHARE * len(texts), 20)
        grams = CharNgrams.learn(cleaned, min_texts=rare, max_texts=common, max_terms=MAX_FEATURES)
        if not grams.terms:
            raise EmptyInputError(
                f"topics: expected texts that share some characters, got {len(texts)} with nothing in common"
            )
        counts = grams.count(cleaned)
        n_texts = np.bincount(counts.indices, minlength=counts.shape[1])
        idf = (np.log((1 + len(texts)) / (1 + n_texts)) + 1).astype(np.float32)
        if matters is not None:
            idf *= matter_weights(counts, matters)
        rank = min(n_dimensions, min(counts.shape) - 1)
        if rank < 2:
            raise EmptyInputError(f"topics: expected texts to compare, got {len(texts)} with {counts.shape[1]} n-grams")
        with threadpool_limits(limits=1):
            svd = TruncatedSVD(rank, random_state=seed, n_iter=4).fit(_weighted(counts, idf))
            projection = np.ascontiguousarray(svd.components_.T, dtype=np.float32)
            centre = _unit(_weighted(counts, idf) @ projection).mean(axis=0, dtype=np.float64).astype(np.float32)
        return cls(grams.terms, idf, projection, centre, stop_phrases)

    @property
    def n_dimensions(self) -> int:
        """Length of a vector."""
        return int(self.projection.shape[1])

    def transform(self, texts: Sequence[str]) -> Floats:
        """Return unit vectors, float32, shape (n_texts, n_dimensions); zeros where a text has no known n-gram."""
        vectors = np.zeros((len(texts), self.n_dimensions), np.float32)
        if not self.terms:
            return vectors
        clean, grams = self._tools
        for start in range(0, len(texts), _BATCH):
            counts = grams.count([clean(text) for text in texts[start : start + _BATCH]])
            raw = _unit(_weighted(counts, self.idf) @ self.projection)
            known = np.diff(counts.indptr) > 0
            vectors[start : start + len(raw)][known] = _unit(raw[known] - self.centre)
        return vectors

    def knows(self, texts: Sequence[str]) -> float:
        """Return the share of n-gram occurrences, of n-grams that several of the texts have, that it has learnt."""
        clean, _ = self._tools
        cleaned = [clean(text) for text in texts]
        rare = MIN_TEXTS if len(texts) >= 200 else 2
        grams = CharNgrams.learn(cleaned, min_texts=rare, max_texts=len(texts), max_terms=MAX_FEATURES)
        learnt = set(self.terms)
        n_texts = np.bincount(grams.count(cleaned).indices, minlength=len(grams.terms))
        # What stands in more than a tenth of many texts was left out on purpose.
        counted = n_texts <= max(MAX_SHARE * len(texts), 20)
        known = np.array([term in learnt for term in grams.terms], dtype=bool)
        total = n_texts[counted].sum()
        return float(n_texts[counted & known].sum() / total) if total else 1.0

    def for_clusters(self, vectors: Floats, n_clusters: int) -> Floats:
        """Return the vectors to find clusters among: these."""
        return vectors

    def told_apart(self, vectors: Floats, labels: NDArray[np.int64]) -> CharLsa:
        """Return the embedder that tells these clusters best: this one."""
        return self

    def extended(self, groups: Sequence[Sequence[str]], texts: Sequence[str]) -> tuple[CharLsa, NDArray[np.int64]]:
        """Return an embedder that knows the words of new matters, and where the old dimensions went.

        Each group of texts gets a dimension of its own, along which its new n-grams lie. Vectors of texts without these
        stay what they are, with a 0 there, so that nothing else moves: learning everything anew moves all borders, and
        one contact in twenty gets another topic.

        Parameters
        ----------
        groups : sequence of sequence of str
            Texts of each new matter.
        texts : sequence of str
            All texts, for what is said in other matters as well.
        """
        columns = self._new_terms(groups, texts)
        new = sorted({term for column in columns for term in column})
        if not new:
            return self, np.arange(self.n_dimensions)
        added = np.array([[column.get(term, 0) for column in columns] for term in new], dtype=np.float32)
        added /= np.maximum(np.linalg.norm(added, axis=0), np.float32(1e-12))
        terms = [*self.terms, *new]
        order = sorted(range(len(terms)), key=terms.__getitem__)
        projection = np.zeros((len(terms), self.n_dimensions + len(columns)), np.float32)
        projection[: len(self.terms), : self.n_dimensions] = self.projection
        projection[len(self.terms) :, self.n_dimensions :] = added
        # As rare as n-grams get: nobody said them when the others were counted.
        idf = np.concatenate([self.idf, np.full(len(new), self.idf.max(), np.float32)])
        centre = np.concatenate([self.centre, np.zeros(len(columns), np.float32)])
        known = tuple(terms[at] for at in order)
        whole = replace(self, terms=known, idf=idf[order], projection=projection[order], centre=centre)
        return whole, np.arange(self.n_dimensions)

    def _new_terms(self, groups: Sequence[Sequence[str]], texts: Sequence[str]) -> list[dict[str, int]]:
        """Return for each group the n-grams that are its own and were not learnt, with its texts that have them."""
        clean, _ = self._tools
        learnt, columns = set(self.terms), []
        cleaned = [[clean(text) for text in group] for group in groups]
        grams = [
            CharNgrams.learn(
                group, min_texts=max(2, round(len(group) * _NEW_SHARE)), max_texts=len(group), max_terms=500
            )
            for group in cleaned
        ]
        everywhere = [clean(text) for text in texts]
        for group, own in zip(cleaned, grams, strict=True):
            unknown = CharNgrams(tuple(term for term in own.terms if term not in learnt))
            inside = np.bincount(unknown.count(group).indices, minlength=len(unknown.terms))
            among_all = np.bincount(unknown.count(everywhere).indices, minlength=len(unknown.terms))
            times = (inside / len(group)) / np.maximum(among_all / max(len(texts), 1), 1e-9)
            kept = np.flatnonzero(times >= _NEW_TIMES)
            columns.append({unknown.terms[at]: int(inside[at]) for at in kept})
        return columns

    @functools.cached_property
    def _tools(self) -> tuple[Callable[[str], str], CharNgrams]:
        return _cleaner(self.stop_phrases), CharNgrams(self.terms)

    def save(self, folder: Path, *, name: str = "char-lsa") -> None:
        """Write embedder.safetensors and embedder.json into the folder: the same bytes for the same model."""
        folder.mkdir(parents=True, exist_ok=True)
        arrays = {"idf": self.idf, "projection": self.projection, "centre": self.centre}
        content = {"name": name, "terms": self.terms, "stop_phrases": self.stop_phrases}
        save_file(arrays, folder / "embedder.safetensors")
        (folder / "embedder.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> CharLsa:
        """Read what `save` wrote; raise `ModelUnavailableError` if it is not there."""
        try:
            arrays = load_file(folder / "embedder.safetensors")
            content = json.loads((folder / "embedder.json").read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            raise ModelUnavailableError(f"no topic model in {folder}; the topics job fits one") from error
        terms, stop_phrases = tuple(content["terms"]), tuple(content["stop_phrases"])
        return cls(terms, arrays["idf"], arrays["projection"], arrays["centre"], stop_phrases)


def _cleaner(stop_phrases: Sequence[str]) -> Callable[[str], str]:
    """Return a function that leaves small letters and Chinese characters, a space where something was taken out."""
    longest_first = sorted(stop_phrases, key=lambda phrase: (-len(phrase), phrase))
    stop = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")
    particles = str.maketrans("", "", _PARTICLES)

    def clean(text: str) -> str:
        without = stop.sub(" ", QUANTITY.sub(" ", text.lower()))
        return _SPACES.sub(" ", _NO_WORD.sub(" ", without).strip().translate(particles))

    return clean


def _weighted(counts: csr_matrix, idf: Floats) -> csr_matrix:
    weighted = counts.copy()
    weighted.data = _DAMPED[np.minimum(weighted.data, len(_DAMPED) - 1).astype(np.int64)] * idf[weighted.indices]
    return weighted


def _unit(vectors: Any) -> Floats:
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Floats = vectors / np.maximum(norms, np.float32(1e-12))
    return unit
