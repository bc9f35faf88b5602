"""What the shipped model's recipe is worth on rows of its own training text that it did not see.

It says that the recipe works, not how good the model is elsewhere: the rows are of the same shops and the same grammar
as those learnt from. How good it is on other text stands in benchmarks/RESULTS.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.schema.table import LABELS
from analytics.sentiment import train
from analytics.sentiment.features import char_features
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
    texts, classes = train.training_texts(seed)
    held_out = np.zeros(len(classes), dtype=bool)
    for number in range(len(LABELS)):
        held_out[np.flatnonzero(classes == number)[::HELD_OUT_EVERY]] = True
    model = train.fit_linear([t for t, out in zip(texts, held_out, strict=True) if not out], classes[~held_out])
    return _measured(model, [t for t, out in zip(texts, held_out, strict=True) if out], classes, held_out)


def _probabilities(model: LinearModel, prepared: list[str]) -> NDArray[np.float64]:
    """Return class probabilities of texts that are prepared already, as training texts are."""
    logits = np.asarray(weigh(char_features(prepared), model.idf) @ model.coefficients + model.intercepts)
    exponents = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(exponents / exponents.sum(axis=1, keepdims=True), dtype=np.float64)


def _measured(
    model: LinearModel, texts: list[str], classes: NDArray[np.int64], held_out: NDArray[np.bool_]
) -> SelfCheck:
    found = _probabilities(model, texts)
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
