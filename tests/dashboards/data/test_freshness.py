from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from dashboards.data import freshness as module
from dashboards.data.freshness import freshness, late, usual_age, usual_gap
from dashboards.data.source import Source

LAST_RECORD = dt.datetime(2026, 10, 4, 16, tzinfo=dt.UTC)
"""After the last contact of the made-up warehouse: midnight in Shanghai."""


def _hours(n: float) -> dt.timedelta:
    return dt.timedelta(hours=n)


def test_a_source_is_late_once_the_next_day_it_should_have_is_over(source: Source) -> None:
    found = freshness(source, LAST_RECORD + _hours(20)).set_index("source")
    demo = found.loc["demo"]
    assert (demo["state"], demo["basis"], demo["n_files"]) == ("fresh", "days", 1)
    assert demo["n_records"] == demo["n_contacts"] + 3
    again = freshness(source, LAST_RECORD + _hours(48))
    assert late(again) == ["demo"]
    assert again["source"].iloc[0] == "demo"


def test_a_source_without_contacts_is_there_and_nothing_is_said_of_its_age(source: Source) -> None:
    row = freshness(source, LAST_RECORD).set_index("source").loc["orders"]
    assert (row["state"], row["n_files"], row["n_contacts"]) == ("unknown", 1, 0)
    assert pd.isna(row["newest"]) and pd.notna(row["collected"])


def test_contacts_without_times_are_not_late(undated_source: Source) -> None:
    found = freshness(undated_source, LAST_RECORD).set_index("source")
    assert found.loc["demo", "state"] == "undated"


@given(st.integers(module.ENOUGH_COLLECTIONS, 40), st.floats(0.5, 200), st.floats(0, 100))
def test_of_a_steady_rhythm_the_usual_age_is_gap_and_delay(n: int, gap: float, delay: float) -> None:
    at = [dt.datetime(2026, 1, 1) + _hours(gap * i) for i in range(n)]
    found = usual_age(at, [moment - _hours(delay) for moment in at])
    assert found is not None and abs(found - gap - delay) < 1e-3


@given(st.lists(st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1)), unique=True, max_size=30).map(sorted))
def test_a_usual_gap_lies_between_the_least_and_the_largest(days: list[dt.date]) -> None:
    found = usual_gap(days)
    gaps = [(b - a).days for a, b in pairwise(days)]
    assert (found is None) == (len(days) < module.ENOUGH_DAYS)
    assert found is None or min(gaps) <= found <= max(gaps)
