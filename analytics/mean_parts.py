"""What moved a mean from one period to the next, taken apart by key from counts, means and spreads alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.share_changes import Z_95

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class MeanParts:
    """Parts of the change of a mean, one a key; `mix` + `within` of all keys add up to it exactly.

    Attributes
    ----------
    mix, within : ndarray, shape (n_keys,)
        From another share of contacts, and from another mean of the key itself.
    half : ndarray, shape (n_keys,)
        Half the 95 % interval of their sum; NaN where a period has fewer than two contacts of the key.
    """

    mix: Floats
    within: Floats
    half: Floats

    @property
    def total(self) -> Floats:
        """The contribution of each key."""
        return self.mix + self.within


def mean_parts(counts: Floats, means: Floats, spreads: Floats) -> MeanParts:
    """Take the change of a mean apart by key, from the base (row 0) to now (row 1).

    With p a key's share of contacts, m its mean, M the mean of all, and bars for the middle of both periods:
    within = p̄ (m1 - m0), mix = (p1 - p0) (m̄ - M̄); Kitagawa's decomposition [1]_, taken against the mean, so that a
    key that grows counts only by how far it lies from the others. A key of one period alone has the same mean in both,
    and is mix.

    Parameters
    ----------
    counts : ndarray, shape (2, n_keys)
        Contacts of each key that have a value; each period has some.
    means, spreads : ndarray, shape (2, n_keys)
        Mean of their values, and mean square about it; of no account where the count is 0.

    References
    ----------
    .. [1] E. M. Kitagawa, "Components of a Difference Between Two Rates", JASA 50, 1955.

    Examples
    --------
    >>> parts = mean_parts(np.array([[2.0, 2], [1, 3]]), np.array([[1.0, 0], [1, 0]]), np.zeros((2, 2)))
    >>> parts.mix.tolist(), parts.within.tolist()
    ([-0.15625, -0.09375], [0.0, 0.0])
    """
    means = np.where(counts > 0, means, means[::-1])
    spreads = np.where(counts > 0, spreads, 0.0)
    share = counts / counts.sum(axis=1, keepdims=True)
    overall = (share * means).sum(axis=1)
    within = share.mean(axis=0) * (means[1] - means[0])
    mix = (share[1] - share[0]) * (means.mean(axis=0) - overall.mean())
    half = Z_95 * np.sqrt(_variance(counts.sum(axis=1), share, means, spreads))
    return MeanParts(mix, within, np.where(counts.min(axis=0) >= 2, half, np.nan))


def _variance(n: Floats, share: Floats, means: Floats, spreads: Floats) -> Floats:
    """Return the variance of each contribution: of the pull of one contact, over the contacts of its period.

    A contact of period t changes the share p(t) by (1[key] - p), the mean m(t) by 1[key] (value - m) / p, and the
    overall mean by value - M; the contribution changes by its derivatives in these three.
    """
    overall = (share * means).sum(axis=1)
    change, jump = share[1] - share[0], means[1] - means[0]
    variance = np.zeros(share.shape[1])
    for period in (0, 1):
        sign = 1.0 if period else -1.0
        by_share = jump / 2 + sign * (means.mean(axis=0) - overall.mean())
        by_mean = sign * share.mean(axis=0) + change / 2
        p, m = share[period], means[period]
        spread = p * spreads[period]
        overall_spread = float((p * (spreads[period] + (m - overall[period]) ** 2)).sum())
        # Pull = by_share (1[k] - p) + by_mean 1[k] (v - m) / p - change / 2 (v - M); its mean square, term by term.
        own = by_mean / np.where(p > 0, p, 1.0)
        squares = by_share**2 * p * (1 - p) + own**2 * spread + (change / 2) ** 2 * overall_spread
        crossed = by_share * p * (m - overall[period]) + own * spread
        variance += (squares - change * crossed) / n[period]
    return np.maximum(variance, 0.0)
