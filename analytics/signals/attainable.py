"""What p-values rare keys can have at all: a correction that does not pay for what cannot happen.

A key that is said twice a week has, in an hour, p-values of 1, .01, .0001 and so on, and none between: its chance of
p ≤ .005 is .0001 and not .005. Where most keys are rare, a correction that takes p at its word is several times
stricter than it says. Heyse [1]_ puts in the place of `p × number of tests` the sum of these chances; Döhler, Durand
and Roquain [2]_ show that the share of false alarms stays bounded.

.. [1] J. F. Heyse, "A False Discovery Rate Procedure for Categorical Data", 2011.
.. [2] S. Döhler, G. Durand, E. Roquain, "New FDR bounds for discrete and heterogeneous tests", EJS 12(1), 2018.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.signals.baseline import upper_tail
from analytics.signals.grid import FloatArray

_RATE_STEPS, _SPREAD_STEPS = 10, 4
"""Cells by e-fold of rate and of dispersion: keys of a cell lie within 5 % and 13 % of it, less than the level itself
is unsure."""

_COMMON_MEAN = 2.0
"""Expected contacts above which counts are fine enough to take p at its word."""


_CERTAIN = 1e-12
"""P-values up to which no correction makes a difference."""


@dataclass(frozen=True)
class Family:
    """Keys that are tested together, in cells of like rate and dispersion.

    Attributes
    ----------
    rate, spread, keys : ndarray of float, each of shape (n_cells,)
        Contacts per unit of exposure, dispersion, and number of keys.
    newcomer : int
        Cell of a key never seen before.
    """

    rate: FloatArray
    spread: FloatArray
    keys: FloatArray
    newcomer: int

    def with_newcomers(self, n: int) -> FloatArray:
        """Return the number of keys in each cell when `n` keys have come up for the first time."""
        more = self.keys.copy()
        more[self.newcomer] += n
        return more


def family_of(rate: FloatArray, spread: FloatArray, newcomer: tuple[float, float]) -> Family:
    """Put keys of these rates and dispersions, and the newcomer's, into cells.

    Examples
    --------
    >>> family = family_of(np.array([0.1, 0.101, 3.0]), np.array([0.5, 0.5, 0.5]), (0.001, 2.0))
    >>> family.keys.tolist(), family.newcomer
    ([0.0, 2.0, 1.0], 0)
    """
    rates, spreads = (np.append(values, value) for values, value in zip((rate, spread), newcomer, strict=True))
    cell = np.stack(
        [
            np.rint(np.log(np.maximum(rates, 1e-300)) * _RATE_STEPS),
            np.rint(np.log(np.maximum(spreads, 1e-8)) * _SPREAD_STEPS),
        ],
        axis=1,
    )
    cells, place, count = np.unique(cell, axis=0, return_inverse=True, return_counts=True)
    own = int(place.reshape(-1)[-1])
    keys = count.astype(np.float64)
    keys[own] -= 1
    return Family(np.exp(cells[:, 0] / _RATE_STEPS), np.exp(cells[:, 1] / _SPREAD_STEPS), keys, own)


def expected_below(p: FloatArray, mean: FloatArray, spread: FloatArray, keys: FloatArray, least: int) -> FloatArray:
    """Return how many keys are expected to reach each p-value by chance.

    Parameters
    ----------
    p : ndarray of float, shape (n,)
        P-values, above 0.
    mean, spread, keys : ndarray of float, each of shape (n_cells,)
        Expected contacts of a key of the cell, its dispersion, and keys in the cell.
    least : int
        Contacts below which a key has p = 1.

    Returns
    -------
    ndarray of float, shape (n,)
        At most p × the number of keys.

    Examples
    --------
    >>> mean, one = np.array([0.01]), np.array([1.0])
    >>> expected_below(np.array([0.005]), mean, 1e-6 * one, 1000 * one, 1).round(3)   # 1000 × P(N ≥ 2)
    array([0.05])
    """
    rare, close = (mean <= _COMMON_MEAN) & (keys > 0), p > _CERTAIN
    expected = p * np.where(close, keys[~rare].sum(), keys.sum())
    if close.any():
        expected[close] += _below(p[close], mean[rare], spread[rare], keys[rare], least)
    return np.asarray(expected)


def _below(p: FloatArray, mean: FloatArray, spread: FloatArray, keys: FloatArray, least: int) -> FloatArray:
    expected, waiting = np.zeros(len(p)), np.ones((len(p), len(mean)), dtype=bool)
    floor = float(p.min())
    active, count = np.arange(len(mean)), least
    while active.size:
        tail = upper_tail(np.full(len(active), float(count)), mean[active], spread[active])
        reached = waiting[:, active] & (tail <= p[:, None])
        expected = expected + (reached * (tail * keys[active])).sum(axis=1)
        waiting[:, active] &= ~reached
        active, count = active[tail > floor], count + 1
    return np.asarray(expected)
