"""Poisson regression whose effects have priors: scikit-learn's, with columns scaled by what their effects may be.

A column times the standard deviation of its effect, under a ridge of weight 1, gives the posterior mode under normal
priors (K. Murphy, Machine Learning: A Probabilistic Perspective, 2012, 7.5 and 8.3.6). So an effect seen once moves an
expectation a little, one seen often all the way, and one never seen not at all.
"""

from __future__ import annotations

import warnings

from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import PoissonRegressor

from analytics.signals.grid import FloatArray


def fit_poisson(columns: FloatArray, values: FloatArray, weights: FloatArray) -> PoissonRegressor:
    """Fit values of mean exp(intercept + columns · effects).

    Parameters
    ----------
    columns : ndarray of float, shape (n, n_effects)
        Each times the standard deviation of its effect.
    values : ndarray of float, shape (n,)
        Counts or rates, at least 0.
    weights : ndarray of float, shape (n,)
        Exposure / dispersion of each: the information it has, in Poisson counts.

    Examples
    --------
    >>> import numpy as np
    >>> few, many = (fit_poisson(np.eye(2), np.array([10.0, 20.0]), np.full(2, n)) for n in (1e-4, 100.0))
    >>> few.predict(np.eye(2)).round(), many.predict(np.eye(2)).round()
    (array([15., 15.]), array([10., 20.]))
    """
    ridge = 1.0 / max(float(weights.sum()), 1e-9)
    regressor = PoissonRegressor(alpha=ridge, solver="newton-cholesky", max_iter=50, tol=1e-7)
    with warnings.catch_warnings():
        # At the optimum within rounding no step is downhill; it says so and tries another solver, which ends at once.
        warnings.simplefilter("ignore", ConvergenceWarning)
        regressor.fit(columns, values, sample_weight=weights)
    return regressor
