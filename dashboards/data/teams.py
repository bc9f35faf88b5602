"""Teams and their queues on one day, against their own usual."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from dashboards.data.mood import COUNTS, with_intervals
from dashboards.data.source import Source
from dashboards.filters import Filters
from dashboards.intervals import wilson
from dashboards.selection import Selection

USUAL_DAYS = 14
_USUAL = ("n", "n_mood", "n_negative", "mean", "median_response_seconds")


def teams(source: Source, selection: Selection, day: dt.date) -> pd.DataFrame:
    """Return each team, and under one that has several its channels, with the day's numbers and the usual ones.

    Returns
    -------
    DataFrame
        team, channel ('' = all of the team's), n, n_mood, n_negative, mean with low and high, median_response_seconds,
        n_response, negative_share with share_low and share_high; of the `USUAL_DAYS` days before: usual_n (a day),
        usual_share, usual_mean, usual_response. Largest team first, each followed by its channels.
    """
    filters = Filters(day - dt.timedelta(days=USUAL_DAYS), day, selection.filters.channels, selection.filters.products)
    frame = source.over(
        Selection(filters, selection.narrowing),
        "SELECT coalesce(team, '') AS team, coalesce(channel, '') AS channel, day = $today AS is_today,"
        f" grouping(channel) AS is_team, count(DISTINCT day) AS n_days, {COUNTS}"
        " FROM (SELECT team, channel, day, sentiment_label, sentiment_score, first_response_seconds FROM contact"
        " WHERE {where}) GROUP BY GROUPING SETS ((team, day = $today), (team, channel, day = $today))",
        today=day,
    )
    frame = frame.assign(channel=frame["channel"].where(frame["is_team"] == 0, ""), n_days=_n_days(frame))
    today = with_intervals(frame[frame["is_today"]]).drop(columns=["is_today", "n_days"])
    usual = frame[~frame["is_today"]][["team", "channel", "is_team", "n_days", *_USUAL]]
    usual = usual.rename(columns={name: f"usual_{name}" for name in _USUAL})
    found = today.merge(usual, on=["team", "channel", "is_team"], how="left")
    found = _with_shares(found)
    several = found[found["is_team"] == 0].groupby("team")["n"].transform("size") > 1
    kept = found[(found["is_team"] == 1) | several.reindex(found.index, fill_value=False)]
    sizes = kept[kept["is_team"] == 1].set_index("team")["n"]
    ordered = kept.assign(_team=-kept["team"].map(sizes), _n=-kept["n"])
    return ordered.sort_values(["_team", "team", "is_team", "_n"], ascending=[True, True, False, True]).drop(
        columns=["_team", "_n"]
    ).reset_index(drop=True)  # fmt: skip


def _n_days(frame: pd.DataFrame) -> int:
    """Return how many of the days before had contacts at all."""
    before = frame[~frame["is_today"]]
    return int(before["n_days"].max()) if len(before) else 0


def _with_shares(found: pd.DataFrame) -> pd.DataFrame:
    low, high = wilson(found["n_negative"].to_numpy(float), found["n_mood"].to_numpy(float))
    mood = found["n_mood"].astype(float).where(found["n_mood"] > 0)
    usual_mood = found["usual_n_mood"].where(found["usual_n_mood"] > 0)
    return found.assign(
        negative_share=found["n_negative"] / mood,
        share_low=low,
        share_high=high,
        usual_n=found["usual_n"] / found["n_days"],
        usual_share=found["usual_n_negative"] / usual_mood,
        usual_response=found["usual_median_response_seconds"],
    )
