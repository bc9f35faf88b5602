"""Adapt the shipped model to a site: logistic regression whose prior is the model there is.

The shipped model says of a text how positive rather than negative it is, z, and how neutral rather than either, n. The
new one says ``a z + b + x w`` and, where people said what is neutral, ``n + c + x u``; x are the shipped model's own
features. An L2 penalty draws w and u to 0 and a to 1, so that with few labels little changes, and what the site never
says stays as it was (a known model as the centre of the new weights: Evgeniou and Pontil, "Regularized multi-task
learning", KDD 2004). The result is again a `LinearModel`: as fast, in the same file format.

Stars say whether a customer is content, not whether a sentence of his is neutral: they teach z alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse
from numpy.typing import NDArray
from scipy.optimize import minimize
from threadpoolctl import threadpool_limits

from analytics.errors import EmptyInputError
from analytics.sentiment.features import char_features, prepare
from analytics.sentiment.linear import LinearModel, weigh
from analytics.sentiment.mood import NEUTRAL_BAND, score_of

STRENGTHS = (3.0, 1.0, 0.3, 0.1)
"""Penalties that are tried, the strongest first."""
N_FOLDS = 4
REHEARSAL_SHARE = 0.5
"""Weight of all rehearsed neutral turns, as a share of the weight of the site's labels."""
_SCALE_PENALTY = 1.0
_MAX_ITERATIONS = 60
_MAX_RAISED = 4.0
_NEGATIVE, _NEUTRAL, _POSITIVE = 0, 1, 2

Reals = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Labelled:
    """Texts of a site with their labels.

    Attributes
    ----------
    texts : sequence of str, length n
        As `utterance.text_simplified` has them.
    labels : ndarray of int64, shape (n,)
        Place in schema.LABELS: 0 negative, 1 neutral, 2 positive.
    weights : ndarray of float64, shape (n,)
        How much each counts; above 0.
    contacts : ndarray of object, shape (n,)
        contact_id of each; texts of one contact are never parted by cross-validation.
    judged : ndarray of bool, shape (n,)
        Whether a person chose among the three. Otherwise the label comes of stars, and is never neutral.
    """

    texts: Sequence[str]
    labels: Whole
    weights: Reals
    contacts: NDArray[np.object_]
    judged: NDArray[np.bool_]


@dataclass(frozen=True)
class Adapted:
    """An adapted model, the penalty that was chosen, and the loss in cross-validation by penalty."""

    model: LinearModel
    strength: float
    losses: dict[float, float]


def adapt(base: LinearModel, site: Labelled, neutral: Sequence[str], *, seed: int) -> Adapted:
    """Adapt a model to labelled texts of a site.

    Parameters
    ----------
    base : LinearModel
        The shipped model.
    site : Labelled
        At least one negative and one positive text. Both classes are made to weigh the same: a mood is to come from
        what is said, not from how often the site hears it.
    neutral : sequence of str
        Neutral turns. The new model's neutral class is raised until as many of them are neutral as were before, and
        where people judged texts they are rehearsed, so that neutral talk stays neutral.
    seed : int
        Of the folds.

    Returns
    -------
    Adapted
        The same bytes for the same input.

    Raises
    ------
    EmptyInputError
        If a class is missing.
    """
    if not {_NEGATIVE, _POSITIVE} <= set(site.labels.tolist()):
        raise EmptyInputError("adapt: expected negative and positive texts, got one class only")
    with threadpool_limits(1):  # vectors too short to share among threads, and sums in one order
        known = _problem(base, site, neutral if site.judged.any() else ())
        folds = _folds(site.contacts, seed)
        tried = {strength: _out_of_fold(known, folds, strength) for strength in STRENGTHS}
        losses = {strength: _log_loss(known, found) for strength, found in tried.items()}
        chosen = min(losses, key=lambda strength: (losses[strength], -strength))
        change = _fit(known.balanced(), chosen)
        level, shift = _recentre(known, tried[chosen])
    return Adapted(_neutral_kept(base, _changed(base, change, level, shift), neutral), chosen, losses)


