"""The default scorer: hashed character n-grams, TF-IDF, multinomial logistic regression.

A model is two files in a folder, weights.safetensors and model.json. Nothing in them is executed when they are loaded.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import scipy.sparse
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from analytics.errors import ModelUnavailableError
from analytics.sentiment.features import N_BUCKETS, char_features, prepare

WEIGHTS = "weights.safetensors"
DESCRIPTION = "model.json"
BATCH = 8_192
"""Texts turned into features at a time: about 100 MB for texts of 100 characters."""


@dataclass(frozen=True)
class LinearModel:
    """Weights of the scorer.

    Attributes
    ----------
    idf : ndarray of float32, shape (N_BUCKETS,)
        Inverse document frequency of each bucket; 0 for a bucket seen in fewer than two training texts.
    coefficients : ndarray of float32, shape (N_BUCKETS, 3)
        Of negative, neutral, positive.
    intercepts : ndarray of float32, shape (3,)
        Of the same.
    """

    idf: NDArray[np.float32]
    coefficients: NDArray[np.float32]
    intercepts: NDArray[np.float32]

    def probabilities(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the class probabilities of each text, shape (n, 3): negative, neutral, positive.

        Notes
        -----
        A row depends on its own text only. A blank text is neutral with probability 1. Score each distinct text once:
        in service talk half of all turns are repeats of 好的 and the like.
        """
        found = [self._batch(texts[start : start + BATCH]) for start in range(0, len(texts), BATCH)]
        return np.concatenate(found) if found else np.zeros((0, 3), dtype=np.float32)

    def _batch(self, texts: Sequence[str]) -> NDArray[np.float32]:
        prepared = [prepare(text) for text in texts]
        logits = np.asarray(weigh(char_features(prepared), self.idf) @ self.coefficients) + self.intercepts
        exponents = np.exp(logits - logits.max(axis=1, keepdims=True))
        result = exponents / exponents.sum(axis=1, keepdims=True)
        result[[not text for text in prepared]] = (0.0, 1.0, 0.0)
        return np.asarray(result, dtype=np.float32)

    def save(self, folder: Path, description: dict[str, object]) -> None:
        """Write the model to a new folder, whole or not at all; keep a folder that another process wrote meanwhile."""
        folder.parent.mkdir(parents=True, exist_ok=True)
        private = Path(tempfile.mkdtemp(prefix=".writing-", dir=folder.parent))
        try:
            tensors = {"idf": self.idf, "coefficients": self.coefficients, "intercepts": self.intercepts}
            save_file(tensors, private / WEIGHTS)
            (private / DESCRIPTION).write_text(
                json.dumps(description, indent=2, sort_keys=True) + "\n", encoding="utf-8"
            )
            private.chmod(0o755)
            (private / WEIGHTS).chmod(0o644)
            if not (folder / DESCRIPTION).exists():
                os.replace(private, folder)
        finally:
            shutil.rmtree(private, ignore_errors=True)


def load_linear(folder: Path) -> LinearModel:
    """Read a model that `LinearModel.save` wrote; about 5 ms, so that a worker may do it for each task.

    Raises
    ------
    ModelUnavailableError
        If the folder holds no model, or one of another shape.
    """
    try:
        tensors = load_file(folder / WEIGHTS)
    except (FileNotFoundError, SafetensorError) as error:
        raise ModelUnavailableError(
            f"sentiment model: expected {WEIGHTS} in {folder}; run `kesheng run` anew"
        ) from error
    if tensors.get("coefficients", np.zeros(0)).shape != (N_BUCKETS, 3):
        raise ModelUnavailableError(f"sentiment model in {folder} is of another version; delete that folder")
    return LinearModel(tensors["idf"], tensors["coefficients"], tensors["intercepts"])


def weigh(features: scipy.sparse.csr_matrix, idf: NDArray[np.float32]) -> scipy.sparse.csr_matrix:
    """Return the features times `idf`, each row of length 1 (TF-IDF); rows without any known n-gram stay 0."""
    values = features.data * idf[features.indices]
    row = np.repeat(np.arange(features.shape[0]), np.diff(features.indptr))
    length = np.sqrt(np.bincount(row, weights=values.astype(np.float64) ** 2, minlength=features.shape[0]))
    values = values / np.maximum(length, 1e-12).astype(np.float32)[row]
    return scipy.sparse.csr_matrix((values.astype(np.float32), features.indices, features.indptr), features.shape)
