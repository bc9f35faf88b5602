"""What the shipped model's recipe is worth on rows of its own training text that it did not see.

It says that the recipe works, not how good the model is elsewhere: the rows are of the same shops and the same grammar
as those learnt from. How good it is on other text stands in benchmarks/RESULTS.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from analytics.schema.table import LABELS
from analytics.sentiment import train
from analytics.sentiment.features import N_BUCKETS, char_features, prepare
from analytics.sentiment.linear import LinearModel, weigh
from analytics.sentiment.mood import label_of

HELD_OUT_EVERY = 10


@dataclass(frozen=True)
class SelfCheck:
    """Numbers on every tenth training text.

    Attributes
    ----------
    n_texts : dict of str to int
        All training texts by class.
    n_held_out, recall : dict
        Texts held out, and the share of them given their own label, by class.
    balanced_accuracy : float
        Mean of the recalls.
    ece : float
        Expected calibration error of the largest probability, in ten bins.
    """

    n_texts: dict[str, int]
    n_held_out: dict[str, int]
    recall: dict[str, float]
    balanced_accuracy: float
    ece: float


def self_check(seed: int = train.SEED) -> SelfCheck:
    """Train without every tenth text of each class and measure on these; takes as long as the training.

    Raises
    ------
    ModelUnavailableError
        As `train.train_linear`.
    """
    texts, classes = _training_text(seed)
    held_out = np.zeros(len(classes), dtype=bool)
    for number in range(len(LABELS)):
        held_out[np.flatnonzero(classes == number)[::HELD_OUT_EVERY]] = True
    model = _fitted([t for t, out in zip(texts, held_out, strict=True) if not out], classes[~held_out])
    return _measured(model, [t for t, out in zip(texts, held_out, strict=True) if out], classes, held_out)


def _training_text(seed: int) -> tuple[list[str], NDArray[np.int64]]:
    found = [train._reviews(label) + train._drawn(label, seed) for label in LABELS]
    classes = np.repeat(np.arange(len(LABELS)), [len(texts) for texts in found])
    return [text for texts in found for text in texts], classes


def _fitted(texts: list[str], classes: NDArray[np.int64]) -> LinearModel:
    """Do as `train.train_linear` does, on these texts."""
    counts = char_features([prepare(text) for text in texts])
    n_texts_with = np.bincount(counts.indices, minlength=N_BUCKETS)
    idf = np.where(n_texts_with >= train.MIN_TEXTS, np.log((1 + len(texts)) / (1 + n_texts_with)) + 1, 0.0)
    idf = idf.astype(np.float32)
    regression = LogisticRegression(
        C=train.REGULARISATION, tol=train.TOLERANCE, max_iter=300, class_weight="balanced"
    ).fit(weigh(counts, idf), classes)
    shift = np.array([0.0, train.NEUTRAL_SHIFT, 0.0])
    return LinearModel(
        idf,
        np.ascontiguousarray(train._sharpened(regression.coef_.T), dtype=np.float32),
        np.asarray(train._sharpened(regression.intercept_) + shift, dtype=np.float32),
    )


def _measured(
    model: LinearModel, texts: list[str], classes: NDArray[np.int64], held_out: NDArray[np.bool_]
) -> SelfCheck:
    found = model.probabilities(texts)
    truth = classes[held_out]
    right = label_of(found) == np.asarray(LABELS)[truth]
    recall = {label: float(right[truth == number].mean()) for number, label in enumerate(LABELS)}
    sure, best = found.max(axis=1), found.argmax(axis=1) == truth
    bins = np.minimum((sure * 10).astype(int), 9)
    gaps = [(bins == b).mean() * abs(sure[bins == b].mean() - best[bins == b].mean()) for b in np.unique(bins)]
    return SelfCheck(
        {label: int((classes == number).sum()) for number, label in enumerate(LABELS)},
        {label: int((truth == number).sum()) for number, label in enumerate(LABELS)},
        recall,
        float(np.mean(list(recall.values()))),
        float(np.sum(gaps)),
    )
