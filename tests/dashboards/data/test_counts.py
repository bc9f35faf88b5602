"""Every number of a page equals the list behind it."""

from __future__ import annotations

import math

import pytest

from dashboards.data import contacts, mood, operations, topics
from dashboards.data.alerts import Alerts
from dashboards.data.source import Source, extent
from dashboards.filters import Filters
from dashboards.selection import Selection

SCOPES = ((), ("app", "wechat"))


def _scope(source: Source, channels: tuple[str, ...], products: tuple[str, ...] = ()) -> Selection:
    default = extent(source).default
    return Selection(Filters(default.start, default.end, channels, products))


@pytest.mark.parametrize("channels", SCOPES)
def test_tiles(source: Source, channels: tuple[str, ...]) -> None:
    selection = _scope(source, channels, ("", "无线耳机"))
    found = mood.summary(source, selection)
    assert contacts.count(source, selection) == found.n > 0
    assert contacts.count(source, selection.narrowed(mood="negative")) == found.n_negative
    assert contacts.count(source, selection.narrowed(**{"with": "response"})) == found.n_response
    assert found.low < found.mean < found.high


@pytest.mark.parametrize("channels", SCOPES)
def test_points_over_time(source: Source, channels: tuple[str, ...]) -> None:
    selection = _scope(source, channels)
    frame = mood.over_time(source, selection)
    assert len(frame) == 14
    assert frame["n"].sum() == contacts.count(source, selection)
    for row in frame.head(3).itertuples():
        day = selection.narrowed(day_from=row.day_from, day_to=row.day_to)
        assert contacts.count(source, day) == row.n
        assert contacts.count(source, day.narrowed(mood="positive")) == row.n_positive


@pytest.mark.parametrize("channels", SCOPES)
def test_topics_add_up_and_open(source: Source, channels: tuple[str, ...]) -> None:
    selection = _scope(source, channels)
    frame = topics.topic_table(source, selection)
    assert frame["n"].sum() == frame["n_total"].iloc[0] == contacts.count(source, selection)
    assert math.isclose(frame["share"].sum(), 1)
    assert frame["topic_id"].iloc[-1] == ""
    assert frame["label"].iloc[-1] == "其他"
    assert ((frame["share_low"] < frame["share"]) & (frame["share"] < frame["share_high"])).all()
    for row in frame.itertuples():
        assert contacts.count(source, selection.narrowed(topic=row.topic_id)) == row.n
        assert contacts.count(source, selection.narrowed(topic=row.topic_id, mood="negative")) == row.n_negative


def test_a_topic_over_time_is_the_topic(source: Source) -> None:
    selection = _scope(source, ())
    frame = topics.topic_over_time(source, selection, "t01")
    assert frame["n"].sum() == contacts.count(source, selection.narrowed(topic="t01"))
    assert frame["n_total"].sum() == contacts.count(source, selection)


def test_the_period_before_is_compared(source: Source) -> None:
    selection = _scope(source, ())
    before = selection.filters.before()
    assert before is not None
    row = topics.topic_table(source, selection).iloc[0]
    assert row["n_before"] == contacts.count(source, Selection(before, {"topic": row["topic_id"]}))


def test_hours_of_a_day_open(source: Source) -> None:
    day = extent(source).last_day
    assert day is not None
    selection = _scope(source, ()).narrowed(channel_is="wechat")
    hours = operations.by_hour(source, selection, day)
    assert len(hours) == 24
    noon = hours.iloc[12]
    assert noon["n"] >= 36
    listed = selection.narrowed(day_from=str(day), day_to=str(day), hour=noon["hour"].isoformat())
    assert contacts.count(source, listed) == noon["n"]
    assert hours["n"].sum() == contacts.count(source, selection.narrowed(day_from=str(day), day_to=str(day)))


def test_events_and_alerts_count_what_they_list(source: Source) -> None:
    known = extent(source)
    assert known.first_day is not None
    assert known.last_day is not None
    for row in operations.spikes(source, known.first_day, known.last_day).itertuples():
        assert contacts.count(source, Selection(Filters(), {"spike": row.spike_id})) == row.n_listed
    assert "sentiment" not in set(operations.spikes(source, known.first_day, known.last_day)["kind"])
    for row in operations.dips(source, known.first_day, known.last_day, ("wechat",)).itertuples():
        assert contacts.count(source, Selection(Filters(), {"dip": row.dip_id})) == row.n_listed == row.n
    found = Alerts("sqlite:///no/such/inbox.db").table(source, start=known.first_day, end=known.last_day)
    assert list(found["state"]) == ["open", "open", "acknowledged", "resolved"]
    assert found["n_listed"].notna().all()
    only = Alerts("sqlite://").table(source, start=known.first_day, end=known.last_day, channels=("phone",))
    assert set(only["channel"]) <= {"phone", "*"}


def test_touchpoints_open(source: Source) -> None:
    selection = _scope(source, ())
    for row in mood.by_touchpoint(source, selection).itertuples():
        assert contacts.count(source, selection.narrowed(touchpoint=row.touchpoint)) == row.n