@dataclass(frozen=True)
class _Problem:
    """Rows of texts; the last ones, if `rehearsed`, are neutral turns that are not the site's."""

    features: scipy.sparse.csr_matrix
    polarity: Reals
    neutrality: Reals
    labels: Whole
    weights: Reals
    judged: NDArray[np.bool_]
    rehearsed: NDArray[np.bool_]

    def take(self, rows: Whole) -> _Problem:
        return _Problem(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))

    def balanced(self) -> _Problem:
        """Let negative and positive weigh the same, and rehearsed turns their share."""
        weights = self.weights.copy()
        polar = [~self.rehearsed & (self.labels == label) for label in (_NEGATIVE, _POSITIVE)]
        half = sum(weights[rows].sum() for rows in polar) / 2
        for rows in polar:
            weights[rows] *= half / max(weights[rows].sum(), 1e-12)
        share = REHEARSAL_SHARE * weights[~self.rehearsed].sum() / max(self.rehearsed.sum(), 1)
        return replace(self, weights=np.where(self.rehearsed, share, weights))


@dataclass(frozen=True)
class _Change:
    """a, b, w (n_columns) of the polarity; c, u (n_columns) of the neutrality; columns of the features."""

    scale: float
    shift: float
    polarity: Reals
    neutral_shift: float
    neutrality: Reals
    columns: Whole


def _problem(base: LinearModel, site: Labelled, neutral: Sequence[str]) -> _Problem:
    features = weigh(char_features([prepare(text) for text in [*site.texts, *neutral]]), base.idf)
    logits = np.asarray(features @ base.coefficients + base.intercepts, dtype=np.float64)
    n, n_neutral = len(site.texts), len(neutral)
    return _Problem(
        features,
        logits[:, _POSITIVE] - logits[:, _NEGATIVE],
        logits[:, _NEUTRAL] - (logits[:, _POSITIVE] + logits[:, _NEGATIVE]) / 2,
        np.concatenate([site.labels, np.full(n_neutral, _NEUTRAL)]),
        np.concatenate([site.weights, np.ones(n_neutral)]),
        np.concatenate([site.judged, np.ones(n_neutral, dtype=bool)]),
        np.arange(n + n_neutral) >= n,
    )


def _folds(contacts: NDArray[np.object_], seed: int) -> Whole:
    ids, of_text = np.unique(contacts.astype(str), return_inverse=True)
    dealt = np.random.default_rng(seed).permutation(len(ids)) % N_FOLDS
    return np.asarray(dealt[of_text], dtype=np.int64)


def _out_of_fold(known: _Problem, folds: Whole, strength: float) -> Reals:
    """Return the polarity of each of the site's texts by a model that did not see its contact."""
    found = known.polarity[: len(folds)].copy()
    for fold in range(N_FOLDS):
        kept = np.concatenate([np.flatnonzero(folds != fold), np.flatnonzero(known.rehearsed)])
        labels = set(known.labels[kept].tolist())
        rows = np.flatnonzero(folds == fold)
        if {_NEGATIVE, _POSITIVE} <= labels and len(rows):
            change = _fit(known.take(kept).balanced(), strength)
            own = known.features[rows][:, change.columns]
            found[rows] = change.scale * known.polarity[rows] + change.shift + own @ change.polarity
    return found


def _polar(known: _Problem, found: Reals) -> tuple[Reals, Reals, Reals]:
    """Return polarity, ±1 and balanced weight of the site's polar texts."""
    rows = np.flatnonzero(~known.rehearsed & (known.labels != _NEUTRAL))
    signs = (known.labels[rows] - 1).astype(np.float64)
    return found[rows], signs, known.balanced().weights[rows]


def _log_loss(known: _Problem, found: Reals) -> float:
    polarity, sign, weights = _polar(known, found)
    return float(weights @ np.logaddexp(0, -sign * polarity) / weights.sum())


def _recentre(known: _Problem, found: Reals) -> tuple[float, float]:
    """Return level and shift with which out-of-fold polarities are best calibrated (Platt's scaling).

    Where one class is rare the fit knows its few texts by heart, and puts the border too near to them.
    """
    polarity, sign, weights = _polar(known, found)

    def loss(values: Reals) -> tuple[float, Reals]:
        margin = sign * (values[0] * polarity + values[1])
        slope = -weights * sign * _sigmoid(-margin)
        return float(weights @ np.logaddexp(0, -margin)), np.array([slope @ polarity, slope.sum()])

    level, shift = minimize(loss, np.array([1.0, 0.0]), jac=True, method="L-BFGS-B", bounds=[(0.2, 3), (-3, 3)]).x
    return float(level), float(shift)


