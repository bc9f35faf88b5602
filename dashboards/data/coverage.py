"""Which days have rows in which tables: a day that is empty, or far from the usual, is seen at once."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from dashboards.data.source import Source
from dashboards.filters import Filters
from dashboards.selection import Selection

TABLES = ("contact", "utterance", "category_hit", "keyword_hour", "sentiment_hour", "topic_day", "kpi_day")
"""Tables that are shown; of alarms and falls a day may well have none."""
SURE = ("utterance", "sentiment_hour", "kpi_day")
"""Tables that have rows on every day with contacts: counted from them whatever they say."""
ENOUGH_A_DAY = 10
"""With usually fewer contacts a day, one without any is nothing strange."""
MAX_DAYS = 92
"""A picture of more days cannot be read; it shows the last ones."""


def coverage(source: Source, filters: Filters) -> pd.DataFrame:
    """Return rows by table and day: table, day (date), n, usual (the table's median over days with rows), missing.

    Missing is a day without contacts where there usually are, and one with contacts without rows in a table of `SURE`.

    Of contacts those that count: without flagged ones where they are left out. Empty without days.
    """
    span = shown_days(filters)
    if span is None:
        return pd.DataFrame(columns=["table", "day", "n", "usual", "missing"])
    start, end = span
    contacts = source.over(
        Selection(Filters(start, end)), "SELECT 'contact' AS \"table\", day, count(*) AS n FROM contact"
        " WHERE {where} GROUP BY day")  # fmt: skip
    others = " UNION ALL ".join(
        f"SELECT '{name}' AS \"table\", day, count(*) AS n FROM {name} WHERE day BETWEEN $start AND $end GROUP BY day"
        for name in TABLES[1:]
    )
    found = pd.concat([contacts, source.rows(others, start=start, end=end)], ignore_index=True)
    found["day"] = pd.to_datetime(found["day"]).dt.date
    days = [start + dt.timedelta(days=i) for i in range((end - start).days + 1)]
    every = pd.MultiIndex.from_product([TABLES, days], names=["table", "day"])
    whole = found.set_index(["table", "day"])["n"].reindex(every, fill_value=0).reset_index()
    usual = found.groupby("table")["n"].median()
    whole = whole.assign(n=whole["n"].astype(int), usual=whole["table"].map(usual).fillna(0.0))
    n_contacts = whole["day"].map(whole[whole["table"] == "contact"].set_index("day")["n"])
    strange = (whole["table"] == "contact") & (whole["usual"] >= ENOUGH_A_DAY)
    behind = whole["table"].isin(SURE) & (n_contacts > 0)
    return whole.assign(missing=(whole["n"] == 0) & (strange | behind))


def shown_days(filters: Filters) -> tuple[dt.date, dt.date] | None:
    """Return the days of the picture: the last `MAX_DAYS` of the period; None without days."""
    if filters.start is None or filters.end is None:
        return None
    return max(filters.start, filters.end - dt.timedelta(days=MAX_DAYS - 1)), filters.end


def empty_days(frame: pd.DataFrame) -> list[dt.date]:
    """Return the days on which rows are missing (`coverage`), in order."""
    return sorted(set(frame.loc[frame["missing"].astype(bool), "day"]))
