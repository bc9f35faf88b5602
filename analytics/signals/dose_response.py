"""How much lower the mood is after a longer wait, learnt where nothing was wrong."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from analytics.signals.grid import FloatArray

_CAP_MINUTES = 10.0
_MIN_CONTACTS, _MIN_DAYS = 50, 5
_CLEARLY_BETTER = 6.0
"""Difference in -2 log likelihood: a likelihood ratio of 20."""


@dataclass(frozen=True)
class DoseResponse:
    """Change of score with one unit of dose.

    Attributes
    ----------
    slope : float
        Points of score for one unit of dose; negative where waiting spoils the mood.
    low, high : float
        95 % interval of the slope.
    logarithmic : bool
        Dose is log(1 + minutes) rather than minutes, capped at 10.
    """

    slope: float
    low: float
    high: float
    logarithmic: bool

    def dose(self, seconds: FloatArray) -> FloatArray:
        """Return the dose of each delay; NaN stays NaN."""
        return _dose(seconds, logarithmic=self.logarithmic)


UNKNOWN = DoseResponse(0.0, float("nan"), float("nan"), logarithmic=True)
"""Nothing can be said: too few contacts or days with a known delay, or no variation of it."""


def _dose(seconds: FloatArray, *, logarithmic: bool) -> FloatArray:
    minutes = np.maximum(seconds, 0.0) / 60
    return np.asarray(np.log1p(minutes) if logarithmic else np.minimum(minutes, _CAP_MINUTES))


def dose_response(contacts: pd.DataFrame) -> DoseResponse:
    """Return the slope of score on reply delay inside (channel, topic) groups.

    Least squares after group means are taken out, so that neither slow channels nor topics of bad mood pass for the
    effect of waiting; the interval is robust to likeness within a day [1]_. The delay is taken as it is, capped at
    10 minutes, unless its logarithm fits clearly better: on short waits alone the two cannot be told apart, and a
    straight line is the plainer thing to carry on to longer ones.

    Parameters
    ----------
    contacts : DataFrame
        channel, topic_id, day, sentiment_score, response_seconds; contacts of falls left out by the caller. Rows
        without a delay are not used.

    References
    ----------
    .. [1] A. C. Cameron, D. L. Miller, "A Practitioner's Guide to Cluster-Robust Inference", J. Hum. Resour. 50, 2015.
    """
    known = contacts[contacts["response_seconds"].notna()]
    if len(known) < _MIN_CONTACTS or known["day"].nunique() < _MIN_DAYS:
        return UNKNOWN
    seconds = known["response_seconds"].to_numpy(dtype=np.float64)
    keys = [known["channel"], known["topic_id"].fillna("")]
    score = _centred(known["sentiment_score"].to_numpy(dtype=np.float64), keys)
    days = known["day"].to_numpy()
    straight, bent = (_fit(_centred(_dose(seconds, logarithmic=log), keys), score, days) for log in (False, True))
    if straight is None or bent is None:
        return UNKNOWN
    logarithmic = len(known) * np.log(max(straight[3], 1e-12) / max(bent[3], 1e-12)) > _CLEARLY_BETTER
    return DoseResponse(*(bent if logarithmic else straight)[:3], logarithmic=bool(logarithmic))


def _centred(values: FloatArray, keys: list[pd.Series]) -> FloatArray:
    series = pd.Series(values, index=keys[0].index)
    return np.asarray((series - series.groupby(keys).transform("mean")).to_numpy(dtype=np.float64))


def _fit(dose: FloatArray, score: FloatArray, days: FloatArray) -> tuple[float, float, float, float] | None:
    scale = float((dose**2).sum())
    if scale < 1e-9:
        return None
    slope = float((dose * score).sum()) / scale
    residual = score - slope * dose
    by_day = pd.Series(dose * residual).groupby(days).sum().to_numpy(dtype=np.float64)
    n_days = len(by_day)
    error = np.sqrt(float((by_day**2).sum()) * n_days / (n_days - 1)) / scale
    half = float(stats.t.ppf(0.975, n_days - 1)) * error
    return slope, slope - half, slope + half, float((residual**2).sum())
