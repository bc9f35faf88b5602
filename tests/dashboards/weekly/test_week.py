from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.errors import ConfigError
from dashboards.weekly.week import Week, asked_week, last_week


@given(first=st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1)), n_days=st.integers(0, 60))
def test_the_last_week_is_whole_and_of_the_data_or_all_of_it(first: dt.date, n_days: int) -> None:
    last = first + dt.timedelta(days=n_days)
    week = last_week(first, last)
    assert first <= week.start <= week.end <= last
    assert week.is_whole or (week.start, week.end) == (first, last)
    assert not week.is_whole or last - week.end < dt.timedelta(days=7)
    if week.is_whole:
        assert asked_week(week.name, None, None) == week


@pytest.mark.parametrize(
    ("week", "start", "end", "said"),
    [
        ("2026-37", None, None, "--week"),
        ("2026-W54", None, None, "--week"),
        ("2026-W37", "2026-09-07", None, "leave one out"),
        (None, "2026-09-07", None, "--from and --to together"),
        (None, "2026-09-07", "2026-09-06", "not before"),
        (None, "2026-01-01", "2026-09-06", "at most 92 days"),
        (None, "7.9.2026", "2026-09-06", "--from"),
    ],
)
def test_what_is_no_week_is_told(week: str | None, start: str | None, end: str | None, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        asked_week(week, start, end)


def test_days_have_a_name_of_their_own() -> None:
    assert Week(dt.date(2026, 9, 8), dt.date(2026, 9, 14)).name == "2026-09-08_2026-09-14"
    assert Week(dt.date(2025, 12, 29), dt.date(2026, 1, 4)).name == "2026-W01"
