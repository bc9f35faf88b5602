from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analytics.signals import JudgedHours, detect_volume_spikes
from analytics.signals.grid import hour_grid
from analytics.signals.seasonal import seasonal_exposure

FIRST = pd.Timestamp("2026-03-02", tz="Asia/Shanghai").tz_convert("UTC")
ALL_DAYS = JudgedHours(FIRST + pd.Timedelta(days=24), FIRST + pd.Timedelta(days=35, hours=-1))


@pytest.mark.parametrize("seed", range(2))
def test_a_doubled_day_is_seen_and_little_else(centre, seed):
    alarms = detect_volume_spikes(centre(seed, doubled_day=27).totals(), hours=ALL_DAYS)
    day = ((alarms["judged_hour"] - FIRST) // pd.Timedelta(days=1)).to_numpy()
    everywhere = alarms[alarms["channel"] == "*"]
    assert (day == 27).sum() > 0
    assert len(everywhere) and ((everywhere["judged_hour"] - FIRST) // pd.Timedelta(days=1) == 27).mean() > 0.5
    assert len(set(day) - {27}) <= 3


def test_only_the_channel_that_is_busy_alarms(centre):
    contacts = centre(4).contacts
    eleven = FIRST + pd.Timedelta(days=20, hours=11)
    rush = pd.DataFrame({"contact_id": range(60), "channel": "weibo", "hour": eleven})
    totals = (
        pd.concat([contacts, rush]).groupby(["hour", "channel"], as_index=False).agg(n_contacts=("contact_id", "size"))
    )
    alarms = detect_volume_spikes(totals, hours=JudgedHours(eleven, eleven))
    assert {"weibo"} <= set(alarms["channel"]) <= {"weibo", "*"}


def test_exposure_follows_hours_and_weekdays_and_forgets_a_rush():
    grid = hour_grid(FIRST, FIRST + pd.Timedelta(days=29, hours=-1), "Asia/Shanghai")
    hour, weekday = grid.hour_of_week % 24, grid.hour_of_week // 24
    usual = np.where(hour < 8, 0.0, 40.0) * np.where(weekday >= 5, 0.5, 1.0)
    rush = np.where(grid.day == 22, 10 * usual, usual)
    exposure = seasonal_exposure(rush, grid.day, grid.hour_of_week)
    last_weekend = np.flatnonzero((weekday == 6) & (hour == 12))[-1]
    assert exposure[-1] / exposure[last_weekend] == pytest.approx(2, rel=0.35)
    assert exposure[-1] == pytest.approx(1 / 16, rel=0.1)
    assert exposure[hour == 3].max() < 0.01


def test_no_contacts_no_alarms():
    empty = pd.DataFrame({"hour": pd.to_datetime([], utc=True), "channel": [], "n_contacts": []})
    assert detect_volume_spikes(empty, hours=ALL_DAYS).empty


def test_days_before_the_data_are_no_quiet_history():
    hour = pd.date_range("2026-03-01 16:00Z", periods=24 * 5, freq="h")
    totals = pd.DataFrame({"hour": hour, "channel": "app", "n_contacts": 30})
    before = JudgedHours(hour[0] - pd.Timedelta(days=10), hour[-1])
    assert detect_volume_spikes(totals, hours=before).empty
