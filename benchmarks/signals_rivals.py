"""Plain detectors of spikes, beside which ours is measured: small own versions, all given the same least of contacts.

Each takes weeks and a least of contacts and returns the alarms as (term, hour). None of them bounds the false alarms of
a whole vocabulary; only Poisson + BH tries to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt
from scipy import special, stats

from analytics.signals.multiplicity import benjamini_hochberg
from benchmarks.signals_weeks import FIRST_JUDGED_DAY, N_TERMS, Floats, Ints, Weeks

Alarms = tuple[Ints, Ints]
Mask = npt.NDArray[np.bool_]

_BLOCK, _WEEK, _SDS = 2_000, 7 * 24, 3.0
_EARS_LEAST_SD = 0.2
_ESD_DAYS, _ESD_ALPHA, _ESD_MOST = 14, 0.01, 6


def z_score(weeks: Weeks, least: int) -> Alarms:
    """Alarm where an hour is 3 standard deviations above the mean of the 7 days before it."""

    def judge(values: Floats) -> Mask:
        mean, square = (_trailing(part, _WEEK) for part in (values, values**2))
        return np.asarray(values - mean > _SDS * np.sqrt(np.maximum(square - mean**2, 1e-9)))

    return _blockwise(weeks, least, judge)


def ratio(weeks: Weeks, least: int) -> Alarms:
    """Alarm where an hour is 3 times the mean of the 7 days before it."""
    return _blockwise(weeks, least, lambda values: values > 3 * _trailing(values, _WEEK))


def ears_c2(weeks: Weeks, least: int) -> Alarms:
    """Alarm by EARS C2 [1]_: the same hour of 7 days, ending two days before, mean + 3 sd.

    .. [1] L. Hutwagner et al., "The bioterrorism preparedness and response Early Aberration Reporting System", 2003.
    """

    def judge(values: Floats) -> Mask:
        past = np.stack([_shifted(values, 24 * lag) for lag in range(3, 10)])
        return np.asarray(values - past.mean(axis=0) > _SDS * np.maximum(past.std(axis=0, ddof=1), _EARS_LEAST_SD))

    return _blockwise(weeks, least, judge)


def s_h_esd(weeks: Weeks, least: int) -> Alarms:
    """Alarm by seasonal hybrid ESD [1]_, once a day over the last 14 days, for the hours of the last one.

    Hour of the day as medians, then Rosner's test (one-sided) with median and MAD; where the MAD is 0, the standard
    deviation. It sees the whole day before it judges an hour of it, which the others do not.

    .. [1] J. Hochenbaum et al., "Automatic Anomaly Detection in the Cloud via Statistical Learning", 2017.
    """
    size = _ESD_DAYS * 24
    order = np.arange(1, _ESD_MOST + 1)
    t = stats.t.ppf(1 - _ESD_ALPHA / (size - order + 1), size - order - 1)
    bound = (size - order) * t / np.sqrt((size - order - 1 + t**2) * (size - order + 1))

    def judge(values: Floats) -> Mask:
        found = np.zeros(values.shape, dtype=bool)
        for day in range(FIRST_JUDGED_DAY, len(values) // 24):
            recent = values[(day + 1) * 24 - size : (day + 1) * 24].reshape(_ESD_DAYS, 24, -1)
            residual = (recent - np.median(recent, axis=0)).reshape(size, -1)
            spread = 1.4826 * np.median(np.abs(residual), axis=0)
            spread = np.where(spread > 0, spread, residual.std(axis=0) + 1e-9)
            highest = -np.partition(-residual, _ESD_MOST, axis=0)[:_ESD_MOST]
            highest = -np.sort(-highest, axis=0) / spread
            beyond = highest > bound[:, None]
            n_found = np.where(beyond.any(axis=0), _ESD_MOST - np.argmax(beyond[::-1], axis=0), 0)
            cut = np.where(n_found > 0, np.take_along_axis(highest, np.maximum(n_found - 1, 0)[None], 0)[0], np.inf)
            found[day * 24 : (day + 1) * 24] = residual[-24:] / spread >= cut
        return found

    return _blockwise(weeks, least, judge)


def poisson_bh(weeks: Weeks, least: int, q: float = 0.01) -> Alarms:
    """Alarm by a Poisson tail around the 14-day share of the volume of the hour, Benjamini-Hochberg each hour."""
    volume = np.maximum(_trailing(weeks.totals[:, None].astype(np.float64), 14 * 24), 1e-9)
    n_seen = np.searchsorted(np.sort(_first_seen(weeks)), np.arange(len(weeks.totals)), side="right")
    terms, hours, tails = [], [], []
    for first, values in _blocks(weeks):
        mean = weeks.totals[:, None] * (_trailing(values, 14 * 24) + 0.5 / (14 * 24)) / volume
        hour, term = np.nonzero(values >= least)
        terms.append(term + first)
        hours.append(hour)
        tails.append(special.gammainc(values[hour, term], mean[hour, term]))
    term, hour, p = (np.concatenate(part) for part in (terms, hours, tails))
    chosen = np.zeros(len(p), dtype=bool)
    order = np.argsort(hour, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(hour[order])) + 1):
        n_tests = max(int(n_seen[hour[rows[0]]]), len(rows))
        chosen[rows] = benjamini_hochberg(p[rows], n_tests=n_tests) <= q
    return _judged(term[chosen], hour[chosen])


def _first_seen(weeks: Weeks) -> Ints:
    return weeks.hour[np.unique(weeks.term, return_index=True)[1]]


def _blocks(weeks: Weeks) -> Iterator[tuple[int, Floats]]:
    for first in range(0, N_TERMS, _BLOCK):
        yield first, weeks.dense(first, first + _BLOCK)


def _blockwise(weeks: Weeks, least: int, judge: Callable[[Floats], Mask]) -> Alarms:
    terms, hours = [], []
    for first, values in _blocks(weeks):
        hour, term = np.nonzero(judge(values) & (values >= least))
        terms.append(term + first)
        hours.append(hour)
    return _judged(np.concatenate(terms), np.concatenate(hours))


def _judged(term: Ints, hour: Ints) -> Alarms:
    kept = hour >= FIRST_JUDGED_DAY * 24
    return term[kept], hour[kept]


def _trailing(values: Floats, width: int) -> Floats:
    """Return the mean of the `width` hours before each hour."""
    total = np.concatenate([np.zeros((1, values.shape[1])), np.cumsum(values, axis=0)])
    at = np.arange(len(values))
    begin = np.maximum(at - width, 0)
    return np.asarray((total[at] - total[begin]) / np.maximum(at - begin, 1)[:, None])


def _shifted(values: Floats, hours: int) -> Floats:
    return np.concatenate([np.zeros((hours, values.shape[1])), values[:-hours]])


RIVALS: dict[str, Callable[[Weeks, int], Alarms]] = {
    "z > 3 against 7 days": z_score,
    "3 × the mean of 7 days": ratio,
    "EARS C2": ears_c2,
    "S-H-ESD, daily": s_h_esd,
    "Poisson + BH": poisson_bh,
}
