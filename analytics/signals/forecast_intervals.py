"""How far forecasts miss: made again from earlier days, and the misses read as an interval (split conformal).

References
----------
.. [1] V. Vovk, A. Gammerman, G. Shafer, Algorithmic Learning in a Random World, 2005, 4.2.
.. [2] R. Hyndman, G. Athanasopoulos, Forecasting: Principles and Practice, 5.10: the rolling origin.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analytics.signals.grid import FloatArray

COVERAGE = 0.80
_LOWER, _UPPER = (1 - COVERAGE) / 2, (1 + COVERAGE) / 2
_NORMAL_QUANTILE = 1.2816
_UNPROVEN = 0.35
"""Without any trial the day's level is taken as this uncertain: a third."""

_N_SIZES = 3
_LEAST_SCORES = 100
_WEEK_DAYS = 7


@dataclass(frozen=True)
class Trial:
    """A forecast made from earlier days, beside what came; arrays of shape (n_days, 24), from the first day ahead."""

    expected: FloatArray
    actual: FloatArray


@dataclass(frozen=True)
class Misses:
    """The misses of trials, in standard deviations.

    Attributes
    ----------
    dispersion : float
        variance = mean + dispersion * mean² is the unit.
    edges : ndarray of float
        Expected contacts that part small hours from middling and busy ones.
    scores : dict of (week ahead, size) to ndarray of float
        Week 0 or 1, size 0 to 2; with fewer than a hundred scores those of all sizes or of the other week stand in.
    """

    dispersion: float
    edges: FloatArray
    scores: dict[tuple[int, int], FloatArray]

    def interval(self, expected: FloatArray, doubt: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the ends of the 80 % interval, shape (n_days, 24) as `expected`.

        `doubt`, shape (n_days,), is the standard deviation of the days' unknown effects, on the logarithm.
        """
        low, high = np.empty_like(expected), np.empty_like(expected)
        size = np.searchsorted(self.edges, expected)
        week = np.minimum(np.arange(len(expected)) // _WEEK_DAYS, 1)
        spread = _spread(expected, self.dispersion)
        for (of_week, of_size), scores in self.scores.items():
            here = (week == of_week)[:, None] & (size == of_size)
            for ends, quantile in ((low, _LOWER), (high, _UPPER)):
                ends[here] = (expected + _quantile(scores, quantile) * spread)[here]
        unknown = _NORMAL_QUANTILE * doubt[:, None] * expected
        below = np.hypot(np.maximum(expected - low, 0.0), unknown)
        above = np.hypot(np.maximum(high - expected, 0.0), unknown)
        # The forecast itself may lie outside its trials' misses where these lean to one side: then it is an end.
        return np.maximum(expected - below, 0.0), expected + above


def misses_of(trials: Sequence[Trial], dispersion: float) -> Misses:
    """Return what trials missed by; without trials, a wide interval of a normal distribution.

    Examples
    --------
    >>> expected = np.full((14, 24), 100.0)
    >>> actual = np.random.default_rng(1).poisson(expected).astype(float)
    >>> low, high = misses_of([Trial(expected, actual)], 0.0).interval(expected, np.zeros(14))
    >>> bool(80 < low.mean() < 92 and 108 < high.mean() < 120)
    True
    """
    if not trials:
        normal = np.array([-_NORMAL_QUANTILE, _NORMAL_QUANTILE])
        scores = {(week, size): normal for week in range(2) for size in range(_N_SIZES)}
        return Misses(dispersion + _UNPROVEN**2, np.array([np.inf, np.inf]), scores)
    expected = np.concatenate([trial.expected.ravel() for trial in trials])
    actual = np.concatenate([trial.actual.ravel() for trial in trials])
    week = np.concatenate([np.repeat(np.arange(len(t.expected)) // _WEEK_DAYS, 24) for t in trials])
    edges = np.quantile(expected, np.arange(1, _N_SIZES) / _N_SIZES)
    size = np.searchsorted(edges, expected)
    scores = (actual - expected) / _spread(expected, dispersion)
    found = {}
    for of_week in range(2):
        for of_size in range(_N_SIZES):
            choices = ((week == of_week) & (size == of_size), size == of_size, np.ones(len(size), dtype=bool))
            chosen = next((at for at in choices if at.sum() >= _LEAST_SCORES), choices[-1])
            found[of_week, of_size] = scores[chosen]
    return Misses(dispersion, edges, found)


def _spread(expected: FloatArray, dispersion: float) -> FloatArray:
    # A hundredth of a contact, so that an hour that never brings one has a unit.
    return np.asarray(np.sqrt(expected + dispersion * expected**2 + 0.01))


def _quantile(scores: FloatArray, share: float) -> float:
    """Return the quantile that a new score lies below with probability `share` at least (above, for the lower end)."""
    n = len(scores)
    if n < _LEAST_SCORES:
        return float(np.quantile(scores, 0.0 if share < 0.5 else 1.0))
    rank = np.ceil(share * (n + 1)) if share > 0.5 else np.floor(share * (n + 1))
    return float(np.sort(scores)[int(np.clip(rank, 1, n)) - 1])
