from __future__ import annotations

import datetime as dt
from urllib.parse import parse_qsl

from dashboards import charts_data
from dashboards.data.coverage import MAX_DAYS, coverage, empty_days, shown_days
from dashboards.data.source import Source
from dashboards.filters import Filters
from dashboards.selection import Selection

FIRST, LAST = dt.date(2026, 10, 1), dt.date(2026, 10, 4)


def test_a_table_without_rows_on_a_day_with_contacts_is_missing(source: Source) -> None:
    frame = coverage(source, Filters(FIRST, LAST + dt.timedelta(days=1)))
    by = frame.set_index(["table", "day"])
    assert by.loc[("contact", LAST), "n"] > 0 and not by.loc[("contact", LAST), "missing"]
    assert by.loc[("sentiment_hour", LAST), "missing"]  # the made-up warehouse has none
    assert not by.loc[("category_hit", LAST + dt.timedelta(days=1)), "missing"]
    assert by.loc[("contact", LAST + dt.timedelta(days=1)), "missing"]
    assert empty_days(frame)[-1] == LAST + dt.timedelta(days=1)


def test_a_cell_of_contacts_opens_as_many(source: Source) -> None:
    frame = coverage(source, Filters(FIRST, LAST))
    figure = charts_data.coverage(frame)
    heat = figure.data[0]
    row = list(heat.y).index("contact")
    counts = frame[frame["table"] == "contact"].sort_values("day")["n"].tolist()
    for at, n in enumerate(counts):
        narrowing = dict(parse_qsl(heat.customdata[row][at][0]))
        chosen = Selection(Filters(channels=("app",)), narrowing)
        assert source.over(chosen, "SELECT count(*) AS n FROM contact WHERE {where}")["n"].iloc[0] == n


def test_a_long_period_shows_its_last_days() -> None:
    start, end = shown_days(Filters(dt.date(2025, 1, 1), LAST)) or (None, None)
    assert end == LAST and start == LAST - dt.timedelta(days=MAX_DAYS - 1)
    assert shown_days(Filters()) is None


def test_nothing_is_missing_without_days(undated_source: Source) -> None:
    frame = coverage(undated_source, Filters())
    assert frame.empty and empty_days(frame) == []
