"""How many contacts arrive: daily and weekly cycle, over-dispersed."""

from __future__ import annotations

from math import exp, sqrt
from random import Random

# Squared coefficients of variation of the gamma factors on a day, an hour and a topic's day.
DAY_VARIANCE = 0.05**2
HOUR_VARIANCE = 0.14**2
TOPIC_VARIANCE = 0.10**2


def poisson(mean: float, rng: Random) -> int:
    """Draw a Poisson count: Knuth's product below 30, the rounded normal above.

    References
    ----------
    .. [1] D. E. Knuth, The Art of Computer Programming, vol. 2, 3.4.1.

    Examples
    --------
    >>> poisson(0.0, Random(1))
    0
    """
    if mean > 30.0:
        return max(0, round(rng.gauss(mean, sqrt(mean))))
    floor, product, count = exp(-mean), rng.random(), 0
    while product > floor:
        product *= rng.random()
        count += 1
    return count


def gamma_factor(variance: float, rng: Random) -> float:
    """Draw a factor of mean 1 and the given variance."""
    return rng.gammavariate(1.0 / variance, variance)
