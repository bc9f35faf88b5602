from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analytics.errors import ConfigError, SchemaError
from analytics.signals import JudgedHours, SpikeRule, detect_spikes
from analytics.signals.spikes import ALARM_COLUMNS

FIRST = pd.Timestamp("2026-03-02", tz="Asia/Shanghai").tz_convert("UTC")
DAYS = 35


def judged(first_day: int = 14, last_day: int = DAYS) -> JudgedHours:
    return JudgedHours(FIRST + pd.Timedelta(days=first_day), FIRST + pd.Timedelta(days=last_day, hours=-1))


def alarms_of(centre, hours=None, **rule):
    return detect_spikes(
        centre.counts(), centre.all_totals(), kind="keyword", hours=hours or judged(), rule=SpikeRule(**rule)
    )


@pytest.fixture(scope="module")
def planted(centre):
    return centre(1, keyword_day=22)


def test_a_new_keyword_alarms_in_its_first_complete_hour(planted):
    mine = alarms_of(planted, judged(21, 24)).query("key == '呛口小辣椒面膜' and bucket_seconds == 3600")
    eleven = FIRST + pd.Timedelta(days=22, hours=11)
    assert mine["judged_hour"].min() == eleven
    first = mine.iloc[0]
    assert first["observed"] >= 8 and first["expected"] < 0.1 and first["q_value"] < 1e-6


def test_a_doubled_day_raises_no_keyword_alarm(centre):
    found = [alarms_of(centre(seed, doubled_day=27), judged(27, 28)) for seed in range(3)]
    assert sum(alarms["key"].nunique() for alarms in found) <= 1


def test_ordinary_weeks_raise_few_alarms(centre):
    """The words of this centre double or halve from one day to the next; two weeks of two centres."""
    found = [alarms_of(centre(seed, doubled_day=27), judged(21, 35)) for seed in range(2)]
    assert sum(len(alarms.groupby(["key", alarms["judged_hour"].dt.date])) for alarms in found) <= 4


@pytest.fixture(scope="module")
def whole(planted):
    return alarms_of(planted, judged(22, 24))


def test_nothing_after_the_judged_hour_is_looked_at(planted, whole):
    until = FIRST + pd.Timedelta(days=22, hours=13)
    known = detect_spikes(
        planted.counts().query("hour <= @until"),
        planted.all_totals().query("hour <= @until"),
        kind="keyword",
        hours=JudgedHours(FIRST + pd.Timedelta(days=22), until),
    )
    pd.testing.assert_frame_equal(known, whole[whole["judged_hour"] <= until].reset_index(drop=True))


def test_one_hour_judged_alone_says_what_the_run_over_weeks_said(planted, whole):
    hour = FIRST + pd.Timedelta(days=22, hours=11)
    alone = alarms_of(planted, JudgedHours(hour, hour))
    assert len(alone)
    pd.testing.assert_frame_equal(alone, whole[whole["judged_hour"] == hour].reset_index(drop=True))


def test_an_hour_that_is_not_over_is_not_judged(planted):
    eleven = FIRST + pd.Timedelta(days=22, hours=11)
    half = JudgedHours(eleven, eleven, complete_until=eleven + pd.Timedelta(minutes=30))
    assert alarms_of(planted, half).empty
    over = JudgedHours(eleven, eleven, complete_until=eleven + pd.Timedelta(hours=1))
    assert not alarms_of(planted, over).empty


def test_the_first_days_of_a_source_are_not_judged(centre):
    assert alarms_of(centre(2), judged(0, 3)).empty


def test_order_of_rows_and_input_do_not_matter(planted):
    counts, totals = planted.counts(), planted.all_totals()
    before = counts.copy()
    shuffled = counts.sample(frac=1, random_state=1)
    one, other = (detect_spikes(c, totals, kind="keyword", hours=judged(22, 23)) for c in (counts, shuffled))
    pd.testing.assert_frame_equal(one, other)
    pd.testing.assert_frame_equal(counts, before)


def test_nothing_in_gives_an_empty_table_of_the_same_columns(planted):
    found = detect_spikes(planted.counts().iloc[:0], planted.all_totals(), kind="keyword", hours=judged())
    assert tuple(found.columns) == ALARM_COLUMNS and found.empty
    assert found.dtypes.equals(alarms_of(planted, judged(22, 23)).dtypes)


def test_a_missing_column_is_named(planted):
    with pytest.raises(SchemaError, match="missing n_contacts"):
        detect_spikes(planted.counts()[["hour", "key"]], planted.all_totals(), kind="keyword", hours=judged())


@pytest.mark.parametrize("bad", [{"q": 0.0}, {"min_contacts": 0}, {"window_hours": ()}, {"window_hours": (0,)}])
def test_a_rule_that_tests_nothing_is_refused(bad):
    with pytest.raises(ConfigError):
        SpikeRule(**bad)


@pytest.mark.slow
def test_twenty_thousand_keys_over_five_weeks_take_seconds():
    rng = np.random.default_rng(5)
    n = 2_000_000
    hour = FIRST + pd.to_timedelta(rng.integers(0, DAYS * 24, n), unit="h")
    key = (rng.zipf(1.3, n) % 20_000).astype(str)
    counts = pd.DataFrame({"hour": hour, "key": key}).value_counts().rename("n_contacts").reset_index()
    totals = pd.DataFrame({"hour": pd.date_range(FIRST, periods=DAYS * 24, freq="h"), "n_contacts": 300})
    started = pd.Timestamp.now()
    detect_spikes(counts, totals, kind="keyword", hours=judged())
    assert (pd.Timestamp.now() - started).total_seconds() < 20
