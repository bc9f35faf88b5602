"""What is said today beyond its own past: counts of n-grams by day, the level expected, and who says them together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components
from scipy.stats import nbinom

MIN_LIFT = 4.0
"""A beginning multiplies the count by this at least; less is growth (as `life.MIN_STEP`)."""
PRIOR_COUNT = 0.5
"""Jeffreys' prior of a Poisson rate: what was never said is rare, not impossible."""
SETTLED_DAYS = 14
"""With fewer days behind it the level is less sure: the weekend is not known yet."""
_CAP_SDS, _CAP_SLACK = 3.0, 1.5
_PRIOR_WEIGHT = 20.0
"""Sum of squared expectations at which a count's own dispersion weighs as much as the pooled one: a moment estimate
near the Poisson has variance 2 / sum(mean^2) [1]_, so that 20 is a prior sd of about 0.3.

.. [1] A. C. Cameron, P. K. Trivedi, "Regression Analysis of Count Data", 2nd ed. 2013, ch. 3.
"""
_LEAST_DISPERSION = 0.02
_TOGETHER, _TOGETHER_SHARE = 2, 0.2

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class DayCounts:
    """Texts with each key on each day; the last day is today.

    Attributes
    ----------
    counts : float64, shape (n_keys, n_days)
    totals : float64, shape (n_days,)
        All texts of the day.
    """

    counts: Floats
    totals: Floats

    @classmethod
    def of(cls, present: csr_matrix, day: Ints, rows: Bools) -> DayCounts:
        """Count the chosen rows.

        Parameters
        ----------
        present : csr_matrix of 0 and 1, shape (n_texts, n_keys)
        day : int64, shape (n_texts,)
            From 0; the largest is today.
        rows : bool, shape (n_texts,)
            Which texts count.
        """
        n_days = int(day.max()) + 1
        chosen = np.flatnonzero(rows)
        sums = csr_matrix((np.ones(len(chosen)), (day[chosen], chosen)), shape=(n_days, len(day)))
        counts = np.asarray((sums @ present).todense(), dtype=np.float64).T
        return cls(counts, np.bincount(day[chosen], minlength=n_days).astype(np.float64))

    @property
    def observed(self) -> Floats:
        """Texts of today, shape (n_keys,)."""
        return np.asarray(self.counts[:, -1], dtype=np.float64)

    def expected(self) -> Floats:
        """Return the texts that today would have at each key's usual share of all texts, shape (n_keys,).

        Usual is the mean of the days before, a day far above the mean cut down to it plus 3 sd.
        """
        expected: Floats = self._rate() * self.totals[-1]
        return expected

    def p_values(self, usual_dispersion: float | None = None) -> Floats:
        """Return P(N ≥ observed) for a negative binomial N around the expected, shape (n_keys,).

        The dispersion (variance = mean + dispersion × mean²) is the key's own, shrunk to the usual one, which is that
        of all keys here where none is given; what the level rests on (few texts, few days) comes on top.
        """
        support = self.counts[:, :-1].sum(axis=1) + PRIOR_COUNT
        unsettled = 0.5 * max(1 - (self.counts.shape[1] - 1) / SETTLED_DAYS, 0.0)
        usual = self.dispersion() if usual_dispersion is None else usual_dispersion
        excess, scale = self._moments()
        own = np.maximum((excess + _PRIOR_WEIGHT * usual) / (scale + _PRIOR_WEIGHT), _LEAST_DISPERSION)
        size = 1 / (own + 1 / support + unsettled)
        return np.asarray(nbinom.sf(self.observed - 1, size, size / (size + self.expected())), dtype=np.float64)

    def _rate(self) -> Floats:
        history, totals = self.counts[:, :-1], self.totals[:-1]
        total = max(float(totals.sum()), 1.0)
        mean = history.sum(axis=1, keepdims=True) / total * totals
        usual = np.minimum(history, mean + _CAP_SDS * np.sqrt(mean) + _CAP_SLACK).sum(axis=1)
        return np.asarray((usual + PRIOR_COUNT) / total, dtype=np.float64)

    def dispersion(self) -> float:
        """Return the dispersion pooled over all keys, at least `_LEAST_DISPERSION`."""
        excess, scale = self._moments()
        weighted = scale + _PRIOR_WEIGHT
        information = max(float((scale / weighted).sum()), 1e-9)
        return max(float((excess / weighted).sum()) / information, _LEAST_DISPERSION)

    def _moments(self) -> tuple[Floats, Floats]:
        """Return each key's squared residuals of past days beyond Poisson, and its squared expectations."""
        mean = self._rate()[:, None] * self.totals[:-1]
        return ((self.counts[:, :-1] - mean) ** 2 - mean).sum(axis=1), (mean**2).sum(axis=1)


def rising(days: DayCounts, *, p_value: float, min_texts: int = 3, min_lift: float = MIN_LIFT) -> Ints:
    """Return the keys that today has far more often than expected, most surprising first.

    Examples
    --------
    >>> counts = np.array([[0, 0, 0, 0, 0, 0, 0, 9.0], [5, 5, 5, 5, 5, 5, 5, 6.0]])
    >>> rising(DayCounts(counts, np.full(8, 100.0)), p_value=0.001).tolist()
    [0]
    """
    p_values, expected = days.p_values(), days.expected()
    chosen = (days.observed >= min_texts) & (p_values <= p_value) & (days.observed >= min_lift * expected)
    keys = np.flatnonzero(chosen)
    return np.asarray(keys[np.argsort(p_values[keys], kind="stable")], dtype=np.int64)


def said_together(present: csr_matrix, keys: Ints) -> list[Ints]:
    """Return the keys in groups: two are of one group if texts have both, two at least and a fifth of the rarer one's.

    Parameters
    ----------
    present : csr_matrix of 0 and 1, shape (n_texts, n_keys)
        Texts of today.
    keys : int64
        Columns to group.
    """
    if not len(keys):
        return []
    chosen = present[:, keys]
    both = np.asarray((chosen.T @ chosen).todense(), dtype=np.float64)
    n_texts = np.diag(both)
    linked = (both >= _TOGETHER) & (both >= _TOGETHER_SHARE * np.minimum(n_texts[:, None], n_texts[None, :]))
    n_groups, group = connected_components(linked, directed=False)
    return [keys[group == place] for place in range(n_groups)]


def needed(present: csr_matrix, keys: Ints) -> Ints:
    """Return the keys, in order, that bring texts which those before them have not: two at least, a fifth of their own.

    Of the 600 n-grams of a matter that many came for, most are parts of one phrase; taken together they also catch
    every text with the least telling of them.

    Parameters
    ----------
    present : csr_matrix of 0 and 1, shape (n_texts, n_keys)
        Texts of today.
    keys : int64
        Most surprising first.
    """
    having = present[:, keys].tocsc()
    covered = np.zeros(present.shape[0], np.bool_)
    kept = []
    for place, key in enumerate(keys.tolist()):
        texts = having.indices[having.indptr[place] : having.indptr[place + 1]]
        n_new = int((~covered[texts]).sum())
        if n_new >= max(_TOGETHER, _TOGETHER_SHARE * len(texts)):
            kept.append(key)
            covered[texts] = True
    return np.array(kept, dtype=np.int64)
