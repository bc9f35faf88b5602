"""Is a count more than its past explains: the tail of a negative binomial around the usual count of a day.

The rate of a term is known from `total` contacts in the past only, which may be none: Jeffreys' prior for a Poisson
rate gives a gamma distribution of the rate and so a negative binomial for the day [1]_. Real counts scatter more than
Poisson's; the excess is estimated over all terms together, since one term alone shows too little of it.

References
----------
.. [1] A. Gelman et al., "Bayesian Data Analysis", 3rd ed. 2013, ch. 2.6 and 2.8.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betainc

Reals = NDArray[np.float64]

PRIOR_COUNT = 0.5
"""Jeffreys' prior: a term never said is rare, not impossible."""
PRIOR_DISPERSION, PRIOR_WEIGHT = 0.1, 50.0
"""What is believed of the over-dispersion before anything is counted, and the sum of squared expectations at which
the counts weigh as much as that: days of service contacts scatter by a third around their mean."""


def tail_p_values(
    observed: ArrayLike, total: ArrayLike, *, exposure: float, exposure_before: float, dispersion: float
) -> Reals:
    """Return the probability of so many contacts or more, if nothing had changed.

    Parameters
    ----------
    observed : array_like of int, shape (n_terms,)
        Contacts of the day that say the term.
    total : array_like of int, shape (n_terms,)
        Contacts of all the days before that did.
    exposure, exposure_before : float
        All contacts of the day, and of the days before (above 0).
    dispersion : float
        Variance of a day's count = mean + dispersion × mean².

    Returns
    -------
    ndarray of float, shape (n_terms,)

    Examples
    --------
    >>> tail_p_values([3, 15, 15], [0, 0, 300], exposure=600, exposure_before=16800, dispersion=0.1).round(4)
    array([0.    , 0.    , 0.2001])
    """
    n, past = np.asarray(observed, dtype=np.float64), np.asarray(total, dtype=np.float64) + PRIOR_COUNT
    mean = past * exposure / exposure_before
    size = 1.0 / (1.0 / past + dispersion)
    tail = betainc(np.maximum(n, 1e-300), size, mean / (mean + size))
    return np.asarray(np.where(n <= 0, 1.0, np.clip(tail, 0.0, 1.0)))


def pooled_dispersion(sums: ArrayLike, squares: ArrayLike, products: ArrayLike, exposures: ArrayLike) -> float:
    """Return the over-dispersion of the days' counts, all terms pooled, drawn to the prior where they say little.

    Parameters
    ----------
    sums, squares, products : array_like of float, shape (n_terms,)
        Over the days: of counts, of squared counts, of counts × exposure.
    exposures : array_like of float, shape (n_days,)
        All contacts of each day.

    Examples
    --------
    >>> pooled_dispersion([300.0], [9000.0], [30_000.0], np.full(10, 100.0)) < 0.1
    True
    """
    total, squared, crossed = (np.asarray(values, dtype=np.float64) for values in (sums, squares, products))
    exposure = np.asarray(exposures, dtype=np.float64)
    rate = total / max(float(exposure.sum()), 1e-12)
    scale = rate**2 * float((exposure**2).sum())
    excess = squared - 2 * rate * crossed + scale - total
    # A mean fitted to n days leaves n - 1 of them free.
    excess += total / max(len(exposure), 1)
    weight = 1.0 / (1.0 + scale / PRIOR_WEIGHT)  # no single frequent term decides
    found = float((weight * excess).sum()) + PRIOR_WEIGHT * PRIOR_DISPERSION
    return max(found / (float((weight * scale).sum()) + PRIOR_WEIGHT), PRIOR_DISPERSION / 10)
