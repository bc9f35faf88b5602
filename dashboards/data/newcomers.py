"""Topics that emerged by themselves in a period."""

from __future__ import annotations

import pandas as pd

from dashboards.data.source import Source
from dashboards.filters import Filters


def births(source: Source, filters: Filters) -> pd.DataFrame:
    """Return topic_id, label, born (text), n_texts, expected and p_value of topics born in the days, newest first."""
    if filters.start is None or filters.end is None:
        return pd.DataFrame(columns=["topic_id", "label", "born", "n_texts", "expected", "p_value"])
    found = source.rows(
        "SELECT b.topic_id, coalesce(t.label, b.topic_id) AS label, b.day::VARCHAR AS born, b.n_texts, b.expected,"
        " b.p_value FROM topic_birth b LEFT JOIN topic t USING (topic_id)"
        " WHERE b.day BETWEEN $start AND $end ORDER BY b.day DESC, b.topic_id",
        start=filters.start,
        end=filters.end,
    )
    return source.renamed(found, "topic_id", "label")
