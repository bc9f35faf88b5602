"""Hours and days in which more customers were unhappy than usual, and a larger share of them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import betabinom

from analytics.signals.grid import FloatArray, HourGrid, sums_at
from analytics.signals.places import Place
from analytics.signals.rules import JudgedHours, SpikeRule
from analytics.signals.spikes import empty_alarms, hourly_totals
from analytics.signals.tables import require_columns
from analytics.signals.volume import alarms_of, place_rises

_TRIM = 0.15
"""Share of past days, those with most negative contacts, that say nothing of the usual share: a surge is no norm."""

_PRIOR_SHARE, _PRIOR_CONTACTS = 0.3, 4.0
"""What is believed of the share before a contact came: worth four contacts. Of moods of simulated and real days, 10 to
50 % are negative."""

NEWS_LIFT = 3.0
"""Three times as many negative contacts are news, whatever came besides them: where most reviews are bad the share of
bad ones cannot rise."""

_MAX_CERTAINTY = 100.0
"""The usual share goes up and down from day to day, however many contacts it was counted on: a beta distribution of at
most so many contacts, a standard deviation of .05 at a share of one half."""


def detect_negative_spikes(
    moods: pd.DataFrame, *, hours: JudgedHours, rule: SpikeRule | None = None, normal: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return the windows with significantly more negative contacts, and a significantly larger share of them.

    Both must hold: a busy day brings more negative contacts and is a matter of volume; a quiet hour in which two of
    three are negative is none. So the p-value is the larger of the two (an intersection-union test [1]_). Only where
    the negative contacts are `NEWS_LIFT` times the expected ones the share may be what it always was.

    Parameters
    ----------
    moods : DataFrame
        hour (UTC), channel, n (contacts with a mood), n_negative, and product where contacts have one.
    hours : JudgedHours
        What is judged; everything before it is history.
    rule : SpikeRule, optional
        What counts as a spike; `min_contacts` are negative ones.
    normal : DataFrame, optional
        key, started_at, ended_at (UTC, exclusive): rises that a person marked as normal.

    Returns
    -------
    DataFrame
        As of `detect_volume_spikes`, with kind "negative"; observed and expected count negative contacts.

    References
    ----------
    .. [1] R. L. Berger, "Multiparameter Hypothesis Testing and Acceptance Sampling", Technometrics 24(4), 1982.
    """
    rule = rule or SpikeRule()
    require_columns(moods, "moods", ("hour", "channel", "n", "n_negative"))
    found = []
    for place, windows, grid in place_rises(moods, "n_negative", hours=hours, rule=rule, normal=normal):
        p_share = _share_p_values(place, windows, grid, rule.history_days)
        p_share = np.where(windows["observed"] >= NEWS_LIFT * windows["expected"], 0.0, p_share)
        held = windows.assign(p_value=np.maximum(windows["p_value"], p_share))[p_share <= rule.q]
        if len(held):
            found.append(alarms_of(place, held, grid, kind="negative"))
    return pd.concat(found, ignore_index=True) if found else empty_alarms()


def _share_p_values(place: Place, windows: pd.DataFrame, grid: HourGrid, history_days: int) -> npt.NDArray[np.float64]:
    """Return for each window how surprising its share of negative contacts is, given how many there were."""
    rows = place.rows
    n, negative = (hourly_totals(rows.assign(n_contacts=rows[name]), grid) for name in ("n", "n_negative"))
    end, width = (windows[name].to_numpy(dtype=np.int64) for name in ("end", "width"))
    n_in, negative_in = (_between(values, end, width) for values in (n, negative))
    daily, daily_negative = (sums_at(grid.day, values, grid.n_days) for values in (n, negative))
    p = np.ones(len(windows))
    for day in np.unique(grid.day[end]):
        past = slice(max(int(day) - history_days, 0), int(day))
        low, high = usual_share(daily_negative[past], daily[past])
        of_day = grid.day[end] == day
        p[of_day] = betabinom.sf(negative_in[of_day] - 1, n_in[of_day], low, high)
    return p


def _between(values: FloatArray, end: npt.NDArray[np.int64], width: npt.NDArray[np.int64]) -> FloatArray:
    total = np.concatenate([np.zeros(1), np.cumsum(values)])
    return np.asarray(total[end + 1] - total[np.maximum(end + 1 - width, 0)])


def usual_share(negative: FloatArray, contacts: FloatArray) -> tuple[float, float]:
    """Return the two parameters of a beta distribution of the usual share of negative contacts.

    Parameters
    ----------
    negative, contacts : ndarray of float, shape (n_days,)
        Of past days; those with most negative contacts are left out.

    Examples
    --------
    >>> days = np.full(28, 40.0)
    >>> np.round(usual_share(np.where(np.arange(28) == 20, 38.0, 10.0), days), 1).tolist()
    [25.0, 75.0]
    """
    kept = np.argsort(negative, kind="stable")[: len(negative) - int(np.floor(_TRIM * len(negative)))]
    bad, all_ = float(negative[kept].sum()), float(contacts[kept].sum())
    n = all_ + _PRIOR_CONTACTS
    share = (bad + _PRIOR_SHARE * _PRIOR_CONTACTS) / n
    certainty = min(n, _MAX_CERTAINTY)
    return share * certainty, (1 - share) * certainty
