"""What moved the mood from the period before to this one, and lasting changes that were found."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analytics.mean_parts import mean_parts
from dashboards.data.periods import Periods
from dashboards.data.share_changes import both_periods
from dashboards.data.source import Source
from dashboards.selection import Selection

COLUMNS = ("key", "label", "n", "base_n", "contribution", "mix", "within", "low", "high")
_SQL = """
SELECT coalesce(topic_id, '') AS key, day >= $since AS is_now, count(sentiment_score) AS n,
    avg(sentiment_score) AS mean, var_pop(sentiment_score) AS spread
FROM contact WHERE {where} AND sentiment_score IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2
"""


def drivers(source: Source, selection: Selection) -> pd.DataFrame:
    """Return each topic's part in the change of the mean score, the largest first.

    The table `driver` has the same for all contacts of the last seven days; here it is for any filters and period.

    Returns
    -------
    DataFrame
        `COLUMNS`: key (topic_id, '' = none) and its label, contacts with a score in both periods, the contribution
        with its 95 % interval (NaN where a period has fewer than two), of which mix and within. Contributions add up
        to the change of the mean. Empty where a period has no scores.
    """
    reach = both_periods(selection)
    if reach is None:
        return pd.DataFrame(columns=list(COLUMNS))
    rows = source.over(reach[0], _SQL, since=reach[1])
    if rows["is_now"].nunique() < 2:
        return pd.DataFrame(columns=list(COLUMNS))
    keys = sorted(set(rows["key"]))
    counts, means, spreads = (
        rows.pivot(index="is_now", columns="key", values=name).reindex(index=[False, True], columns=keys).fillna(0)
        .to_numpy(dtype=float) for name in ("n", "mean", "spread")
    )  # fmt: skip
    parts = mean_parts(counts, means, spreads)
    found = pd.DataFrame({"key": keys, "n": counts[1].astype(int), "base_n": counts[0].astype(int)}).assign(
        contribution=parts.total, mix=parts.mix, within=parts.within,
        low=parts.total - parts.half, high=parts.total + parts.half,
    )  # fmt: skip
    return found.iloc[np.argsort(-np.abs(parts.total), kind="stable")].reset_index(drop=True)


def lasting(source: Source, selection: Selection) -> pd.DataFrame:
    """Return the lasting changes of mood that were first seen in the period, the largest first.

    They are of channels and of their topics, not of products: with a product chosen there are none.

    Returns
    -------
    DataFrame
        Those of `mood_change`: day, changed_on, channel ('*' = all), topic_id ('' = all), label, before, after, low,
        high, p_value, n; days as text.
    """
    filters = selection.filters
    found = source.rows(
        "SELECT m.day::VARCHAR AS day, m.changed_on::VARCHAR AS changed_on, m.channel, m.topic_id,"
        " coalesce(t.label, '') AS label, m.before, m.after, m.low, m.high, m.p_value, m.n"
        " FROM mood_change m LEFT JOIN topic t USING (topic_id)"
        " WHERE m.day BETWEEN $start AND $end AND $any_product"
        " AND (len($channels) = 0 OR list_contains($channels, m.channel))"
        " ORDER BY abs(m.after - m.before) * m.n DESC, m.channel, m.topic_id",
        start=filters.start, end=filters.end, channels=list(filters.channels), any_product=not filters.products,
    )  # fmt: skip
    return source.renamed(found, "topic_id", "label")


def explained(found: pd.DataFrame, changed: Periods) -> pd.Series | None:
    """Return the topic that pulled the mood most the way it went, where it went anywhere for sure; else None."""
    if not changed.mood.differs or found.empty:
        return None
    same_way = found[(np.sign(found["contribution"]) == np.sign(changed.mood.difference)) & (found["key"] != "")]
    sure = same_way[same_way["low"].isna() | (np.sign(same_way["low"]) == np.sign(same_way["high"]))]
    return None if sure.empty else sure.iloc[0]
