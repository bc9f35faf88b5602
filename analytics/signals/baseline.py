"""What a series should count in a window, and how surprising it is to count more.

The expectation of a key is `rate × exposure`: the exposure is the volume of the moment (all contacts of the channel in
the same window), which carries the hour-of-week profile of the channel and makes a busy day no news; the rate is the
level of the key over the days before, robust to what has spiked in them. Counts are negative binomial around it.

Nothing here looks at the tested day or later, so that a rerun over the past says what the live run said.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import betainc

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

RECENT_DAYS = 7
"""What has held on four of the last seven days is the new usual, not an alarm every day for weeks."""

PRIOR_COUNT = 0.5
"""Jeffreys' prior for a Poisson rate: a key never seen is rare, not impossible."""

_TRIM_LONG, _TRIM_RECENT = 0.15, 0.45
_CAP_SDS, _CAP_SLACK = 3.0, 1.5
_NORMAL_IQR = 1.349
"""Distance of the quartiles of a normal distribution, in standard deviations."""

_DISPERSION_PRIOR_WEIGHT = 40.0
"""Sum of squared expectations at which a key's own dispersion weighs as much as the pooled one.

A moment estimate of dispersion has variance 2 / sum(mean^2) near the Poisson [1]_; 40 is a prior sd of about 0.2.

.. [1] A. C. Cameron, P. K. Trivedi, "Regression Analysis of Count Data", 2nd ed. 2013, ch. 3.
"""


_CAUTION_SDS = 1.5
"""Standard deviations by which the dispersion used lies above the estimate; see benchmarks/signals.py."""


@dataclass(frozen=True)
class Level:
    """Usual rate of each key.

    Attributes
    ----------
    rate : ndarray of float, shape (n_keys,)
        Contacts with the key per unit of exposure.
    support : ndarray of float, shape (n_keys,)
        Contacts that the rate rests on, at least `PRIOR_COUNT`; the fewer, the less sure.
    usual : ndarray of bool, shape (n_keys, n_days)
        Days that were not capped as a spike of their own.
    """

    rate: FloatArray
    support: FloatArray
    usual: BoolArray


def robust_level(counts: FloatArray, exposure: FloatArray, normal: BoolArray | None = None) -> Level:
    """Return the usual rate of each key over past days; a past spike hardly moves it.

    The mean after days above `mean + 3 sd` are cut down to that bound, begun from the mean without the highest days:
    unlike a median it is not zero for a word said every third day. The sd is that of a Poisson count or, where larger,
    the one that the quartiles of the days show. The last seven days count as well where they are higher on most of
    them.

    Parameters
    ----------
    counts : ndarray of float, shape (n_keys, n_days)
        Contacts a day.
    exposure : ndarray of float, shape (n_days,)
        Volume of the same days.
    normal : ndarray of bool, shape (n_keys, n_days), optional
        Days that count in full because a person called their rise normal.

    Examples
    --------
    >>> quiet = np.tile([3.0, 4.0, 2.0, 3.0], 7)[None, :]
    >>> spiked = np.where(np.arange(28) == 20, 300.0, quiet)
    >>> exposure = np.full(28, 600.0)
    >>> (600 * robust_level(quiet, exposure).rate).round(1), (600 * robust_level(spiked, exposure).rate).round(1)
    (array([3.]), array([3.3]))
    """
    low, high = np.quantile(counts / np.maximum(exposure, 1e-12), (0.25, 0.75), axis=1)
    spread = (high - low) / _NORMAL_IQR
    kept = np.zeros(counts.shape, dtype=bool) if normal is None else normal
    long_sum, usual = _capped_sum(counts, exposure, (spread, kept), trim=_TRIM_LONG)
    recent_exposure = exposure[-RECENT_DAYS:]
    lately = spread, kept[:, -RECENT_DAYS:]
    recent_sum, _ = _capped_sum(counts[:, -RECENT_DAYS:], recent_exposure, lately, trim=_TRIM_RECENT)
    total, recent = max(float(exposure.sum()), 1e-12), max(float(recent_exposure.sum()), 1e-12)
    long_rate, recent_rate = (long_sum + PRIOR_COUNT) / total, recent_sum / recent
    newer = recent_rate > long_rate
    return Level(
        rate=np.where(newer, recent_rate, long_rate),
        support=np.where(newer, recent_sum, long_sum) + PRIOR_COUNT,
        usual=usual,
    )


