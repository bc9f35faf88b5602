"""Dense vectors made fit for topics: what all texts of a centre share taken off, and fewer dimensions.

A sentence encoder puts all texts of one centre close together (cosines of .90 to .96 with multilingual-e5-small), so
that no threshold on a cosine means anything. With the mean of the fitted texts taken off they spread out again.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file
from threadpoolctl import threadpool_limits

from analytics.errors import EmptyInputError, ModelUnavailableError
from analytics.topics.embedders.encoders import open_encoder
from analytics.topics.embedders.protocol import Encoder, EncoderPlace, Floats
from analytics.topics.embedders.vector_cache import VectorCache
from analytics.topics.neighbours import spectral_places, within_whitening

N_DIMENSIONS = 128
"""As many as char-lsa has. After centring, 64 of the 384 dimensions of multilingual-e5-small lose nothing already."""
_BATCH = 256
"""Texts between two writes to the cache: some ten seconds of work that an interrupted fit does not lose."""


@dataclass(frozen=True, eq=False)
class DenseEmbedder:
    """An encoder with what was learnt of a centre's texts.

    Attributes
    ----------
    name, version : str
        Of the encoder that the rest was learnt with.
    mean : float32, shape (n_encoded,)
        Mean of the fitted texts' vectors.
    projection : float32, shape (n_encoded, n_dimensions)
        Principal axes of what differs from the mean, strongest first.
    place : EncoderPlace
        Where this machine has the encoder and the cache.
    encoder : Encoder, optional
        Opened by name and place when needed, if not given.
    centre, turn : float32, shapes (n_dimensions,) and (n_dimensions, n_dimensions), optional
        What tells the fitted topics apart, see `told_apart`.
    """

    name: str
    version: str
    mean: Floats
    projection: Floats
    place: EncoderPlace
    encoder: Encoder | None = None
    centre: Floats | None = None
    turn: Floats | None = None

    @classmethod
    def fit(
        cls, encoder: Encoder, texts: Sequence[str], cache: Path | None = None, *, n_dimensions: int = N_DIMENSIONS
    ) -> DenseEmbedder:
        """Learn the mean and the principal axes of different texts.

        Raises
        ------
        EmptyInputError
            If there are fewer than three texts with a letter.
        """
        encoded = _Encoded(encoder, cache).vectors(texts)
        encoded = encoded[encoded.any(axis=1)].astype(np.float64)
        if len(encoded) < 3:
            raise EmptyInputError(f"topics: expected three texts or more to learn vectors from, got {len(encoded)}")
        mean = encoded.mean(axis=0)
        with threadpool_limits(limits=1):
            differs = encoded - mean
            strength, axes = np.linalg.eigh(differs.T @ differs)
        rank = min(n_dimensions, len(encoded) - 1, int((strength > 1e-9 * strength[-1]).sum()))
        axes = axes[:, ::-1][:, :rank]
        axes = axes * np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(rank)])  # eigh leaves the sign open
        projection = np.ascontiguousarray(axes, dtype=np.float32)
        place = EncoderPlace(getattr(encoder, "path", None), cache)
        return cls(encoder.name, encoder.version, mean.astype(np.float32), projection, place, encoder)

    @property
    def n_dimensions(self) -> int:
        """Length of a vector."""
        return int(self.projection.shape[1])

    def transform(self, texts: Sequence[str]) -> Floats:
        """Return unit vectors, float32, shape (n_texts, n_dimensions); zeros for a text without a visible character.

        Raises
        ------
        ConfigError
            If the encoder cannot be opened here.
        ModelUnavailableError
            If the encoder here is not the one that the model was fitted with.
        """
        encoded = self._encoded.vectors(texts, n_encoded=len(self.mean))
        known = encoded.any(axis=1)
        vectors = np.zeros((len(texts), self.n_dimensions), np.float32)
        raw = (encoded[known] - self.mean) @ self.projection
        vectors[known] = _unit(raw)
        if self.turn is not None and self.centre is not None:
            vectors[known] = _unit((vectors[known] - self.centre) @ self.turn)
        return vectors

    def knows(self, texts: Sequence[str]) -> float:
        """Return 1: an encoder has read more than a centre's texts, and only the mean is learnt."""
        return 1.0

    def extended(
        self, groups: Sequence[Sequence[str]], texts: Sequence[str]
    ) -> tuple[DenseEmbedder, NDArray[np.int64]]:
        """Return this embedder: an encoder has seen the words of new matters before."""
        return self, np.arange(self.n_dimensions)

    def for_clusters(self, vectors: Floats, n_clusters: int) -> Floats:
        """Return places on the graph of neighbours, see `spectral_places`: topics are no balls among these vectors."""
        return spectral_places(vectors, n_clusters)

    def told_apart(self, vectors: Floats, labels: NDArray[np.int64]) -> DenseEmbedder:
        """Return the embedder with `within_whitening` of these clusters behind it, for the nearest centroid to work."""
        centre, turn = within_whitening(vectors, labels)
        return replace(self, centre=centre, turn=turn)

    @cached_property
    def _encoded(self) -> _Encoded:
        encoder = self.encoder or open_encoder(self.name, self.place.path)
        if encoder.version != self.version:
            raise ModelUnavailableError(
                f"topics: the model in use was fitted on vectors of {self.name} {self.version}, here is "
                f"{self.name} {encoder.version}; bring the former back (settings topics.embedder_path), "
                "or fit anew with it: kesheng run retrain"
            )
        return _Encoded(encoder, self.place.cache)

    def save(self, folder: Path) -> None:
        """Write embedder.safetensors and embedder.json, with the encoder's name and version but not the encoder."""
        folder.mkdir(parents=True, exist_ok=True)
        arrays = {"mean": self.mean, "projection": self.projection}
        if self.centre is not None and self.turn is not None:
            arrays |= {"centre": self.centre, "turn": self.turn}
        save_file(arrays, folder / "embedder.safetensors")
        content = {"name": self.name, "version": self.version}
        (folder / "embedder.json").write_text(json.dumps(content), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, place: EncoderPlace) -> DenseEmbedder:
        """Read what `save` wrote; raise `ModelUnavailableError` if it is not there."""
        try:
            arrays = load_file(folder / "embedder.safetensors")
            content = json.loads((folder / "embedder.json").read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            raise ModelUnavailableError(f"no topic model in {folder}; the topics job fits one") from error
        apart = {"centre": arrays.get("centre"), "turn": arrays.get("turn")}
        return cls(content["name"], content["version"], arrays["mean"], arrays["projection"], place, **apart)


class _Encoded:
    """Each different text encoded once, now or in an earlier run."""

    def __init__(self, encoder: Encoder, cache: Path | None) -> None:
        self._encoder = encoder
        self._cache = VectorCache(cache, f"{encoder.name} {encoder.version}") if cache else None

    def vectors(self, texts: Sequence[str], *, n_encoded: int = 0) -> Floats:
        """Return float32 (n_texts, n_encoded), rounded to float16 whether cached or not; zeros for blank texts."""
        plain = [text.strip().replace("\0", " ") for text in texts]
        distinct = sorted({text for text in plain if text})
        if not distinct:
            return np.zeros((len(texts), n_encoded), np.float32)
        known = self._cache.get(distinct) if self._cache else {}
        missing = [text for text in distinct if text not in known]
        for start in range(0, len(missing), _BATCH):
            batch = missing[start : start + _BATCH]
            found = dict(zip(batch, self._encoder.encode(batch).astype(np.float16), strict=True))
            known |= found
            if self._cache:
                self._cache.put(found)
        blank = np.zeros_like(known[distinct[0]])
        return np.stack([known.get(text, blank) for text in plain]).astype(np.float32)


def _unit(rows: NDArray[np.floating]) -> Floats:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12), dtype=np.float32)
