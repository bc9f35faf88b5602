from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.errors import ConfigError
from analytics.topics.decided import decided_events, decided_topics, digest, lent
from analytics.topics.decisions import Decided, MadeTopicDecision, TopicDecision
from analytics.topics.history import event_table, topic_history

IDS = ("t001", "t002", "t003", "t004")
DAY = dt.date(2026, 3, 2)
MOMENT = dt.datetime(2026, 3, 9, 17, tzinfo=dt.UTC)  # the 10th in Shanghai
ZONE = "Asia/Shanghai"
TEXTS = st.none() | st.sampled_from(["甲", "乙"])


def topics(**counts):
    daily = pd.DataFrame(
        [(DAY + dt.timedelta(days=k), topic, n) for topic, n in counts.items() for k in range(8)],
        columns=["day", "topic_id", "n_contacts"],
    )
    columns = ["topic_id", "label", "words", "touchpoint"]
    listed = pd.DataFrame([(topic, f"名{topic}", ["词"], None) for topic in counts], columns=columns)
    return topic_history(daily, listed)[0]


def made(kind, topic_id, *, number=1, withdrawn=None, **more):
    rest = {"was": None, "made_at": MOMENT, "made_by": "mei", "why": "同一件事", "withdrawn_at": withdrawn}
    return MadeTopicDecision(kind=kind, topic_id=topic_id, decision_id=number, **(rest | more))


def merges():
    pairs = st.tuples(st.sampled_from(IDS), st.sampled_from(IDS)).filter(lambda pair: pair[0] < pair[1])
    return st.lists(pairs, max_size=4).map(
        lambda chosen: [TopicDecision(kind="merge", topic_id=a, other_topic_id=b) for a, b in chosen]
    )


@settings(max_examples=40, deadline=None)
@given(merges(), st.dictionaries(st.sampled_from(IDS), st.sampled_from(["甲", "乙"])))
def test_contacts_are_neither_lost_nor_doubled_and_taking_back_restores_all(merged, names):
    table = topics(t001=1, t002=2, t003=3, t004=4)
    renames = [TopicDecision(kind="rename", topic_id=topic, value=name) for topic, name in names.items()]
    seen = decided_topics(table, Decided.of([*merged, *renames]))
    assert seen["n_contacts"].sum() == table["n_contacts"].sum()
    assert set(seen.loc[seen["state"] == "merged", "topic_id"]) == {one.topic_id for one in merged}
    assert dict(zip(seen["topic_id"], seen["label"], strict=True)) == {t: names.get(t, f"名{t}") for t in IDS}
    pd.testing.assert_frame_equal(decided_topics(table, Decided.of([])), table.astype(object))


def test_a_chain_of_merges_ends_at_the_last_and_a_circle_is_refused():
    first, second = (TopicDecision(kind="merge", topic_id=a, other_topic_id=b) for a, b in (IDS[:2], IDS[1:3]))
    seen = decided_topics(topics(t001=1, t002=2, t003=3), Decided.of([first, second])).set_index("topic_id")
    assert seen["merged_into"].tolist() == ["t003", "t003", None] and seen["n_contacts"].tolist() == [0, 0, 48]
    with pytest.raises(ConfigError, match="parts of each other"):
        Decided.of([first, replace(second, other_topic_id="t001")])


def test_decisions_become_events_of_their_local_day():
    later = MOMENT + dt.timedelta(days=3)
    decisions = [
        made("merge", "t001", other_topic_id="t002", withdrawn=later),
        made("rename", "t003", number=2, value="乙", was="甲"),
        made("pin", "t003", number=3),
    ]
    events = decided_events(event_table([]), decisions, ZONE)
    assert [tuple(row) for row in events[["day", "topic_id", "event", "other_topic_id", "detail"]].to_numpy()] == [
        (dt.date(2026, 3, 10), "t001", "merged", "t002", "mei：同一件事"),
        (dt.date(2026, 3, 10), "t003", "renamed", None, "mei：同一件事；「甲」→「乙」"),
        (dt.date(2026, 3, 13), "t001", "unmerged", "t002", "撤回 mei：同一件事"),
    ]
    assert lent(decisions, ZONE) == [("t001", "t002", dt.date(2026, 3, 10), dt.date(2026, 3, 13))]


def test_two_names_of_one_day_are_one_event_that_tells_both():
    decisions = [made("rename", "t003", number=k, value=name, was="甲", why="") for k, name in ((1, "乙"), (2, "丙"))]
    (detail,) = decided_events(event_table([]), decisions, ZONE)["detail"]
    assert detail == "mei；「甲」→「乙」；mei；「甲」→「丙」"


def test_only_what_holds_makes_days_stale():
    assert digest({}) == "" and digest({"t001": "t002"}) != digest({"t001": "t003"})
    both = [TopicDecision(kind="merge", topic_id="t001", other_topic_id="t002"),
            TopicDecision(kind="touchpoint", topic_id="t002", value="退款进度")]  # fmt: skip
    assert Decided.of(both).usual_touchpoints == {"t001": "退款进度", "t002": "退款进度"}
