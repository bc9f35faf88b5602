"""Volume and mood: in all, over time, and by touchpoint."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from dashboards.data.source import Source, buckets, step_for
from dashboards.intervals import mean_interval, wilson
from dashboards.selection import Selection

COUNTS = """
    count(*) AS n,
    count(sentiment_label) AS n_mood,
    count(*) FILTER (sentiment_label = 'negative') AS n_negative,
    count(*) FILTER (sentiment_label = 'neutral') AS n_neutral,
    count(*) FILTER (sentiment_label = 'positive') AS n_positive,
    avg(sentiment_score) AS mean,
    coalesce(stddev_samp(sentiment_score), 0) AS deviation,
    count(first_response_seconds) AS n_response,
    median(first_response_seconds) AS median_response_seconds
"""
"""Columns that every summary of contacts has."""


@dataclass(frozen=True)
class Summary:
    """Contacts of one selection in numbers; `median_response_seconds` and `mean` are NaN without data."""

    n: int
    n_mood: int
    n_negative: int
    n_neutral: int
    n_positive: int
    mean: float
    low: float
    high: float
    n_response: int
    median_response_seconds: float

    @property
    def negative_share(self) -> float:
        """Share of contacts with a mood that are negative."""
        return self.n_negative / self.n_mood if self.n_mood else float("nan")


def summary(source: Source, selection: Selection) -> Summary:
    """Return the selection in numbers, with a 95 % interval of the mean score."""
    row = with_intervals(source.over(selection, f"SELECT {COUNTS} FROM contact WHERE {{where}}")).iloc[0]
    return Summary(
        n=int(row["n"]),
        n_mood=int(row["n_mood"]),
        n_negative=int(row["n_negative"]),
        n_neutral=int(row["n_neutral"]),
        n_positive=int(row["n_positive"]),
        mean=float(row["mean"]),
        low=float(row["low"]),
        high=float(row["high"]),
        n_response=int(row["n_response"]),
        median_response_seconds=float(row["median_response_seconds"]),
    )


def over_time(source: Source, selection: Selection) -> pd.DataFrame:
    """Return one row a day (week or month over longer periods): counts, mean, low, high, `day_from`, `day_to`."""
    step = step_for(source, selection)
    frame = source.over(
        selection,
        f"SELECT date_trunc('{step}', day) AS bucket, {COUNTS} FROM contact WHERE {{where}} GROUP BY 1 ORDER BY 1",
    )
    return buckets(with_intervals(frame), selection.filters, step)


def by_touchpoint(source: Source, selection: Selection) -> pd.DataFrame:
    """Return counts, share with interval and mood of each touchpoint, largest first."""
    frame = source.over(
        selection,
        f"SELECT touchpoint, {COUNTS} FROM contact WHERE {{where}} AND touchpoint IS NOT NULL"
        " GROUP BY 1 ORDER BY n DESC, 1",
    )
    total = summary(source, selection).n
    low, high = wilson(frame["n"].to_numpy(), [max(total, 1)] * len(frame))
    return with_intervals(frame).assign(share=frame["n"] / max(total, 1), share_low=low, share_high=high, n_total=total)


def with_intervals(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with `low` and `high`, the 95 % interval of `mean` (columns mean, deviation, n_mood)."""
    mean = frame["mean"].to_numpy(dtype=float)
    low, high = mean_interval(mean, frame["deviation"].to_numpy(dtype=float), frame["n_mood"].to_numpy(dtype=float))
    return frame.assign(low=low, high=high)
