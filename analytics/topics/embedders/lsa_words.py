"""The default embedder: what the site's own texts teach (`CharLsa`), and what words mean beforehand (`WordTable`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file

from analytics.errors import ModelUnavailableError
from analytics.text.lexicons import load_stop_words
from analytics.topics.embed import CharLsa
from analytics.topics.embedders.protocol import Floats
from analytics.topics.word_table import WordTable, load_table

NAME = "lsa-words"
WEIGHT, AT_TEXTS = 0.5, 8_000
LEAST, MOST = 0.25, 0.7
"""Length of the table's part beside the 1 of LSA's: half at 8,000 texts, and less the more texts there are, as their
root, within these bounds. Few short texts share few n-grams, many teach more than a table knows. On 4,293 headlines
the table raised NMI of k-means from .20 to .26, on 8,000 shop reviews (.48 with and without) it did nothing."""
MAX_SHARE = 0.05
"""Words in more than this share of the texts say what all say; they count nothing."""
_FILE = "words.safetensors"


@dataclass(frozen=True, eq=False)
class LsaWords:
    """A vector of two parts, LSA of character n-grams and the mean of word vectors, each of them centred.

    Attributes
    ----------
    lsa : CharLsa
    idf : float32, shape (n_words,)
        Weight of each word of the table: the squared logarithm of its rarity in the fitted texts.
    centre : float32, shape (n_dimensions of the table,)
        Mean of the fitted texts' unit word vectors.
    weight : float
        Length of the second part beside the first, which has length 1.
    """

    lsa: CharLsa
    idf: Floats
    centre: Floats
    weight: float
    name: ClassVar[str] = NAME

    @classmethod
    def fit(cls, texts: Sequence[str], seed: int, *, matters: Sequence[str | None] | None = None) -> LsaWords:
        """Learn both parts from different texts; parameters and errors as of `CharLsa.fit`."""
        lsa = CharLsa.fit(texts, seed, matters=matters)
        table = load_table()
        present = table.present(texts)
        n_texts = np.bincount(present.indices, minlength=len(table.words))
        idf = np.log((1 + len(texts)) / (1 + n_texts)).astype(np.float32) ** 2
        stop_words = load_stop_words()
        idf[[word in stop_words for word in table.words]] = 0
        if len(texts) > 20 / MAX_SHARE:
            idf[n_texts > MAX_SHARE * len(texts)] = 0
        raw = _unit(np.asarray(present.multiply(idf).tocsr() @ table.vectors, dtype=np.float32))
        known = raw[raw.any(axis=1)]
        centre = known.mean(axis=0, dtype=np.float64) if len(known) else np.zeros(table.vectors.shape[1])
        weight = float(np.clip(WEIGHT * (AT_TEXTS / len(texts)) ** 0.5, LEAST, MOST))
        return cls(lsa, idf, centre.astype(np.float32), weight)

    @property
    def n_dimensions(self) -> int:
        """Length of a vector."""
        return self.lsa.n_dimensions + len(self.centre)

    def transform(self, texts: Sequence[str]) -> Floats:
        """Return unit vectors, float32, shape (n_texts, n_dimensions); zeros where neither part knows anything."""
        table = self._table
        weighted = table.present(texts).multiply(self.idf).tocsr()
        raw = _unit(np.asarray(weighted @ table.vectors, dtype=np.float32))
        known = raw.any(axis=1)
        words = np.zeros_like(raw)
        words[known] = self.weight * _unit(raw[known] - self.centre)
        return _unit(np.hstack([self.lsa.transform(texts), words]))

    @cached_property
    def _table(self) -> WordTable:
        return load_table()

    def knows(self, texts: Sequence[str]) -> float:
        """Return the share of the texts' repeated n-grams that `lsa` has learnt; what words mean does not change."""
        return self.lsa.knows(texts)

    def for_clusters(self, vectors: Floats, n_clusters: int) -> Floats:
        """Return the vectors to find clusters among: these."""
        return vectors

    def told_apart(self, vectors: Floats, labels: NDArray[np.int64]) -> LsaWords:
        """Return the embedder that tells these clusters best: this one."""
        return self

    def extended(self, groups: Sequence[Sequence[str]], texts: Sequence[str]) -> tuple[LsaWords, NDArray[np.int64]]:
        """Return an embedder that knows the n-grams of new matters, and where the old dimensions went."""
        lsa, kept = self.lsa.extended(groups, texts)
        words = np.arange(lsa.n_dimensions, lsa.n_dimensions + len(self.centre))
        return replace(self, lsa=lsa), np.concatenate([kept, words])

    def save(self, folder: Path) -> None:
        """Write the files of `CharLsa` and words.safetensors into the folder."""
        self.lsa.save(folder, name=NAME)
        weight = np.array([self.weight], np.float32)
        save_file({"idf": self.idf, "centre": self.centre, "weight": weight}, folder / _FILE)

    @classmethod
    def load(cls, folder: Path) -> LsaWords:
        """Read what `save` wrote; raise `ModelUnavailableError` if it is not there, or of another table."""
        lsa = CharLsa.load(folder)
        try:
            arrays = load_file(folder / _FILE)
        except FileNotFoundError as error:
            raise ModelUnavailableError(f"no topic model in {folder}; the topics job fits one") from error
        if len(arrays["idf"]) != len(load_table().words):
            raise ModelUnavailableError(f"the topic model in {folder} is of another word table; kesheng run retrain")
        return cls(lsa, arrays["idf"], arrays["centre"], float(arrays["weight"][0]))


def _unit(vectors: Floats) -> Floats:
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Floats = vectors / np.maximum(norms, np.float32(1e-12))
    return unit
