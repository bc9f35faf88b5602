from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analytics.calendar_days import Event
from analytics.signals import JudgedHours, SpikeRule, detect_volume_spikes
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


NOV = pd.Timestamp("2026-10-12", tz="Asia/Shanghai").tz_convert("UTC")
SHOP = (Event("双11", (None, 11, 9), (None, 11, 13)),)


def shop_days(first: pd.Timestamp, days: int, **times: float) -> pd.DataFrame:
    """Contacts of 240 a day at the same hours; `times` multiplies a day, as d28=2.0."""
    hour = pd.date_range(first, periods=24 * days, freq="h")
    local = hour.tz_convert("Asia/Shanghai")
    day = ((local.normalize() - local.normalize()[0]) / pd.Timedelta(days=1)).astype(int)
    factor = np.array([times.get(f"d{number}", 1.0) for number in day])
    usual = np.where((local.hour >= 8) & (local.hour < 20), 20.0, 0.0)
    counts = np.random.default_rng(1).poisson(usual * factor)
    return pd.DataFrame({"hour": hour, "channel": "app", "n_contacts": counts})


def alarms_of_event(totals: pd.DataFrame, events=SHOP) -> pd.DataFrame:
    """11-09, the first day of 双11, is day 28 from `NOV`."""
    event = NOV + pd.Timedelta(days=28)
    return detect_volume_spikes(
        totals, hours=JudgedHours(event, event + pd.Timedelta(hours=23)), rule=SpikeRule(events=events)
    )


@pytest.mark.parametrize(("times", "alarms"), [(2.0, False), (5.0, True)])
def test_an_event_of_unknown_size_may_double_a_day_and_is_not_silent(times, alarms):
    assert (len(alarms_of_event(shop_days(NOV, 29, d28=times))) > 0) is alarms


def test_without_the_event_the_doubled_day_alarms():
    assert len(alarms_of_event(shop_days(NOV, 29, d28=2.0), events=()))


@pytest.mark.parametrize(("times", "alarms"), [(3.0, False), (6.0, True)])
def test_an_event_of_the_usual_size_is_none_where_last_years_is_known(times, alarms):
    year = pd.Timedelta(days=365)
    past = shop_days(NOV - year, 33, **{f"d{day}": 3.0 for day in range(28, 33)})
    found = alarms_of_event(pd.concat([past, shop_days(NOV, 29, d28=times)]))
    assert (len(found) > 0) is alarms


def test_the_quiet_of_a_holiday_is_not_history_for_the_workdays_after_it():
    """国庆 2026: 10-01 to 10-07 with .4 of the contacts, and the make-up Saturday 10-10 as busy as a Friday."""
    first = pd.Timestamp("2026-09-07", tz="Asia/Shanghai").tz_convert("UTC")
    weekends = {f"d{day}": 0.6 for day in range(37) if day % 7 >= 5}
    holidays = {f"d{day}": 0.4 for day in range(24, 31)}
    totals = shop_days(first, 37, **{**weekends, **holidays, "d33": 1.0})
    hours = JudgedHours(first + pd.Timedelta(days=28), first + pd.Timedelta(days=37, hours=-1))
    assert detect_volume_spikes(totals, hours=hours).empty


def test_a_product_is_judged_by_itself():
    totals = shop_days(NOV, 29).assign(product="灯")
    rush = pd.DataFrame({"hour": [NOV + pd.Timedelta(days=28, hours=11)], "channel": "app", "n_contacts": 60})
    found = alarms_of_event(pd.concat([totals, rush.assign(product="锁")]), events=())
    assert "锁" not in set(found["key"])  # its first day: nothing is known of it
    seen = pd.concat([totals, rush.assign(product="锁"), totals.assign(product="锁", n_contacts=1)])
    assert "锁" in set(alarms_of_event(seen, events=())["key"])
