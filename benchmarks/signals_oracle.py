"""The best that anybody could do: a test that knows each term's true mean of the hour and its true dispersion.

Its cut on p-values spends one false alarm in ten days over all terms, 1 h and 3 h windows, counted by what p-values the
terms can have at all. What it misses cannot be seen in the counts at that rate of false alarms.
"""

from __future__ import annotations

import numpy as np

from analytics.signals.attainable import expected_below, family_of
from analytics.signals.baseline import upper_tail
from analytics.signals.grid import rolling_sum
from benchmarks.signals_weeks import Floats, Ints, Weeks

FALSE_ALARMS_A_DAY = 0.1
_WIDTHS = (1, 3)


def oracle(weeks: Weeks, least: int) -> tuple[Ints, Ints]:
    """Return the (term, hour) of the incidents' terms in which the oracle alarms."""
    cut = oracle_cut(weeks, least)
    terms, hours = [], []
    for incident in weeks.incidents:
        mean, spread = weeks.means[incident.term], weeks.spread[incident.term]
        counts = weeks.dense(incident.term, incident.term + 1)[:, 0]
        for width in _WIDTHS:
            at = np.flatnonzero(_tails(counts, mean, spread, width) <= cut)
            at = at[rolling_sum(counts, width)[at] >= least]
            terms.append(np.full(len(at), incident.term))
            hours.append(at)
    return np.concatenate(terms), np.concatenate(hours)


def _tails(counts: Floats, mean: Floats, spread: float, width: int) -> Floats:
    total = np.maximum(rolling_sum(mean, width), 1e-12)
    # Hours vary independently, so the window is less dispersed than its hours are.
    dispersed = spread * rolling_sum(mean**2, width) / total**2
    return upper_tail(rolling_sum(counts, width), total, np.maximum(dispersed, 1e-6))


def oracle_cut(weeks: Weeks, least: int) -> float:
    """Return the p-value at which an ordinary day has `FALSE_ALARMS_A_DAY` false alarms."""
    volume = np.median(weeks.totals.reshape(-1, 24), axis=0)
    cuts = 10 ** np.arange(-10.0, -4.0, 0.1)
    by_chance = np.zeros(len(cuts))
    for width in _WIDTHS:
        family = family_of(np.maximum(weeks.share, 1e-12), weeks.spread / width, (1e-12, 0.1))
        for exposure in np.convolve(volume, np.ones(width))[:24]:
            by_chance += expected_below(cuts, family.rate * exposure, family.spread, family.keys, least)
    return float(cuts[np.flatnonzero(by_chance <= FALSE_ALARMS_A_DAY)[-1]])
