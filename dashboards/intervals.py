"""Intervals of what a screen shows: shares and means."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

from analytics.share_changes import Z_95 as Z_95

SMALL_N = 30
"""Below this many contacts a number is greyed; the customary floor for a normal interval."""

Floats = npt.NDArray[np.float64]


def wilson(successes: Sequence[float] | Floats, trials: Sequence[float] | Floats) -> tuple[Floats, Floats]:
    """Return the Wilson 95 % interval of shares; (0, 1) where there were no trials.

    Parameters
    ----------
    successes, trials : array_like, shape (n,)
        0 <= successes <= trials.

    Returns
    -------
    low, high : ndarray, shape (n,)

    References
    ----------
    .. [1] E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", JASA 22, 1927.

    Examples
    --------
    >>> low, high = wilson([8], [10])
    >>> float(low[0].round(3)), float(high[0].round(3))
    (0.49, 0.943)
    """
    k, n = np.asarray(successes, float), np.asarray(trials, float)
    safe = np.maximum(n, 1)
    share = k / safe
    centre = (share + Z_95**2 / (2 * safe)) / (1 + Z_95**2 / safe)
    half = Z_95 / (1 + Z_95**2 / safe) * np.sqrt(share * (1 - share) / safe + Z_95**2 / (4 * safe**2))
    return np.where(n > 0, np.clip(centre - half, 0, 1), 0.0), np.where(n > 0, np.clip(centre + half, 0, 1), 1.0)


def mean_interval(mean: Floats, deviation: Floats, n: Floats) -> tuple[Floats, Floats]:
    """Return Student's 95 % interval of mean scores, inside [-1, 1]; the whole range below two observations.

    Parameters
    ----------
    mean, deviation, n : ndarray, shape (k,)
        Mean, sample standard deviation and number of contacts of each group.

    Examples
    --------
    >>> low, high = mean_interval(np.array([0.0]), np.array([0.5]), np.array([100.0]))
    >>> float(high[0].round(3))
    0.099
    """
    quantile = stdtrit(np.maximum(n - 1, 1), 0.975)
    half = np.where(n > 1, quantile * deviation / np.sqrt(np.maximum(n, 1)), 2.0)
    return np.clip(mean - half, -1, 1), np.clip(mean + half, -1, 1)
