"""From class probabilities to score and label: the one place that says where neutral ends."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analytics.schema.table import LABELS, NEUTRAL_BAND

__all__ = ["NEUTRAL_BAND", "label_of", "label_of_scores", "score_of"]


def score_of(probabilities: ArrayLike) -> NDArray[np.float64]:
    """Return P(positive) − P(negative).

    Parameters
    ----------
    probabilities : array_like, shape (n, 3)
        Negative, neutral, positive; rows add up to 1.

    Returns
    -------
    ndarray of float64, shape (n,)
        −1 to 1.

    Examples
    --------
    >>> score_of([[0.7, 0.2, 0.1], [0.0, 0.25, 0.75]])
    array([-0.6 ,  0.75])
    """
    values = np.asarray(probabilities, dtype=np.float64).reshape(-1, len(LABELS))
    return np.asarray(values[:, 2] - values[:, 0], dtype=np.float64)


def label_of_scores(scores: ArrayLike) -> NDArray[np.str_]:
    """Return negative, neutral or positive for each score.

    Examples
    --------
    >>> label_of_scores([-0.9, 0.29, 0.3]).tolist()
    ['negative', 'neutral', 'positive']
    """
    values = np.asarray(scores, dtype=np.float64)
    place = 1 + (values >= NEUTRAL_BAND).astype(int) - (values <= -NEUTRAL_BAND).astype(int)
    return np.asarray(np.asarray(LABELS)[place], dtype=np.str_)


def label_of(probabilities: ArrayLike) -> NDArray[np.str_]:
    """Return the label of each row of class probabilities, shape (n, 3); by score, so that label and score agree.

    Examples
    --------
    >>> label_of([[0.45, 0.1, 0.45], [0.9, 0.05, 0.05]]).tolist()
    ['neutral', 'negative']
    """
    return label_of_scores(score_of(probabilities))
