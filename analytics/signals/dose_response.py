"""How much lower the mood is after a longer wait, learnt on other contacts than those of the fall."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from analytics.signals.grid import FloatArray, IntArray

CAP_MINUTES = 10.0

_SATURATING, _LOGARITHMIC = "saturating", "logarithmic"
SHAPES = (
    *((_SATURATING, minutes) for minutes in (1.0, 1.5, 2.0, 3.0, 4.5, 7.0, 12.0, float("inf"))),
    *((_LOGARITHMIC, minutes) for minutes in (0.3, 1.0, 3.0)),
)
"""Ways in which waiting may work: all the same minute by minute up to the cap (bends after infinitely many minutes), or
less and less after so many minutes, coming to an end or not. Dense enough that one of them is near any such course."""

_MIN_CONTACTS, _MIN_DAYS = 50, 5
_ROUNDS = 4
"""Of taking out group means in turn; the groups are nearly independent, and few rounds bring them below 1e-3."""


@dataclass(frozen=True)
class Shape:
    """One shape of the effect of waiting, as fitted.

    Attributes
    ----------
    kind, minutes : str, float
        Of `SHAPES`.
    slope, error : float
        Points of score for a dose of 1, and the standard error of that.
    weight : float
        How well the shape fits against the others, 0 to 1; all of a response add up to 1.
    """

    kind: str
    minutes: float
    slope: float
    error: float
    weight: float


@dataclass(frozen=True)
class DoseResponse:
    """Effect of a reply delay on the score: a mean over shapes, by how well each fits.

    Attributes
    ----------
    shapes : sequence of Shape
        None where nothing can be said.
    freedom : int
        Degrees of freedom of the standard errors: days less one.
    """

    shapes: Sequence[Shape]
    freedom: int = 1

    def effect(self, seconds: FloatArray) -> FloatArray:
        """Return the change of score with each delay against no delay; NaN stays NaN."""
        parts = [shape.weight * shape.slope * dose(seconds, shape.kind, shape.minutes) for shape in self.shapes]
        return np.asarray(sum(parts, np.where(np.isnan(seconds), np.nan, 0.0)))

    def half_width(self, now: FloatArray, usual: FloatArray) -> float:
        """Return half the 95 % interval of the mean effect of delays `now` against `usual`; seconds, none missing.

        Both that the slopes are estimates and that the shape is not known are in it.
        """
        by_shape = [[dose(part, s.kind, s.minutes).mean() for part in (now, usual)] for s in self.shapes]
        doses = np.array([during - before for during, before in by_shape])
        weight, slope, error = (np.array([getattr(s, name) for s in self.shapes]) for name in _FITTED)
        effects = slope * doses
        variance = weight @ ((error * doses) ** 2 + (effects - weight @ effects) ** 2)
        return float(stats.t.ppf(0.975, self.freedom) * np.sqrt(variance))


_FITTED = ("weight", "slope", "error")

UNKNOWN = DoseResponse(())
"""Nothing can be said: too few contacts or days with a known delay, or no variation of it."""


def dose(seconds: FloatArray, kind: str, minutes: float) -> FloatArray:
    """Return the dose of each delay in a shape of `SHAPES`; about 1 a minute for short ones.

    Examples
    --------
    >>> dose(np.array([60.0, 300.0, 3600.0]), "saturating", float("inf")).tolist()
    [1.0, 5.0, 10.0]
    >>> float(dose(np.array([300.0]), "saturating", 2.0)[0].round(2))
    1.84
    """
    waited = np.clip(np.asarray(seconds) / 60, 0.0, CAP_MINUTES)
    if np.isinf(minutes):
        return waited
    bent = np.log1p(waited / minutes) if kind == _LOGARITHMIC else -np.expm1(-waited / minutes)
    return np.asarray(minutes * bent)


def dose_response(contacts: pd.DataFrame) -> DoseResponse:
    """Return the effect of reply delay on score, among contacts that are alike but for it.

    Least squares after the means of (channel, topic) and of `setting` are taken out, so that neither slow channels,
    topics or hours of bad mood pass for the effect of waiting; intervals are robust to likeness within a day [1]_.
    On short waits alone a bent effect cannot be told from a straight one: each shape of `SHAPES` counts by its
    likelihood [2]_, and what they disagree on widens the interval.

    Parameters
    ----------
    contacts : DataFrame
        channel, topic_id, day, setting (channel and hour of the day; of a fall, a value of its own, so that only
        contacts of the same fall are compared), sentiment_score, response_seconds. Rows without a delay are not used.

    References
    ----------
    .. [1] A. C. Cameron, D. L. Miller, "A Practitioner's Guide to Cluster-Robust Inference", J. Hum. Resour. 50, 2015.
    .. [2] K. P. Burnham, D. R. Anderson, "Model Selection and Multimodel Inference", 2nd ed. 2002, sec. 4.2.
    """
    known = contacts[contacts["response_seconds"].notna()]
    if len(known) < _MIN_CONTACTS or known["day"].nunique() < _MIN_DAYS:
        return UNKNOWN
    seconds = known["response_seconds"].to_numpy(dtype=np.float64)
    doses = [dose(seconds, *shape) for shape in SHAPES]
    score = known["sentiment_score"].to_numpy(dtype=np.float64)
    topic: IntArray = np.asarray(known.groupby(["channel", known["topic_id"].fillna("")]).ngroup(), dtype=np.int64)
    setting = pd.factorize(known["setting"])[0].astype(np.int64)
    centred = _centred(np.stack([score, *doses]), [topic, setting])
    days = pd.factorize(known["day"])[0].astype(np.int64)
    fits = [_fit(part, centred[0], days) for part in centred[1:]]
    if any(fit is None for fit in fits):
        return UNKNOWN
    slope, error, rest = np.array(fits, dtype=np.float64).T
    support = -0.5 * len(known) * np.log(np.maximum(rest, 1e-12) / max(rest.min(), 1e-12))
    weight = np.exp(support) / np.exp(support).sum()
    fitted = zip(SHAPES, slope.tolist(), error.tolist(), weight.tolist(), strict=True)
    return DoseResponse(tuple(Shape(*shape, *rest) for shape, *rest in fitted), int(days.max()))


def _centred(values: FloatArray, groups: Sequence[IntArray]) -> FloatArray:
    """Return rows of values less the means of both groupings, taken out in turn until they are gone."""
    sizes = [np.maximum(np.bincount(group), 1) for group in groups]
    left = values.copy()
    for _ in range(_ROUNDS):
        for group, size in zip(groups, sizes, strict=True):
            for row in left:
                row -= (np.bincount(group, row) / size)[group]
    return left


def _fit(dosed: FloatArray, score: FloatArray, days: IntArray) -> tuple[float, float, float] | None:
    """Return slope, its standard error and the sum of squares left; None where the dose does not vary."""
    scale = float(dosed @ dosed)
    if scale < 1e-9:
        return None
    slope = float(dosed @ score) / scale
    residual = score - slope * dosed
    by_day = np.bincount(days, dosed * residual)
    n_days = len(by_day)
    error = np.sqrt(float(by_day @ by_day) * n_days / (n_days - 1)) / scale
    return slope, float(error), float(residual @ residual)
