"""Daily counts of two periods, and whether shares have changed between them: all that is shown, tested together."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd

from analytics.share_changes import Change, false_discovery, share_change
from dashboards.selection import Selection

COLUMNS = ("change", "change_low", "change_high", "p_value", "q_value", "n_days", "dispersion", "verdict")


def changes(daily: pd.DataFrame) -> pd.DataFrame:
    """Return what may be said of each share.

    Parameters
    ----------
    daily : DataFrame
        key, k, n, is_now: contacts counted and all contacts of each key on a day, and whether it is of the later
        period; days without any contacts may be absent.

    Returns
    -------
    DataFrame
        key and `COLUMNS`: the difference of the shares (-1 to 1) with its 95 % interval, p, q (over all keys), days
        with contacts, dispersion, and significant, flat, few_days or none.

    Examples
    --------
    >>> daily = pd.DataFrame({"key": "a", "k": [5] * 7 + [15] * 7, "n": 60, "is_now": [False] * 7 + [True] * 7})
    >>> changes(daily)[["key", "verdict"]].values.tolist()
    [['a', 'significant']]
    """
    found = {str(key): _change(rows) for key, rows in daily.groupby("key", sort=True)}
    q_values = false_discovery(np.array([change.p_value for change in found.values()]))
    rows = [
        (key, c.difference, c.low, c.high, c.p_value, q, c.n_days, c.dispersion, c.verdict(float(q)))
        for (key, c), q in zip(found.items(), q_values, strict=True)
    ]
    return pd.DataFrame(rows, columns=["key", *COLUMNS])


def both_periods(selection: Selection) -> tuple[Selection, dt.date] | None:
    """Return the selection reaching back over the period before, and its own first day; None without days."""
    before = selection.filters.before()
    if before is None or before.start is None or selection.filters.start is None:
        return None
    return Selection(replace(selection.filters, start=before.start), selection.narrowing), selection.filters.start


def with_period(daily: pd.DataFrame, since: dt.date) -> pd.DataFrame:
    """Return the daily counts with `is_now`: whether the day is not before `since`."""
    return daily.assign(is_now=pd.to_datetime(daily["day"]) >= pd.Timestamp(since))


def _change(daily: pd.DataFrame) -> Change:
    return share_change(
        daily["k"].to_numpy(dtype=float), daily["n"].to_numpy(dtype=float), daily["is_now"].to_numpy(dtype=bool)
    )