def _fit(given: _Problem, strength: float) -> _Change:
    columns = np.unique(given.features.indices)
    own = given.features[:, columns].astype(np.float64).tocsr()
    turned = own.T.tocsr()
    target = np.eye(3)[given.labels]
    n_columns, judges = len(columns), bool(given.judged.any())
    unasked = np.where(given.judged, 0.0, -np.inf)

    def loss(values: Reals) -> tuple[float, Reals]:
        w, u = values[3 : 3 + n_columns], values[3 + n_columns :]
        z = values[0] * given.polarity + values[1] + own @ w
        n = given.neutrality + values[2] + (own @ u if judges else 0.0)
        found = _softmax(np.stack([-z / 2, n + unasked, z / 2], axis=1))
        wrong = given.weights[:, None] * (found - target)
        of_z, of_n = (wrong[:, _POSITIVE] - wrong[:, _NEGATIVE]) / 2, wrong[:, _NEUTRAL]
        likely = np.log(np.maximum((found * target).sum(axis=1), 1e-300))
        penalty = strength / 2 * float(w @ w + u @ u) + _SCALE_PENALTY / 2 * (values[0] - 1) ** 2
        slope = [of_z @ given.polarity + _SCALE_PENALTY * (values[0] - 1), of_z.sum(), of_n.sum()]
        parts = [np.array(slope), turned @ of_z + strength * w]
        return penalty - float(given.weights @ likely), np.concatenate(
            [*parts, turned @ of_n + strength * u] if judges else parts
        )

    start = np.concatenate([[1.0], np.zeros(2 + n_columns * (2 if judges else 1))])
    options = {"maxiter": _MAX_ITERATIONS, "ftol": 1e-6}
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options=options).x
    u = found[3 + n_columns :] if judges else np.zeros(n_columns)
    return _Change(float(found[0]), float(found[1]), found[3 : 3 + n_columns], float(found[2]), u, columns)


def _changed(base: LinearModel, change: _Change, level: float, shift: float) -> LinearModel:
    def turned(weights: Reals, polar: Reals | float, neutral: Reals | float) -> NDArray[np.float32]:
        """Put new polarity and neutrality into weights, shape (…, 3), whose middle of the poles stays."""
        middle = (weights[..., _POSITIVE] + weights[..., _NEGATIVE]) / 2
        z = level * (change.scale * (weights[..., _POSITIVE] - weights[..., _NEGATIVE]) + polar)
        found = np.stack([middle - z / 2, weights[..., _NEUTRAL] + neutral, middle + z / 2], axis=-1)
        return np.ascontiguousarray(found, dtype=np.float32)

    w, u = np.zeros(len(base.coefficients)), np.zeros(len(base.coefficients))
    w[change.columns], u[change.columns] = change.polarity, change.neutrality
    return replace(
        base,
        coefficients=turned(base.coefficients.astype(np.float64), w, u),
        intercepts=turned(base.intercepts.astype(np.float64), change.shift + shift / level, change.neutral_shift),
    )


def _neutral_kept(base: LinearModel, model: LinearModel, neutral: Sequence[str]) -> LinearModel:
    """Raise the neutral intercept until as large a share of the neutral turns lies in the neutral band as before."""
    if not neutral:
        return model
    before = float((np.abs(score_of(base.probabilities(neutral))) < NEUTRAL_BAND).mean())
    found = model.probabilities(neutral).astype(np.float64)
    for raised in np.arange(0.0, _MAX_RAISED, 0.1):
        given = found * np.array([1.0, np.exp(raised), 1.0])
        scores = score_of(given / given.sum(axis=1, keepdims=True))
        if (np.abs(scores) < NEUTRAL_BAND).mean() >= before:
            break
    intercepts = (model.intercepts + np.array([0.0, raised, 0.0])).astype(np.float32)
    return replace(model, intercepts=intercepts)


def _softmax(logits: Reals) -> Reals:
    exponents = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(exponents / exponents.sum(axis=1, keepdims=True), dtype=np.float64)


def _sigmoid(values: Reals) -> Reals:
    return np.asarray(1 / (1 + np.exp(-np.clip(values, -50, 50))), dtype=np.float64)
