"""The indicators of each day, channel and team, with intervals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy import stats

from analytics.kpi_catalog import INDICATORS, REPEAT_HOURS, Indicator
from analytics.schema import ALL, LIVE_KINDS, NEUTRAL_BAND, TABLES
from analytics.signals.intervals import median_interval, poisson_interval, wilson
from analytics.signals.tables import local_day, require_columns

_READ = (
    "contact_id",
    "started_at",
    "ended_at",
    "kind",
    "channel",
    "team",
    "agent_id",
    "person_id",
    "first_response_seconds",
    "mean_response_seconds",
    "sentiment_score",
    "sentiment_label",
    "sentiment_first",
    "mood_course",
)


def kpi_day(contacts: pd.DataFrame, *, first_day: dt.date | None = None, zone: str = "Asia/Shanghai") -> pd.DataFrame:
    """Return every indicator of every day, channel and team, and of all channels and teams, as the table `kpi_day`.

    Parameters
    ----------
    contacts : DataFrame
        contact_id, started_at and ended_at (UTC), kind, channel, team, agent_id, person_id, first_response_seconds,
        mean_response_seconds, sentiment_score, sentiment_label, sentiment_first, mood_course. Hand in the three days
        before `first_day` as well: who came back is seen by looking back, so that the newest day needs no waiting.
    first_day : date, optional
        First local day that is reported; by default that of the first contact.
    zone : str
        Zone of the local day.

    Returns
    -------
    DataFrame
        The columns of `TABLES["kpi_day"]`; a cell in which an indicator has no contact has no row. n is the number of
        contacts that the value is computed from.

    Raises
    ------
    SchemaError
        If a column is missing.
    """
    require_columns(contacts, "contacts", _READ)
    columns = [column.name for column in TABLES["kpi_day"].columns]
    dated = contacts[contacts["started_at"].notna()]
    if dated.empty:
        return pd.DataFrame(columns=columns)
    measured = measures(dated, zone=zone)
    if first_day is not None:
        measured = measured[measured["day"] >= first_day]
    rows = []
    for levels in ((), ("channel",), ("team",), ("channel", "team")):
        for (day, *names), cell in measured.groupby(["day", *levels], sort=True):
            place = {"channel": ALL, "team": ALL, **dict(zip(levels, names, strict=True))}
            rows += [{"day": day, **place, **row} for row in _cell(cell)]
    table = pd.DataFrame(rows, columns=columns)
    return table.sort_values(["day", "channel", "team", "indicator"], ignore_index=True)


def measures(contacts: pd.DataFrame, *, zone: str) -> pd.DataFrame:
    """Return one row a contact: day, channel, team and the measures that `kpi_catalog` names.

    Shares are 1.0 or 0.0, and NaN where the question does not arise: a review is not answered, a person who is not
    known cannot be seen to come back, who came content cannot be won back, who said one thing has no course.
    """
    live = contacts["kind"].isin(LIVE_KINDS)
    answered = contacts["agent_id"].notna() | contacts["first_response_seconds"].notna()
    seconds = (contacts["ended_at"] - contacts["started_at"]).dt.total_seconds()
    course = contacts["mood_course"]
    came_negative = contacts["sentiment_first"].astype(np.float64) <= -NEUTRAL_BAND
    negative = (contacts["sentiment_label"] == "negative").astype(np.float64)
    return pd.DataFrame(
        {
            "day": local_day(contacts["started_at"], zone),
            "channel": contacts["channel"].fillna(""),
            "team": contacts["team"].fillna(""),
            "contact_id": contacts["contact_id"],
            "is_negative": negative.where(contacts["sentiment_label"].notna()),
            "is_recovered": (course == "recovered").astype(np.float64).where(course.notna() & came_negative),
            "is_soured": (course == "soured").astype(np.float64).where(course.notna() & ~came_negative),
            "is_answered": answered.astype(np.float64).where(live),
            "is_repeat": repeats(contacts),
            "handling_seconds": seconds.where(live & (seconds >= 0)),
            "sentiment_score": contacts["sentiment_score"].astype(np.float64),
            "first_response_seconds": contacts["first_response_seconds"].astype(np.float64),
            "mean_response_seconds": contacts["mean_response_seconds"].astype(np.float64),
        }
    )


def repeats(contacts: pd.DataFrame) -> pd.Series:
    """Return 1.0 where the same person began another contact in the 72 hours before, on any channel, else 0.0.

    NaN where the person is not known. The rows may come in any order.

    Examples
    --------
    >>> at = pd.to_datetime(["2026-01-01 08:00Z", "2026-01-03 08:00Z", "2026-01-09 08:00Z", "2026-01-09 09:00Z"])
    >>> contacts = pd.DataFrame({"contact_id": list("abcd"), "person_id": ["p", "p", "p", None], "started_at": at})
    >>> repeats(contacts).tolist()
    [0.0, 1.0, 0.0, nan]
    """
    known = contacts[contacts["person_id"].notna()].sort_values(["started_at", "contact_id"])
    before = known.groupby("person_id")["started_at"].shift()
    soon = (known["started_at"] - before) <= pd.Timedelta(hours=REPEAT_HOURS)
    return soon.astype(np.float64).reindex(contacts.index)


def _cell(cell: pd.DataFrame) -> Iterator[dict[str, object]]:
    for indicator in INDICATORS.values():
        values = cell[indicator.measure].dropna()
        if len(values):
            value, low, high = _estimate(indicator, values)
            yield {"indicator": indicator.name, "value": value, "low": low, "high": high, "n": len(values)}


def _estimate(indicator: Indicator, values: pd.Series) -> tuple[float, float, float]:
    n = len(values)
    if indicator.statistic == "count":
        low, high = poisson_interval(n)
        return float(n), float(low), float(high)
    x = values.to_numpy(dtype=np.float64)
    if indicator.statistic == "share":
        low, high = wilson(x.sum(), n)
        return float(x.mean()), float(low), float(high)
    if indicator.statistic == "median":
        return median_interval(x)
    if n == 1:
        return float(x[0]), float("nan"), float("nan")
    half = float(stats.t.ppf(0.975, n - 1)) * float(x.std(ddof=1)) / n**0.5
    return float(x.mean()), float(x.mean()) - half, float(x.mean()) + half
