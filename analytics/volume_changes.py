"""Whether there was more than in the period before, weekdays compared with their like."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import stdtr, stdtrit

from analytics.share_changes import LEVEL, MIN_DAYS, Z_95, Floats

EARLIER, BEFORE, NOW = 0, 1, 2
"""Which part a day is of: of history that only tells the weekdays, of the period before, of the period itself."""
_N_WEEKDAYS = 7
_MAX_STEPS, _CLOSE = 50, 1e-9
_FARTHEST = 30.0
"""Logarithms are kept inside this, so that a weekday without a single contact does not run off."""


@dataclass(frozen=True)
class VolumeChange:
    """Contacts a day against those of the period before.

    Attributes
    ----------
    ratio, low, high : float
        Now over before, weekdays held equal, and its 95 % interval; NaN where a period has no contacts.
    p_value : float
        Two-sided, of a ratio of 1; NaN without data.
    n_days : int
        Days that were read, those of history among them.
    dispersion : float
        How many times the variance of the days is Poisson's; at least 1.
    by_weekday : bool
        Whether weekdays could be told apart.
    """

    ratio: float
    low: float
    high: float
    p_value: float
    n_days: int
    dispersion: float
    by_weekday: bool

    @property
    def differs(self) -> bool:
        """Whether the change is more than chance, at the 5 % level."""
        return self.n_days >= MIN_DAYS and self.p_value <= LEVEL


_NAN = float("nan")
UNKNOWN = VolumeChange(_NAN, _NAN, _NAN, _NAN, n_days=0, dispersion=1.0, by_weekday=False)


def volume_change(counts: Floats, weekday: npt.NDArray[np.int_], part: npt.NDArray[np.int_]) -> VolumeChange:
    """Compare the volume of two periods: quasi-Poisson regression [1]_ on part and weekday.

    Where both periods have each weekday equally often the ratio is that of the plain means. The dispersion is Pearson's
    statistic over its degrees of freedom, never below 1; the logarithm of the ratio over its error is Student's t. With
    fewer than two weeks of days weekdays are not told apart, with fewer than `MIN_DAYS` days it is Poisson's z.

    Parameters
    ----------
    counts : ndarray, shape (n_days,)
        Contacts of each day, 0 where none came.
    weekday : ndarray of int, shape (n_days,)
        0 = Monday.
    part : ndarray of int, shape (n_days,)
        `EARLIER`, `BEFORE` or `NOW`.

    References
    ----------
    .. [1] P. McCullagh, J. A. Nelder, "Generalized Linear Models", 2nd ed., 1989, chapter 6.

    Examples
    --------
    >>> day = np.arange(35)
    >>> week = np.array([100, 100, 100, 100, 100, 50, 50.0])
    >>> rose = volume_change(week[day % 7] * np.where(day < 28, 1.0, 1.2), day % 7, np.repeat([0, 0, 0, 1, 2], 7))
    >>> round(rose.ratio, 3), rose.differs
    (1.2, True)
    """
    if not counts[part == NOW].sum() or not counts[part == BEFORE].sum():
        return UNKNOWN
    by_weekday = len(counts) >= 2 * _N_WEEKDAYS
    columns = [part == at for at in np.unique(part)]
    if by_weekday:
        columns += [weekday == at for at in np.unique(weekday)[1:]]
    design = np.column_stack(columns).astype(np.float64)
    coefficients, covariance = _fit(design, counts)
    freedom = len(counts) - int(np.linalg.matrix_rank(design))
    mean = np.exp(np.clip(design @ coefficients, -_FARTHEST, _FARTHEST))
    enough = len(counts) >= MIN_DAYS and freedom > 0
    spread = max(float(((counts - mean) ** 2 / np.maximum(mean, 1e-9)).sum()) / freedom, 1.0) if enough else 1.0
    contrast = np.zeros(design.shape[1])
    known = list(np.unique(part))
    contrast[known.index(NOW)], contrast[known.index(BEFORE)] = 1.0, -1.0
    change, error = float(contrast @ coefficients), float(np.sqrt(spread * (contrast @ covariance @ contrast)))
    half = (float(stdtrit(freedom, 0.975)) if enough else Z_95) * error
    p_value = 2 * float(stdtr(freedom if enough else 1e9, -abs(change) / error))
    low, ratio, high = (float(np.exp(value)) for value in (change - half, change, change + half))
    return VolumeChange(ratio, low, high, p_value, len(counts), spread, by_weekday)


def _fit(design: Floats, counts: Floats) -> tuple[Floats, Floats]:
    """Return coefficients and inverse information of a Poisson regression with a log link."""
    target: Floats = np.log(counts + 0.5)
    weight: Floats = counts + 0.5
    coefficients: Floats = np.zeros(design.shape[1])
    covariance: Floats = np.eye(design.shape[1])
    for _ in range(_MAX_STEPS):
        covariance = np.linalg.pinv(design.T @ (design * weight[:, None])).astype(np.float64)
        found = covariance @ (design.T @ (weight * target))
        moved = float(np.abs(found - coefficients).max())
        coefficients = found
        if moved < _CLOSE:
            break
        linear = np.clip(design @ coefficients, -_FARTHEST, _FARTHEST)
        weight = np.exp(linear)
        target = linear + (counts - weight) / weight
    return coefficients, covariance
