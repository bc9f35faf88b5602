from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analytics.errors import SchemaError
from analytics.schema import TABLES
from analytics.signals import detect_dips

PARTS = ["within_topic", "mix", "delay", "unexplained"]


def local_slots(dips):
    start, end = (dips[name].dt.tz_convert("Asia/Shanghai") for name in ("started_at", "ended_at"))
    return list(zip(dips["channel"], start.dt.day, start.dt.hour, end.dt.hour, strict=True))


@pytest.fixture(scope="module")
def slow(moods):
    return detect_dips(moods(0, slow_days=(20,)), labels={"t9": "物流停滞"})


def test_a_slow_hour_is_found_as_that_hour(slow):
    assert local_slots(slow) == [("wechat", 22, 12, 13)]
    assert slow["team"].tolist() == ["组wechat"]


def test_the_fall_goes_along_with_the_delay(slow):
    row = slow.iloc[0]
    assert 5 * 60 < row["response_seconds"] < 6 * 60 and row["usual_response_seconds"] < 60
    assert row["delay_low"] > 0 and 0.5 < row["delay"] / row["drop"] < 1.5
    assert abs(row["mix"]) < 0.2 * row["drop"]
    assert row["verdict"].startswith("与回复变慢相关：回复 5.")
    assert "因为" not in row["verdict"]


def test_what_is_counted_can_be_opened(slow, moods):
    contacts = moods(0, slow_days=(20,)).set_index("contact_id")
    row = slow.iloc[0]
    behind = contacts.loc[row["contact_ids"]]
    assert len(behind) == row["n"]
    assert behind["sentiment_score"].mean() == pytest.approx(row["mean"])
    assert row["expected"] - row["mean"] == pytest.approx(row["drop"])


@pytest.fixture(scope="module")
def every_day(moods):
    return detect_dips(moods(2, slow_days=tuple(range(28)), extra=0))


def test_the_parts_add_up(slow, every_day):
    for dips in (slow, every_day):
        assert len(dips) and np.allclose(dips[PARTS].sum(axis=1), dips["drop"])
        assert ((dips["drop_low"] < dips["drop"]) & (dips["drop"] < dips["drop_high"])).all()


def test_an_hour_that_is_slow_every_day_is_seen_against_the_hours_around_it(every_day):
    dips = every_day
    slots = {(channel, start, end) for channel, _, start, end in local_slots(dips)}
    assert slots == {("wechat", 12, 13)} and len(dips) >= 20
    assert dips["verdict"].str.contains("天的同一时段都出现").all()
    assert (dips["delay"] / dips["drop"]).median() > 0.5


def test_an_outage_with_quick_replies_is_not_blamed_on_delay(moods):
    dips = detect_dips(moods(4, outage_days=(17, 18)), labels={"t9": "物流停滞"})
    assert len(dips) and dips["started_at"].dt.tz_convert("Asia/Shanghai").dt.day.isin([19, 20]).mean() >= 0.8
    assert not dips["verdict"].str.contains("回复变慢相关：").any()
    assert (dips["delay"].abs() < 0.2 * dips["drop"]).all()
    assert dips["verdict"].str.contains("与「物流停滞」类问题增多相关").mean() > 0.5


def test_ordinary_weeks_have_no_falls(moods):
    assert sum(len(detect_dips(moods(seed))) for seed in range(5, 7)) == 0


def test_input_is_left_alone_and_the_table_is_as_declared(moods, slow):
    contacts = moods(0, slow_days=(20,))
    before = contacts.copy()
    again = detect_dips(contacts.sample(frac=1, random_state=2), labels={"t9": "物流停滞"})
    pd.testing.assert_frame_equal(contacts, before)
    pd.testing.assert_frame_equal(again, slow)
    assert list(slow.columns) == [*(column.name for column in TABLES["dip"].columns), "q_value"]


def test_unknown_topics_teams_and_delays_are_borne(moods):
    bare = moods(0, slow_days=(20,)).assign(topic_id=None, team=None, first_response_seconds=np.nan)
    assert len(detect_dips(bare)) <= 1
    assert detect_dips(bare.iloc[:0]).empty


def test_a_missing_column_is_named(moods):
    with pytest.raises(SchemaError, match="first_response_seconds"):
        detect_dips(moods(0, slow_days=(20,)).drop(columns="first_response_seconds"))
