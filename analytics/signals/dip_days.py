"""Falls of mood day by day, each day judged by itself and the days before it.

A run over weeks must say of a day what the run of that day said: nothing that came later may be looked at, nor may it
matter where the window of a run begins.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from analytics.schema import TABLES
from analytics.signals.dip_scan import DipRule
from analytics.signals.dips import detect_dips
from analytics.signals.grid import FloatArray
from analytics.signals.tables import require_columns


def daily_dips(
    contacts: pd.DataFrame,
    days: tuple[dt.date, dt.date],
    *,
    history_days: int = 28,
    labels: Mapping[str, str] | None = None,
    rule: DipRule | None = None,
) -> pd.DataFrame:
    """Return the falls of the local days from `days[0]` to `days[1]`, both included, as the table `dip`.

    Parameters
    ----------
    contacts : DataFrame
        As for `detect_dips`, of these days and the `history_days` before them; others are not looked at.
    days : tuple of date
        First and last day.
    history_days : int
        How many days before a day it is judged by.
    labels : mapping of str to str, optional
        topic_id to readable name, for the verdict.
    rule : DipRule, optional
        What counts as a fall.

    Returns
    -------
    DataFrame
        As of `detect_dips`. `repeated_days` of a pattern counts the days up to the one that is told.

    Raises
    ------
    SchemaError
        If a column is missing.
    """
    require_columns(contacts, "contacts", ("started_at", "contact_id"))
    rule = rule or DipRule()
    timed = contacts[contacts["started_at"].notna()]
    order = np.lexsort((timed["contact_id"].to_numpy(dtype=str), _local_days(timed["started_at"], rule.zone)))
    # Rows come as Spark has them; sums of one day must not differ in the last digit from run to run.
    ordered = timed.iloc[order].reset_index(drop=True)
    local = _local_days(ordered["started_at"], rule.zone)
    found = [
        detect_dips(ordered.iloc[slice(*np.searchsorted(local, reach))], labels=labels, rule=rule, day=day)
        for day, reach in _reaches(days, history_days)
    ]
    told = [table for table in found if len(table)]
    if told:
        return pd.concat(told, ignore_index=True)
    return pd.DataFrame(columns=[*(column.name for column in TABLES["dip"].columns), "q_value"])


def _local_days(started_at: pd.Series, zone: str) -> FloatArray:
    midnight = started_at.dt.tz_convert(zone).dt.tz_localize(None).dt.normalize()
    return np.asarray(midnight.to_numpy(dtype="datetime64[D]"))


def _reaches(days: tuple[dt.date, dt.date], history_days: int) -> Iterator[tuple[dt.date, tuple[np.datetime64, ...]]]:
    for offset in range((days[1] - days[0]).days + 1):
        day = days[0] + dt.timedelta(days=offset)
        first, end = day - dt.timedelta(days=history_days), day + dt.timedelta(days=1)
        yield day, (np.datetime64(first, "D"), np.datetime64(end, "D"))