def _capped_sum(
    counts: FloatArray, exposure: FloatArray, bounds: tuple[FloatArray, BoolArray], *, trim: float
) -> tuple[FloatArray, BoolArray]:
    spread, in_full = bounds
    n_days = counts.shape[1]
    rates = counts / np.maximum(exposure, 1e-12)
    n_kept = n_days - int(np.floor(trim * n_days))
    lowest = np.argpartition(rates, n_kept - 1, axis=1)[:, :n_kept]
    kept = np.take_along_axis(counts, lowest, axis=1).sum(axis=1)
    rate = kept / np.maximum(exposure[lowest].sum(axis=1), 1e-12)
    capped = counts
    for _ in range(3):
        mean = rate[:, None] * exposure
        sd = np.maximum(np.sqrt(mean), spread[:, None] * exposure)
        capped = np.where(in_full, counts, np.minimum(counts, mean + _CAP_SDS * sd + _CAP_SLACK))
        rate = capped.sum(axis=1) / max(float(exposure.sum()), 1e-12)
    return capped.sum(axis=1), counts <= capped


@dataclass(frozen=True)
class DaySums:
    """Sums over the windows that end in each local day, enough to take squared residuals around any rate.

    `counts`, `squares` and `products` (count × exposure) have shape (n_keys, n_days); `exposure` and
    `exposure_squares` have shape (n_days,).
    """

    counts: FloatArray
    squares: FloatArray
    products: FloatArray
    exposure: FloatArray
    exposure_squares: FloatArray


@dataclass(frozen=True)
class Dispersion:
    """Over-dispersion of each key: variance = mean + dispersion × mean².

    Attributes
    ----------
    value : ndarray of float, shape (n_keys,)
        The estimate: at least half of the pooled value, never negative.
    error : ndarray of float, shape (n_keys,)
        Standard deviation of what is not known about it.
    """

    value: FloatArray
    error: FloatArray

    @property
    def cautious(self) -> FloatArray:
        """A value that is seldom too small: a tail far out hangs on it more than on anything else."""
        return self.value + _CAUTION_SDS * self.error


def dispersion(sums: DaySums, level: Level) -> Dispersion:
    """Return the over-dispersion of each key: the moment estimate over usual days, shrunk to the one pooled over keys.

    How much a key's own counts say is limited twice: rare ones are noisy by themselves, and of common ones the factor
    of the day is seen only as often as there are days.
    """
    rate = level.rate[:, None]
    residual = sums.squares - 2 * rate * sums.products + rate**2 * sums.exposure_squares - rate * sums.exposure
    excess = np.where(level.usual, residual, 0.0).sum(axis=1)
    scale = np.where(level.usual, rate**2 * sums.exposure_squares, 0.0).sum(axis=1)
    weighted = scale + _DISPERSION_PRIOR_WEIGHT
    information = float((scale / weighted).sum())
    pooled = max(float((excess / weighted).sum()) / information, 0.0) if information > 0 else 0.0
    shrunk = (excess + _DISPERSION_PRIOR_WEIGHT * pooled) / weighted
    value = np.maximum(shrunk, pooled / 2)
    variance = 2 / weighted + 2 * value**2 / np.maximum(level.usual.sum(axis=1), 1)
    return Dispersion(np.asarray(value), np.asarray(np.sqrt(variance)))


def upper_tail(observed: FloatArray, mean: FloatArray, spread: FloatArray) -> FloatArray:
    """Return P(N ≥ observed) for a negative binomial N with this mean and dispersion.

    Examples
    --------
    >>> upper_tail(np.array([1.0]), np.array([2.0]), np.array([1.0])).round(4)   # geometric: 2/3
    array([0.6667])
    """
    size = 1.0 / np.maximum(spread, 1e-8)
    positive = np.maximum(observed, 1e-300)
    tail = betainc(positive, size, mean / (mean + size))
    return np.where(observed <= 0, 1.0, np.clip(tail, 0.0, 1.0))
