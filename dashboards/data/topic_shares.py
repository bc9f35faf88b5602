"""One topic's share of the contacts of each channel, product or week, and how it changed."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pandas as pd

from dashboards.data.share_changes import COLUMNS, both_periods, changes, with_period
from dashboards.data.source import Source
from dashboards.intervals import wilson
from dashboards.selection import Selection

N_WEEKS = 12
"""Weeks listed at most: what is older stands in the chart."""
_WEEK = dt.timedelta(days=7)
_SQL = """
SELECT {key} AS key, day, count(*) FILTER (coalesce(topic_id, '') = $topic_id) AS k, count(*) AS n
FROM contact WHERE {where} GROUP BY 1, 2 ORDER BY 1, 2
"""


def by_column(source: Source, selection: Selection, topic_id: str, column: str) -> pd.DataFrame:
    """Return the topic's share of the contacts of each value of a column, most contacts of the topic first.

    Parameters
    ----------
    column : str
        channel or product ('' = contacts without one).

    Returns
    -------
    DataFrame
        key, k (contacts of the topic), n (all contacts), share, share_low, share_high; `times`, how many times the
        share elsewhere it is, and `times_verdict`, whether it surely differs from there (as `share_changes` tests
        periods, over all values together); and the change against the period of equal length before
        (`dashboards.data.share_changes.COLUMNS`).
    """
    if column not in ("channel", "product"):
        raise ValueError(f"column: expected channel or product, got {column}")
    periods = both_periods(selection)
    sql = _SQL.replace("{key}", f"coalesce({column}, '')")
    daily = source.over(periods[0] if periods else selection, sql, topic_id=topic_id)
    daily = with_period(daily, periods[1]) if periods else daily.assign(is_now=True)
    found = _shares(daily[daily["is_now"]])
    tested = changes(daily[daily["key"].isin(found["key"])])
    return (
        found.merge(tested, on="key")
        .merge(_against_the_rest(daily[daily["is_now"]]), on="key")
        .sort_values(["k", "n", "key"], ascending=[False, False, True], ignore_index=True)
    )


def _against_the_rest(daily: pd.DataFrame) -> pd.DataFrame:
    """Return key, times and times_verdict: each key's share beside that of all others on the same days."""
    totals = daily.groupby("day")[["k", "n"]].sum()
    whole = totals.reindex(daily["day"]).reset_index(drop=True)
    own = daily.reset_index(drop=True).assign(is_now=True)
    rest = own.assign(k=whole["k"] - own["k"], n=whole["n"] - own["n"], is_now=False)
    tested = changes(pd.concat([own, rest], ignore_index=True))[["key", "verdict"]]
    sums = own.groupby("key")[["k", "n"]].sum()
    others = sums.sum() - sums
    times = (sums["k"] / sums["n"]) / (others["k"] / others["n"]).where(others["k"] > 0)
    return tested.assign(times=tested["key"].map(times)).rename(columns={"verdict": "times_verdict"})


def by_week(source: Source, selection: Selection, topic_id: str) -> pd.DataFrame:
    """Return the topic's share of the contacts of each week (from Monday), the last first, at most `N_WEEKS`.

    Columns as of `by_column`, `day_from` and `day_to` (the week, cut to the filters). Each week is
    compared with the whole week before it, though it be outside the filters.
    """
    first, last = selection.filters.start, selection.filters.end
    if first is None or last is None:
        return pd.DataFrame(columns=["key", "k", "n", "share", "share_low", "share_high", *COLUMNS])
    monday = first - dt.timedelta(days=first.weekday())
    reaching = Selection(replace(selection.filters, start=monday - _WEEK), selection.narrowing)
    daily = source.over(reaching, _SQL.replace("{key}", "date_trunc('week', day)::DATE"), topic_id=topic_id)
    daily = daily.assign(day=pd.to_datetime(daily["day"]), week=pd.to_datetime(daily["key"]))
    weeks = pd.date_range(monday, last, freq="7D")[-N_WEEKS:]
    now = daily[(daily["day"] >= pd.Timestamp(first)) & daily["week"].isin(weeks)]
    before = daily.assign(week=daily["week"] + _WEEK)
    before = before[before["week"].isin(now["week"])]
    pairs = pd.concat([now.assign(is_now=True), before.assign(is_now=False)]).assign(key=lambda f: _iso(f["week"]))
    found = _shares(now.assign(key=_iso(now["week"]))).merge(changes(pairs), on="key")
    starts = pd.to_datetime(found["key"])
    return found.assign(
        day_from=[max(start.date(), first).isoformat() for start in starts],
        day_to=[min(start.date() + _WEEK - dt.timedelta(days=1), last).isoformat() for start in starts],
    ).sort_values("key", ascending=False, ignore_index=True)


def _shares(daily: pd.DataFrame) -> pd.DataFrame:
    found = daily.groupby("key", as_index=False)[["k", "n"]].sum()
    low, high = wilson(found["k"].to_numpy(), found["n"].to_numpy())
    return found.assign(share=found["k"] / found["n"], share_low=low, share_high=high)


def _iso(days: pd.Series) -> pd.Series:
    return days.map(lambda day: day.strftime("%Y-%m-%d"))
