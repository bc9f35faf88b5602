"""The texts a fit looks at, with all it needs of each: vector, touchpoint, words by clause."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analytics.topics.clustering import centroids_of
from analytics.topics.embedders import Embedder
from analytics.topics.phrases import Clauses, clauses_of
from analytics.topics.taxonomy import Taxonomy

MIN_TEXTS = 30
"""Fewer different texts than this make no topics: what would be found is chance."""

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Sample:
    """Different texts, their vectors, touchpoints, and words by clause: four sequences of one length."""

    texts: Sequence[str]
    vectors: Floats
    touchpoints: Sequence[str | None]
    documents: Sequence[Clauses]

    @classmethod
    def of(
        cls, texts: Sequence[str], embedder: Embedder, tokenize: Callable[[str], list[str]], taxonomy: Taxonomy
    ) -> Sample:
        """Return what the embedder knows something of."""
        vectors = embedder.transform(texts)
        known = np.flatnonzero(vectors.any(axis=1))
        kept = [texts[place] for place in known.tolist()]
        return cls(kept, vectors[known], taxonomy.touchpoints_of(kept), [clauses_of(text, tokenize) for text in kept])

    def touchpoint_places(self, vectors: Floats) -> Floats:
        """Return the centres among `vectors` of the texts of each touchpoint that has enough, commonest first."""
        told = Counter(touchpoint for touchpoint in self.touchpoints if touchpoint is not None)
        enough = max(MIN_TEXTS, len(self.texts) // 200)
        ranked = sorted(told.items(), key=lambda item: (-item[1], item[0]))
        row = {name: place for place, (name, n_texts) in enumerate(ranked) if n_texts >= enough}
        labels = [row.get(touchpoint or "", -1) for touchpoint in self.touchpoints]
        return centroids_of(vectors, labels, len(row))


def told_apart(sample: Sample, embedder: Embedder, labels: NDArray[np.int64]) -> tuple[Sample, Embedder]:
    """Return the sample with vectors that tell these clusters best, and the embedder that gives them."""
    apart = embedder.told_apart(sample.vectors, labels)
    if apart is embedder:
        return sample, embedder
    return replace(sample, vectors=apart.transform(sample.texts)), apart


def distinct(texts: Sequence[str]) -> list[str]:
    """Return each different text that is not empty once, in order of text."""
    return sorted({text.strip() for text in texts if text and text.strip()})
