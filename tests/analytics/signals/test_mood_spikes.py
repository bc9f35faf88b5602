from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pytest

from analytics.schema import TABLES
from analytics.signals import detect_dips, dips_as_spikes

NOON = pd.Timestamp("2026-03-22 04:00Z")


def dip(days=0.0, hours=1, *, channel="wechat", team="微信组", contacts=("a", "b")):
    started = NOON + pd.Timedelta(days=days)
    return {
        "started_at": started,
        "ended_at": started + pd.Timedelta(hours=hours),
        "channel": channel,
        "team": team,
        "mean": -0.5,
        "expected": -0.1,
        "p_value": 0.001,
        "contact_ids": list(contacts),
    }


def test_a_dip_becomes_an_alarm_that_says_the_same(moods):
    dips = detect_dips(moods(0, slow_days=(20,)))
    found = dips_as_spikes(dips)
    pa.Table.from_pandas(found, schema=TABLES["spike"].arrow(), preserve_index=False)
    row, source = found.iloc[0], dips.iloc[0]
    assert (row["kind"], row["key"], row["bucket_seconds"]) == ("sentiment", "wechat", 3600)
    assert (row["observed"], row["expected"], row["q_value"]) == (source["mean"], source["expected"], source["q_value"])
    assert row["contact_ids"] == source["contact_ids"] and row["n_contacts"] == source["n"]


def test_the_same_hour_of_following_days_is_told_once():
    found = dips_as_spikes(pd.DataFrame([dip(0), dip(1, contacts="bc"), dip(5), dip(20)]))
    assert found["started_at"].tolist() == [NOON, NOON + pd.Timedelta(days=20)]
    assert found["contact_ids"].iloc[0] == ["a", "b", "c"]


def test_one_bad_day_of_a_channel_is_told_once_and_channels_apart():
    bad_day = [dip(0), dip(0.2), dip(0.4, 2), dip(0.1, channel="app", team=None)]
    assert sorted(dips_as_spikes(pd.DataFrame(bad_day))["key"]) == ["app", "wechat"]


@pytest.mark.parametrize("order", [[0, 1, 2], [2, 1, 0]])
def test_ids_are_the_same_in_every_run(order):
    rows = [dip(0), dip(0, channel="app", team=None), dip(12)]
    assert set(dips_as_spikes(pd.DataFrame([rows[i] for i in order]))["spike_id"]) == set(
        dips_as_spikes(pd.DataFrame(rows))["spike_id"]
    )


def test_times_read_back_without_a_zone_are_utc():
    table = pd.DataFrame([dip(0)])
    naive = table.assign(**{name: table[name].dt.tz_localize(None) for name in ("started_at", "ended_at")})
    pd.testing.assert_frame_equal(dips_as_spikes(naive), dips_as_spikes(table))


def test_no_dip_no_alarm():
    assert dips_as_spikes(pd.DataFrame([dip(0)]).iloc[:0]).empty
