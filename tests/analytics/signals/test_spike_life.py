"""What a rise does to the alarms after it, and when a day, a young source or a holiday is judged."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analytics.signals import JudgedHours, SpikeRule, detect_spikes

DAYS = 35
FIRST = pd.Timestamp("2026-07-06", tz="Asia/Shanghai").tz_convert("UTC")
DAY = pd.Timedelta(days=1)


def weeks(*planted, first=FIRST, volume=None, days=DAYS):
    """Counts of 200 words in 40 contacts an hour, `planted` (key, day, hour, hours, extra an hour) on top; totals."""
    rng = np.random.default_rng(4)
    totals = np.full(days * 24, 40.0) if volume is None else volume
    counts = rng.poisson(totals[:, None] * rng.uniform(0.0005, 0.02, 200)).astype(float)
    hours = pd.date_range(first, periods=days * 24, freq="h")
    for key, day, hour, n, extra in planted:
        counts[day * 24 + hour : day * 24 + hour + n, key] += extra
    at, key = np.nonzero(counts)
    table = pd.DataFrame({"hour": hours[at], "key": [f"词{k}" for k in key], "n_contacts": counts[at, key]})
    return table, pd.DataFrame({"hour": hours, "n_contacts": totals})


def alarms_of(given, first_day, last_day, *, first=FIRST, **rule):
    judged = JudgedHours(first + first_day * DAY, first + last_day * DAY - pd.Timedelta(hours=1))
    return detect_spikes(*given, kind="keyword", hours=judged, rule=SpikeRule(**rule))


def test_a_surge_of_a_month_ago_does_not_hide_the_next():
    before = weeks((7, 10, 9, 30, 200), (7, 34, 10, 2, 12))
    alone = weeks((7, 34, 10, 2, 12))
    one, other = (
        alarms_of(given, 34, 35).query("key == '词7' and bucket_seconds == 3600") for given in (before, alone)
    )
    assert one["judged_hour"].min() == other["judged_hour"].min() == FIRST + 34 * DAY + pd.Timedelta(hours=10)


def test_a_slow_rise_is_seen_by_the_day_when_it_is_over():
    given = weeks((3, 30, 0, 24, 2))
    found = alarms_of(given, 30, 31, window_hours=(1, 24)).query("key == '词3'")
    assert found["bucket_seconds"].tolist() == [86400]
    assert found["started_at"].iloc[0] == FIRST + 30 * DAY and found["observed"].iloc[0] >= 48
    judged = JudgedHours(FIRST + 30 * DAY, FIRST + 31 * DAY, FIRST + 31 * DAY - pd.Timedelta(minutes=1))
    early = detect_spikes(*given, kind="keyword", hours=judged, rule=SpikeRule(window_hours=(24,)))
    assert early.empty


def test_buckets_that_are_not_over_never_alarm():
    """At half past eight thirty have come in the hour that is not over; the day has not ended either."""
    counts, totals = weeks((3, 34, 20, 1, 30))
    now = FIRST + 34 * DAY + pd.Timedelta(hours=20, minutes=30)
    known = [table[table["hour"] <= now] for table in (counts, totals)]
    judged = JudgedHours(FIRST + 34 * DAY, FIRST + 35 * DAY, complete_until=now)
    assert detect_spikes(*known, kind="keyword", hours=judged).empty


def test_a_young_source_says_that_little_is_known_and_needs_more():
    found = [alarms_of(weeks((5, day, 10, 1, 30)), day, day + 1) for day in (5, 30)]
    young, old = (alarms.query("key == '词5' and bucket_seconds == 3600").iloc[0] for alarms in found)
    assert young["short_history"] and not old["short_history"]
    assert young["p_value"] > 10 * old["p_value"]


def test_a_budget_holds_whichever_hours_are_judged():
    given = weeks((5, 30, 9, 2, 30), (6, 30, 12, 2, 60), (7, 30, 12, 2, 20))
    whole = alarms_of(given, 30, 31, max_a_day=2)
    assert set(whole["key"]) == {"词5", "词6"}
    noon = FIRST + 30 * DAY + pd.Timedelta(hours=12)
    alone = detect_spikes(*given, kind="keyword", hours=JudgedHours(noon, noon), rule=SpikeRule(max_a_day=2))
    pd.testing.assert_frame_equal(alone, whole[whole["judged_hour"] == noon].reset_index(drop=True))


def test_quiet_holidays_make_up_days_and_a_doubled_week_raise_nothing():
    """7 September to 11 October 2026: the volume is .6 on holidays, and twice as much for a week."""
    first = pd.Timestamp("2026-09-07", tz="Asia/Shanghai").tz_convert("UTC")
    day = np.arange(DAYS * 24) // 24
    volume = 40.0 * np.where((day >= 24) & (day < 31), 0.6, 1.0) * np.where((day >= 15) & (day < 20), 2.0, 1.0)
    found = alarms_of(weeks(first=first, volume=volume), 14, 35, first=first, min_contacts=3)
    assert len(found.groupby("key")) <= 1
