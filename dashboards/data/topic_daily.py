"""Daily counts and moods by topic, channel or product: the one query from which the page of topics is computed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from dashboards.data.mood import with_intervals
from dashboards.data.source import Source
from dashboards.selection import Selection

KEYS = {
    "topic": "coalesce(topic_id, '')",
    "touchpoint": "coalesce(touchpoint, '')",
    "channel": "coalesce(channel, '')",
    "product": "coalesce(product, '')",
}
"""What contacts are counted by; '' = none."""
SUMS = ("n", "n_mood", "n_negative", "n_neutral", "n_positive", "total", "squares")
_SQL = """
SELECT {key} AS key, day, count(*) AS n, count(sentiment_label) AS n_mood,
    count(*) FILTER (sentiment_label = 'negative') AS n_negative,
    count(*) FILTER (sentiment_label = 'neutral') AS n_neutral,
    count(*) FILTER (sentiment_label = 'positive') AS n_positive,
    coalesce(sum(sentiment_score), 0) AS total, coalesce(sum(sentiment_score * sentiment_score), 0) AS squares
FROM contact WHERE {where} GROUP BY 1, 2 ORDER BY 1, 2
"""


def daily(source: Source, selection: Selection, dimension: str = "topic") -> pd.DataFrame:
    """Return one row a key and day with contacts.

    Parameters
    ----------
    dimension : str
        One of `KEYS`.

    Returns
    -------
    DataFrame
        key, day (datetime64), and `SUMS`: contacts, of these with a mood and of each mood, the sum of the scores
        (`total`) and of their squares.

    Raises
    ------
    KeyError
        If the dimension is not known.
    """
    frame = source.over(selection, _SQL.replace("{key}", KEYS[dimension]))
    return frame.assign(day=pd.to_datetime(frame["day"]))


def summed(rows: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Return `SUMS` of each group, with mean, deviation, and `low` and `high` of the mean.

    Examples
    --------
    >>> rows = pd.DataFrame({"key": ["a", "a"], **dict.fromkeys(SUMS, [1.0, 1.0])})
    >>> summed(rows, ["key"])[["n", "mean"]].values.tolist()
    [[2.0, 1.0]]
    """
    found = rows.groupby(by, as_index=False, sort=True)[list(SUMS)].sum()
    n = found["n_mood"].to_numpy(dtype=float)
    mean = np.divide(found["total"].to_numpy(dtype=float), n, out=np.full(len(n), np.nan), where=n > 0)
    squares = np.maximum(found["squares"].to_numpy(dtype=float) - n * np.nan_to_num(mean) ** 2, 0.0)
    return with_intervals(found.assign(mean=mean, deviation=np.sqrt(squares / np.maximum(n - 1, 1))))


def spread(rows: pd.DataFrame) -> pd.Series:
    """Return the mean square of the scores about their mean; of rows with `SUMS` and `mean`."""
    n = rows["n_mood"].where(rows["n_mood"] > 0)
    return (rows["squares"] / n - rows["mean"] ** 2).clip(lower=0).fillna(0.0)


def every_day(rows: pd.DataFrame, keys: Sequence[str] | None = None) -> pd.DataFrame:
    """Return key, day, k (the key's contacts) and n (all of the day), a day without the key having none of it.

    `keys` are those wanted, though they have no contacts; else those of the rows.
    """
    totals = rows.groupby("day")["n"].sum()
    counts = rows.pivot_table(index="day", columns="key", values="n", fill_value=0).reindex(totals.index, fill_value=0)
    if keys is not None:
        counts = counts.reindex(columns=pd.Index(keys, name="key"), fill_value=0)
    long = counts.reset_index().melt(id_vars="day", var_name="key", value_name="k")
    return long.assign(n=long["day"].map(totals))
