from __future__ import annotations

import datetime as dt
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.errors import ConfigError
from dags.windows import JOIN_GAP_DAYS, asked_window, stretches, window_arguments

DAYS = st.lists(st.dates(dt.date(2025, 1, 1), dt.date(2025, 12, 31)).map(dt.date.isoformat))


def _all_days(first: str, last: str) -> set[str]:
    begin, end = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
    return {(begin + dt.timedelta(days=i)).isoformat() for i in range((end - begin).days + 1)}


@given(DAYS)
def test_every_day_is_in_exactly_one_window(days: list[str]) -> None:
    windows = stretches(days)
    for day in days:
        assert sum(day in _all_days(*window) for window in windows) == 1


@given(DAYS)
def test_windows_begin_and_end_with_a_day_that_was_named(days: list[str]) -> None:
    assert {day for window in stretches(days) for day in window} <= set(days)


@given(DAYS)
def test_windows_are_in_order_and_far_apart(days: list[str]) -> None:
    windows = stretches(days)[::-1]
    for (_, last), (first, _) in itertools.pairwise(windows):
        assert (dt.date.fromisoformat(first) - dt.date.fromisoformat(last)).days > JOIN_GAP_DAYS


def test_contacts_without_a_time_do_not_stretch_the_window() -> None:
    assert stretches(["1970-01-01", "2026-03-02"]) == [("2026-03-02", "2026-03-02"), ("1970-01-01", "1970-01-01")]


def test_what_was_asked_for_is_one_window() -> None:
    assert asked_window("2026-03-01", "2026-05-01") == [("2026-03-01", "2026-05-01")]
    assert asked_window(None, None) == []
    assert asked_window("", "") == []


@pytest.mark.parametrize(
    ("day", "to", "says"),
    [
        (None, "2026-03-01", "give both"),
        ("2026-02-30", None, "got '2026-02-30'"),
        ("2026-03-02", "2026-03-01", "not before 2026-03-02"),
        ("2026-03-02", "morgen", "got 'morgen'"),
    ],
)
def test_a_wrong_window_says_what_was_expected(day: str | None, to: str | None, says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        asked_window(day, to)


def test_arguments_are_those_of_every_job() -> None:
    assert window_arguments(("2026-03-01", "2026-03-02")) == ["--day", "2026-03-01", "--to", "2026-03-02"]
