"""How well a model tells the moods of a site: on contacts held out, before and after it learnt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.sentiment.contact_mood import contact_mood
from analytics.sentiment.courtesy import n_told
from analytics.sentiment.features import char_features, prepare
from analytics.sentiment.linear import LinearModel, weigh
from analytics.sentiment.mood import NEUTRAL_BAND, score_of

N_DRAWS = 1_000
"""Of the bootstrap."""
NEAR = 0.9
"""A text whose n-grams have this cosine with one that was learnt from says nothing about new texts."""
N_BINS = 10
_BATCH = 1_000

Reals = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Measured:
    """Numbers of one model on held-out units.

    Attributes
    ----------
    scores : ndarray of float64, shape (n,)
        Of each unit.
    balanced_accuracy, auc, ece : float
        Of negative against positive, a score above 0 being positive: mean recall; area under the ROC curve; expected
        calibration error of (score + 1) / 2 in ten bins. NaN where a class is missing.
    """

    scores: Reals
    balanced_accuracy: float
    auc: float
    ece: float


def unit_scores(model: LinearModel, units: pd.DataFrame, turns: pd.DataFrame) -> Reals:
    """Return the score of each unit as the product gives it: of a turn, or `contact_mood` of a contact's turns.

    Parameters
    ----------
    units : DataFrame[contact_id, turn]
        As of `labels.SiteLabels`.
    turns : DataFrame[contact_id, turn, unit_turn, text, n_chars]
        As of the same.
    """
    codes, texts = pd.factorize(turns["text"])
    scored = turns.assign(
        sentiment_score=score_of(model.probabilities(list(texts)))[codes],
        n_told=np.array([n_told(text) for text in texts], dtype=np.int64)[codes],
        contact_id=turns["contact_id"] + "\n" + turns["unit_turn"].astype(str),
    )
    found = contact_mood(scored).set_index("contact_id")["sentiment_score"]
    keys = units["contact_id"] + "\n" + units["turn"].astype(str)
    return found.reindex(keys).to_numpy(dtype=np.float64)


def measure(scores: Reals, labels: Whole) -> Measured:
    """Return the numbers of scores against labels (0, 1, 2); neutral units take no part."""
    polar = labels != 1
    found, positive = scores[polar], labels[polar] == 2
    if positive.all() or not positive.any():
        return Measured(scores, float("nan"), float("nan"), float("nan"))
    recalls = (found[positive] > 0).mean(), (found[~positive] <= 0).mean()
    return Measured(scores, float(np.mean(recalls)), _auc(found, positive), _ece(found, positive))


def difference(before: Reals, after: Reals, labels: Whole, *, seed: int) -> tuple[float, float, float]:
    """Return the gain in balanced accuracy with the bounds of its 95 % paired bootstrap interval (by class)."""
    gains = [
        ((after > 0) == (label == 2))[labels == label].astype(float)
        - ((before > 0) == (label == 2))[labels == label].astype(float)
        for label in (0, 2)
    ]
    rng = np.random.default_rng(seed)
    drawn = np.mean([_means(gain, rng) for gain in gains], axis=0)
    low, high = np.quantile(drawn, (0.025, 0.975))
    return float(np.mean([gain.mean() for gain in gains])), float(low), float(high)


def neutral_share(model: LinearModel, texts: Sequence[str]) -> float:
    """Return the share of texts in the neutral band; NaN without texts."""
    if not len(texts):
        return float("nan")
    return float((np.abs(score_of(model.probabilities(list(texts)))) < NEUTRAL_BAND).mean())


def near_copies(texts: Sequence[str], learnt: Sequence[str], idf: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Return which texts have a near copy (`NEAR`) among those that were learnt from."""
    known = weigh(char_features([prepare(text) for text in learnt]), idf).T.tocsc()
    found = [np.zeros(0, dtype=bool)]
    for start in range(0, len(texts), _BATCH):
        rows = weigh(char_features([prepare(text) for text in texts[start : start + _BATCH]]), idf)
        found.append(np.asarray((rows @ known).max(axis=1).todense()).ravel() >= NEAR)
    return np.concatenate(found)


def _means(values: Reals, rng: np.random.Generator) -> Reals:
    """Return bootstrap means; values are −1, 0 or 1, so that drawing is drawing three counts."""
    counts = np.array([(values == value).sum() for value in (-1, 0, 1)])
    drawn = rng.multinomial(len(values), counts / len(values), size=N_DRAWS)
    return np.asarray((drawn[:, 2] - drawn[:, 0]) / len(values), dtype=np.float64)


def _auc(scores: Reals, positive: NDArray[np.bool_]) -> float:
    ranks = pd.Series(scores).rank().to_numpy()
    n, m = int(positive.sum()), int((~positive).sum())
    return float((ranks[positive].sum() - n * (n + 1) / 2) / (n * m))


def _ece(scores: Reals, positive: NDArray[np.bool_]) -> float:
    sure = (scores + 1) / 2
    bins = np.minimum((sure * N_BINS).astype(int), N_BINS - 1)
    gaps = [
        (bins == one).mean() * abs(sure[bins == one].mean() - positive[bins == one].mean())
        for one in range(N_BINS)
        if (bins == one).any()
    ]
    return float(np.sum(gaps))
