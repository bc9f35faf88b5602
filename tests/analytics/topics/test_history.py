from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.errors import SchemaError
from analytics.schema import TABLES, UNDATED_DAY
from analytics.topics.history import Before, Lent, topic_history
from analytics.topics.life import birth, life

START = dt.date(2026, 3, 2)


def table(**series):
    rows = [
        (START + dt.timedelta(days=place), topic, count)
        for topic, counts in series.items()
        for place, count in enumerate(counts)
    ]
    daily = pd.DataFrame(rows, columns=["day", "topic_id", "n_contacts"])
    topics = pd.DataFrame(
        [(topic, topic, ["词"], None) for topic in series], columns=["topic_id", "label", "words", "touchpoint"]
    )
    return daily, topics


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize(("strays", "rate"), [(0, 12.0), (2, 12.0), (3, 25.0)])
def test_a_topic_of_week_four_is_born_when_its_volume_starts(seed, strays, rate):
    draw = np.random.default_rng(seed)
    counts = np.concatenate([np.zeros(22, int), draw.poisson(rate, 13)])
    np.add.at(counts, draw.choice(22, strays, replace=False), 1)
    assert birth(counts) == 22


@pytest.mark.parametrize("seed", range(20))
def test_a_topic_of_the_first_week_is_born_on_its_first_day(seed):
    counts = np.random.default_rng(seed).poisson(9, 35)
    assert birth(counts) == int(np.flatnonzero(counts)[0])


def test_a_topic_that_grows_was_there_from_the_start():
    assert birth(np.array([4, 5, 3, 6, 4, 2, 5] + [14] * 14)) == 0


def test_a_rare_topic_is_born_with_its_first_contact():
    assert life(np.array([0, 0, 1, 0, 0, 0, 0, 0, 0, 0])) == [(2, "born")]


def test_silence_of_two_weeks_and_return():
    counts = np.array([5] * 10 + [0] * 15 + [4] * 3)
    assert life(counts) == [(0, "born"), (23, "dormant"), (25, "revived")]
    assert life(counts[:-3])[-1] == (23, "dormant")


def test_tables_have_the_columns_of_the_schema_and_the_dates():
    daily, topics = table(t001=[5] * 28, t002=[0] * 21 + [9] * 7, t003=[6] * 7 + [0] * 21)
    topic, event = topic_history(daily, topics)
    assert list(topic.columns) == [column.name for column in TABLES["topic"].columns]
    assert list(event.columns) == [column.name for column in TABLES["topic_event"].columns]
    assert topic.state.tolist() == ["active", "active", "dormant"]
    assert topic.first_seen.tolist() == [START, START + dt.timedelta(days=21), START]
    assert topic.last_seen.tolist()[2] == START + dt.timedelta(days=6)
    assert topic.n_contacts.tolist() == [140, 63, 42]
    assert [tuple(row) for row in event[["topic_id", "event"]].to_numpy()] == [
        ("t001", "born"), ("t003", "born"), ("t003", "dormant"), ("t002", "born"), ("t002", "promoted"),
    ]  # fmt: skip


def test_undated_contacts_count_but_have_no_day():
    _, topics = table(t001=[1])
    daily = pd.DataFrame({"day": [UNDATED_DAY], "topic_id": ["t001"], "n_contacts": [40]})
    topic, event = topic_history(daily, topics)
    assert topic.n_contacts.tolist() == [40] and topic.first_seen.tolist() == [None] and event.empty


def test_lineage_becomes_events():
    daily, topics = table(t001=[5] * 10, t002=[5] * 6, t003=[0] * 5 + [9] * 5)
    lineage = pd.DataFrame(
        [("t002", "merged", "t001"), ("t003", "split", "t001")], columns=["topic_id", "event", "other_topic_id"]
    )
    topic, event = topic_history(daily, topics, lineage)
    assert topic.set_index("topic_id").state["t002"] == "merged"
    found = event[event.event.isin(["merged", "split"])].to_dict("records")
    assert [(row["topic_id"], row["day"] - START, row["other_topic_id"]) for row in found] == [
        ("t002", dt.timedelta(days=5), "t001"), ("t003", dt.timedelta(days=5), "t001"),
    ]  # fmt: skip


def test_nothing_gives_empty_tables_and_a_missing_column_is_named():
    daily, topics = table(t001=[1])
    topic, event = topic_history(daily.iloc[:0], topics.iloc[:0])
    assert topic.empty and event.empty
    with pytest.raises(SchemaError, match="daily lacks n_contacts"):
        topic_history(daily.drop(columns="n_contacts"), topics)


