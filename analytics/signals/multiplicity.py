"""Control of false alarms when thousands of series are tested at once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from analytics.errors import SchemaError

FloatArray = npt.NDArray[np.float64]


def benjamini_hochberg(p_values: npt.ArrayLike, *, n_tests: int | None = None) -> FloatArray:
    """Return Benjamini-Hochberg adjusted p-values (q-values).

    Rejecting where q ≤ level keeps the expected share of false rejections at or below that level.

    Parameters
    ----------
    p_values : array_like of float, shape (n,)
        Each in [0, 1], in any order.
    n_tests : int, optional
        Size of the whole family if tests with a p-value near 1 were not listed; at least n. They are taken as p = 1,
        which can only make the answer stricter.

    Returns
    -------
    ndarray of float, shape (n,)
        Never below the p-value, never above 1, in the order of the input.

    Raises
    ------
    SchemaError
        If a p-value is outside [0, 1] or missing, or `n_tests` is smaller than n.

    References
    ----------
    .. [1] Y. Benjamini, Y. Hochberg, "Controlling the False Discovery Rate", J. R. Stat. Soc. B 57(1), 1995.

    Examples
    --------
    >>> benjamini_hochberg([0.01, 0.04, 0.03, 0.5]).round(4).tolist()
    [0.04, 0.0533, 0.0533, 0.5]
    """
    p = np.asarray(p_values, dtype=np.float64)
    if p.size and not (np.all(p >= 0) and np.all(p <= 1)):
        raise SchemaError("p_values: expected numbers in [0, 1], got some outside or missing; check the test before it")
    size = p.size if n_tests is None else n_tests
    if size < p.size:
        raise SchemaError(f"n_tests: expected at least the {p.size} p-values given, got {size}")
    return step_up(p, p * size)


def step_up(p: FloatArray, by_chance: FloatArray) -> FloatArray:
    """Return adjusted p-values from how many tests of the family reach each p-value by chance.

    With `p × n_tests` in the place of `by_chance` this is Benjamini and Hochberg's procedure; where tests are discrete
    fewer do, and with their sum it is Heyse's (see `expected_below`).

    Parameters
    ----------
    p : ndarray of float, shape (n,)
        In any order.
    by_chance : ndarray of float, shape (n,)
        Tests of the whole family expected at or below each p.

    Returns
    -------
    ndarray of float, shape (n,)
        Never above 1, in the order of the input.

    Examples
    --------
    >>> step_up(np.array([0.01, 0.04]), np.array([0.005, 0.06])).tolist()
    [0.005, 0.03]
    """
    order = np.argsort(p, kind="stable")
    scaled = by_chance[order] / np.arange(1, p.size + 1)
    q = np.empty(p.size)
    q[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return q
