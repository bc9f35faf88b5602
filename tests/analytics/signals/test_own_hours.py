from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analytics.signals.grid import hour_grid, window_counts
from analytics.signals.own_hours import UNKNOWN_HOURS_DOUBT, own_hours

FIRST = pd.Timestamp("2026-09-07", tz="Asia/Shanghai")
N_DAYS = 28
DAYS = ("2026-10-08", "2026-10-01", "2026-10-04", "2026-10-10")
GRID = hour_grid(FIRST, FIRST + pd.Timedelta(days=35, hours=-1), "Asia/Shanghai")


def ratio_at(counts, end, *, mean=2.0, spread=0.05):
    """Of one key that is expected `mean` times in each hour."""
    hour = np.flatnonzero(counts)
    window = window_counts(np.zeros(len(hour), int), hour, counts[hour].astype(float), width=1, n_hours=GRID.n_hours)
    back = end - 24 * np.arange(N_DAYS + 1)
    expected = np.where(back >= 0, mean, 0.0)[None, :]
    ratio, doubt = own_hours(window, (np.array([0]), np.array([end])), expected, np.array([spread]), GRID)
    return ratio[0], doubt[0]


def test_a_word_of_the_evening_is_expected_in_the_evening():
    counts = np.where(GRID.hour_of_week % 24 == 20, 8, 0)
    evening, noon = (ratio_at(counts, 28 * 24 + hour)[0] for hour in (20, 12))
    assert evening > 3 and noon < 0.3


def test_a_holiday_is_judged_against_days_off_and_a_make_up_day_against_working_days():
    """A word that is said six times as often on days off; 1 October is a Thursday off, the 10th a worked Saturday."""
    counts = np.where(GRID.hour_of_week // 24 >= 5, 6, 1)
    at = {day: int((pd.Timestamp(day, tz="Asia/Shanghai") - FIRST).days) * 24 + 12 for day in DAYS}
    thursday, holiday, weekend, made_up = (ratio_at(counts, at[day])[0] for day in DAYS)
    assert holiday > 1.8 * thursday and weekend > 1.8 * made_up


def test_a_past_rush_at_the_hour_hardly_counts():
    usual = np.full(GRID.n_hours, 2)
    rush = usual.copy()
    rush[20 * 24 + 12] = 500
    assert ratio_at(rush, 28 * 24 + 12)[0] < 1.25 * ratio_at(usual, 28 * 24 + 12)[0]


def test_of_a_word_never_said_nothing_is_known():
    ratio, doubt = ratio_at(np.zeros(GRID.n_hours, int), 28 * 24 + 12, mean=1e-9)
    assert ratio == pytest.approx(1) and doubt == pytest.approx(UNKNOWN_HOURS_DOUBT)