def told(daily, topics, n_days, before=None):
    known = daily[daily["day"] < START + dt.timedelta(days=n_days)]
    topic, event = topic_history(known, topics, before=before)
    return Before(topic=topic, topic_event=event)


def happened(before, topic_id=None):
    events = before.topic_event
    return [tuple(e) for e in events[["day", "topic_id", "event"]].to_numpy() if topic_id in (None, e[1])]


@pytest.mark.slow
@settings(max_examples=12, deadline=None)
@given(st.lists(st.lists(st.integers(0, 6) | st.just(0), min_size=40, max_size=40), min_size=1, max_size=2))
def test_days_that_are_added_change_nothing_that_was_told_of_a_topic_that_lasts(series):
    daily, topics = table(**{f"t{number:03d}": counts for number, counts in enumerate(series, start=1)})
    before = told(daily, topics, 5)
    for n_days in range(6, 41, 5):
        after = told(daily, topics, n_days, before)
        for row in before.topic.to_dict("records"):
            if row["state"] != "provisional":
                past = happened(before, row["topic_id"])
                assert happened(after, row["topic_id"])[: len(past)] == past
        before = after
    again = told(daily, topics, n_days, before)
    pd.testing.assert_frame_equal(again.topic_event, before.topic_event)
    pd.testing.assert_frame_equal(again.topic, before.topic)


def test_a_new_topic_is_provisional_first_and_promoted_when_it_has_lasted():
    daily, topics = table(t001=[5] * 40, t002=[0] * 22 + [9] * 18)
    before = told(daily, topics, 20)
    states = {}
    for n_days in range(23, 32):
        before = told(daily, topics, n_days, before)
        states[n_days] = before.topic.set_index("topic_id").state["t002"]
    assert [states[n] for n in (23, 28, 29, 31)] == ["provisional", "provisional", "active", "active"]
    assert happened(before, "t002") == [
        (START + dt.timedelta(days=22), "t002", "born"), (START + dt.timedelta(days=28), "t002", "promoted"),
    ]  # fmt: skip
    assert before.topic_event.detail.tolist()[1:] == ["当天 9 次，此前日均 0.0 次", "7 天中 7 天有联络，共 63 次"]


def test_texts_assigned_anew_do_not_move_a_birth_but_earlier_days_that_come_in_do():
    daily, topics = table(t001=[5] * 40, t002=[0] * 22 + [9] * 18)
    before = told(daily, topics, 40)
    daily.loc[(daily.topic_id == "t002") & (daily.day == START + dt.timedelta(days=22)), "n_contacts"] = 0
    assert happened(told(daily, topics, 40, before), "t002") == happened(before, "t002")
    filled = daily.assign(n_contacts=daily["n_contacts"].where(daily["topic_id"] != "t002", 9))
    assert happened(told(filled, topics, 40, before), "t002") == [(START, "t002", "born")]


def test_topics_that_no_model_knows_stay_with_what_was_told():
    daily, topics = table(t001=[5] * 10, t002=[5] * 6)
    lineage = pd.DataFrame([("t002", "merged", "t001")], columns=["topic_id", "event", "other_topic_id"])
    topic, event = topic_history(daily, topics, lineage)
    only = topics[topics.topic_id == "t001"]
    again, events = topic_history(daily[daily.topic_id == "t001"], only, before=Before(topic=topic, topic_event=event))
    row = again.set_index("topic_id").loc["t002"]
    assert (row.state, row.merged_into, row.label) == ("merged", "t001", "t002")
    assert row.last_seen == START + dt.timedelta(days=5)
    assert events.equals(event) and events.detail.tolist()[-1] == "重新训练时并入"


def test_the_contacts_of_a_merged_topic_keep_the_other_awake_from_that_day_on():
    daily, topics = table(t001=[5] * 10 + [0] * 30, t002=[4] * 40)
    assert topic_history(daily, topics)[0].state.tolist() == ["dormant", "active"]
    lent = [Lent("t002", "t001", START + dt.timedelta(days=8))]
    topic, event = topic_history(daily, topics, before=Before(lent=lent))
    assert topic.state.tolist() == ["active", "active"] and event.event.tolist() == ["born", "born"]
    assert topic.n_contacts.tolist() == [50, 160]
