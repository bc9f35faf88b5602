from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.calendar_days import Event
from analytics.errors import SchemaError
from analytics.signals.grid import hour_grid, rolling_sum, window_counts

START = pd.Timestamp("2026-01-05 00:00Z")


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 30), st.integers(1, 9)), max_size=40), st.integers(1, 5))
def test_windows_are_rolling_sums_of_the_dense_table(rows, width):
    dense = np.zeros((4, 31))
    for key, hour, n in rows:
        dense[key, hour] += n
    code, hour, n = (np.array(column) for column in zip(*rows, strict=True)) if rows else (np.zeros(0, int),) * 3
    found = window_counts(code, hour, n.astype(float), width=width, n_hours=31)
    rolled = np.stack([rolling_sum(row, width) for row in dense])
    again = np.zeros_like(dense)
    again[found.code, found.end] = found.n
    assert np.allclose(again, rolled)
    keys, hours = np.indices(dense.shape)
    assert np.allclose(found.at(keys, hours), rolled)


def test_hours_and_positions_are_inverse():
    grid = hour_grid(START, START + pd.Timedelta(days=3), "Asia/Shanghai")
    hours = grid.hour_at(np.arange(grid.n_hours))
    assert grid.index_of(pd.Series(hours)).tolist() == list(range(73))
    assert grid.index_of(pd.Series(hours.astype("datetime64[us, UTC]"))).tolist() == list(range(73))
    assert grid.n_days == 4 and grid.hour_of_week[0] == 8


def test_a_cut_grid_counts_days_anew():
    grid = hour_grid(START, START + pd.Timedelta(days=3), "Asia/Shanghai").cut(20, 30)
    assert (grid.start, grid.day[0], grid.n_hours, grid.n_days) == (START + pd.Timedelta(hours=20), 0, 30, 2)


def test_times_without_a_zone_are_refused():
    grid = hour_grid(START, START, "Asia/Shanghai")
    with pytest.raises(SchemaError, match="with a zone"):
        grid.index_of(pd.Series(pd.to_datetime(["2026-01-05"]), name="hour"))


def test_hours_that_end_before_they_begin_are_refused():
    with pytest.raises(SchemaError, match="last at or after the first"):
        hour_grid(START, START - pd.Timedelta(hours=1), "Asia/Shanghai")


def test_holidays_work_like_sundays_make_up_days_like_fridays_and_events_are_marked():
    first = pd.Timestamp("2026-10-01", tz="Asia/Shanghai")
    event = Event("店庆", (None, 10, 9), (None, 10, 9))
    grid = hour_grid(first, first + pd.Timedelta(days=10, hours=-1), "Asia/Shanghai", (event,))
    weekday = grid.hour_of_week[::24] // 24
    assert weekday.tolist() == [6] * 7 + [3, 4, 4]
    assert np.flatnonzero(grid.event[::24]).tolist() == [8]
    assert grid.cut(8 * 24, 24).event.all()


def test_a_day_ends_only_when_it_is_over():
    grid = hour_grid(START, START + pd.Timedelta(hours=30), "Asia/Shanghai")
    assert grid.day_ends.tolist() == [15, -1]
