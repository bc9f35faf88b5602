"""95 % intervals of shares, means, medians and counts."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import stats

FloatArray = npt.NDArray[np.float64]

Z95 = 1.959963984540054
"""The 97.5 % point of the standard normal."""

_SINGLE_FREEDOM = 3.0


def wilson(successes: npt.ArrayLike, n: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return the Wilson score interval of a share.

    Parameters
    ----------
    successes, n : array_like, broadcastable
        Successes among n trials; where n is 0 both ends are NaN.

    References
    ----------
    .. [1] E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", JASA 22, 1927.

    Examples
    --------
    >>> low, high = wilson(8, 10)
    >>> float(low.round(3)), float(high.round(3))
    (0.49, 0.943)
    """
    k, total = np.broadcast_arrays(np.asarray(successes, dtype=np.float64), np.asarray(n, dtype=np.float64))
    safe = np.where(total > 0, total, 1.0)
    share = k / safe
    scale = 1 + Z95**2 / safe
    middle = (share + Z95**2 / (2 * safe)) / scale
    half = Z95 / scale * np.sqrt(share * (1 - share) / safe + Z95**2 / (4 * safe**2))
    low, high = np.clip(middle - half, 0.0, 1.0), np.clip(middle + half, 0.0, 1.0)
    return np.where(total > 0, low, np.nan), np.where(total > 0, high, np.nan)


def shrunk_mean_interval(
    n: FloatArray, total: FloatArray, square_total: FloatArray, *, prior_n: float = 8.0
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return mean, low and high of each cell; the variance of a small cell borrows from all cells.

    The variance is that of the cell and the one pooled within cells, weighted by their degrees of freedom (the pooled
    one by `prior_n`), as in moderated t statistics [1]_: two like scores by chance do not give an interval of no width.
    A single score may be the rare very unhappy one, and nothing beside it shows that: its t point is that of 3 degrees
    of freedom, with which skewed scores are covered too (our choice, by simulation: tests/analytics/signals).

    Parameters
    ----------
    n, total, square_total : ndarray of float, shape (n_cells,)
        Number, sum and sum of squares; n at least 1.

    References
    ----------
    .. [1] G. K. Smyth, "Linear Models and Empirical Bayes Methods", Stat. Appl. Genet. Mol. Biol. 3(1), 2004.

    Examples
    --------
    >>> n, total, squares = np.array([2.0, 50.0]), np.array([1.0, 10.0]), np.array([0.5, 12.0])
    >>> [part.round(2).tolist() for part in shrunk_mean_interval(n, total, squares)]
    [[0.5, 0.2], [-0.17, 0.07], [1.17, 0.33]]
    """
    mean = total / n
    residual = np.maximum(square_total - n * mean**2, 0.0)
    freedom = n - 1
    pooled = residual.sum() / freedom.sum() if freedom.sum() > 0 else 1.0
    variance = (residual + prior_n * pooled) / (freedom + prior_n)
    borrowed = np.where(n < 2, min(prior_n, _SINGLE_FREEDOM), prior_n)
    half = stats.t.ppf(0.975, freedom + borrowed) * np.sqrt(variance / n)
    return mean, mean - half, mean + half


def half_width(a: npt.ArrayLike, b: npt.ArrayLike, *, variance: float = 0.0) -> float:
    """Return half the 95 % interval of the difference of two means, by Welch's t [1]_; NaN below two values in either.

    Parameters
    ----------
    a, b : array_like of float, shape (n,) and (m,)
        Two samples.
    variance : float
        Of what else was taken off the difference, known apart from the samples.

    References
    ----------
    .. [1] B. L. Welch, "The Generalization of 'Student's' Problem when Several Different Population Variances are
       Involved", Biometrika 34, 1947.

    Examples
    --------
    >>> round(half_width([0.1, 0.3, 0.2, 0.4], [0.5, 0.9, 0.7, 0.6]), 3)
    0.267
    """
    x, y = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    if min(len(x), len(y)) < 2:
        return float("nan")
    of_x, of_y = x.var(ddof=1) / len(x), y.var(ddof=1) / len(y)
    scale = of_x**2 / (len(x) - 1) + of_y**2 / (len(y) - 1)
    freedom = (of_x + of_y) ** 2 / scale if scale > 0 else len(x) + len(y) - 2
    return float(stats.t.ppf(0.975, freedom) * np.sqrt(of_x + of_y + variance))


def median_interval(values: npt.ArrayLike) -> tuple[float, float, float]:
    """Return median, low and high by order statistics, with no assumption on the distribution.

    Parameters
    ----------
    values : array_like of float, shape (n,)
        Missing values are left out; with none left all three are NaN. Below 6 values the interval is the range, which
        covers less than 95 %.

    References
    ----------
    .. [1] W. J. Conover, "Practical Nonparametric Statistics", 3rd ed. 1999, sec. 3.2.

    Examples
    --------
    >>> median_interval(range(1, 12))
    (6.0, 2.0, 10.0)
    """
    x = np.sort(np.asarray(values, dtype=np.float64))
    x = x[~np.isnan(x)]
    if x.size == 0:
        return float("nan"), float("nan"), float("nan")
    below = max(int(stats.binom.ppf(0.025, x.size, 0.5)) - 1, 0)
    return float(np.median(x)), float(x[below]), float(x[x.size - 1 - below])


def poisson_interval(count: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return the exact interval of the rate behind a count.

    References
    ----------
    .. [1] F. Garwood, "Fiducial Limits for the Poisson Distribution", Biometrika 28, 1936.

    Examples
    --------
    >>> low, high = poisson_interval(10)
    >>> float(low.round(2)), float(high.round(2))
    (4.8, 18.39)
    """
    n = np.asarray(count, dtype=np.float64)
    low = np.where(n > 0, stats.chi2.ppf(0.025, 2 * np.maximum(n, 1)) / 2, 0.0)
    return low, np.asarray(stats.chi2.ppf(0.975, 2 * (n + 1)) / 2)
