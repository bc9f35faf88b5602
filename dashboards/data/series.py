"""Volume and mood over time, told apart by channel, product or topic."""

from __future__ import annotations

import pandas as pd

from dashboards.data.mood import COUNTS, with_intervals
from dashboards.data.source import Source
from dashboards.intervals import wilson
from dashboards.selection import Selection

_STARTS = {"hour": "date_trunc('hour', timezone($shown_zone, started_at))", "day": "CAST(day AS TIMESTAMP)"}
_KEYS = {"channel": "coalesce(channel, '')", "product": "coalesce(product, '')", "topic": "coalesce(topic_id, '')"}


def series(source: Source, selection: Selection, *, step: str, by: str | None = None) -> pd.DataFrame:
    """Return a row for each point that has contacts, in order of time.

    Parameters
    ----------
    step : str
        hour or day.
    by : str, optional
        channel, product or topic: a row for each of them.

    Returns
    -------
    DataFrame
        start (local), key (None without `by`), counts, mean with interval, negative_share with interval,
        median_response_seconds; the columns of `dashboards.data.mood.COUNTS`.
    """
    key = _KEYS[by] if by else "NULL"
    found = source.over(
        selection,
        f"SELECT {_STARTS[step]} AS start, {key} AS key, {COUNTS} FROM contact"
        " WHERE {where} AND started_at IS NOT NULL AND $shown_zone <> '' GROUP BY 1, 2 ORDER BY 1, n DESC, 2",
        shown_zone=source.zone,
    )
    n_mood = found["n_mood"].to_numpy(dtype=float)
    low, high = wilson(found["n_negative"].to_numpy(dtype=float), n_mood)
    share = found["n_negative"] / found["n_mood"].where(found["n_mood"] > 0)
    return with_intervals(found).assign(negative_share=share, negative_share_low=low, negative_share_high=high)
