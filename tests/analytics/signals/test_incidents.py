from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.errors import SchemaError
from analytics.schema import TABLES
from analytics.signals import JudgedHours, detect_spikes, detect_volume_spikes, group_incidents
from analytics.signals.spikes import empty_alarms

FIRST = pd.Timestamp("2026-03-02", tz="Asia/Shanghai").tz_convert("UTC")
T0 = pd.Timestamp("2026-03-20 02:00Z")
COLUMNS = [column.name for column in TABLES["spike"].columns]


def alarm(key, hour=0, *, kind="keyword", channel="*", observed=30.0, expected=1.0, width=1):
    judged = T0 + pd.Timedelta(hours=hour)
    started = judged - pd.Timedelta(hours=width - 1)
    row = (kind, key, channel, started, judged, width * 3600, observed, expected, 1e-9, 1e-6, False)
    return dict(zip(empty_alarms().columns, row, strict=True))


def said(key, contacts, hour=0, *, kind="keyword", channel="app"):
    at = T0 + pd.Timedelta(hours=hour)
    return [{"kind": kind, "key": key, "channel": channel, "hour": at, "contact_id": c} for c in contacts]


def grouped(alarms, members, **options):
    return group_incidents(pd.DataFrame(alarms), pd.DataFrame([m for rows in members for m in rows]), **options)


def ids(prefix, n):
    return [f"{prefix}{i}" for i in range(n)]


def test_the_keyword_is_one_incident_with_its_parts_inside(centre):
    planted = centre(1, keyword_day=22)
    hours = JudgedHours(FIRST + pd.Timedelta(days=20), FIRST + pd.Timedelta(days=25, hours=-1))
    alarms = pd.concat(
        [
            detect_spikes(planted.counts(), planted.all_totals(), kind="keyword", hours=hours),
            detect_volume_spikes(planted.totals(), hours=hours),
        ],
        ignore_index=True,
    )
    found = group_incidents(alarms, planted.members())
    row = found[found["key"] == "呛口小辣椒面膜"].iloc[0]
    assert row["started_at"] == FIRST + pd.Timedelta(days=22, hours=11)
    assert row["bucket_seconds"] == 3600 and row["observed"] >= 8
    assert {"呛口", "小辣椒", "呛口小辣椒"} <= set(row["related"])
    assert row["n_contacts"] == len(row["contact_ids"]) == len(set(row["contact_ids"])) > 200
    others = found[found["key"] != "呛口小辣椒面膜"]
    assert not others["key"].isin(["呛口", "小辣椒", "呛口小辣椒", "面膜"]).any()


def test_alarms_with_a_night_between_are_one_and_begin_with_the_shortest_first_window():
    alarms = [
        alarm("面膜", 2, width=3, observed=40),
        alarm("面膜", 2, observed=25),
        alarm("面膜", 20),
        alarm("面膜", 60),
    ]
    found = grouped(
        alarms, [said("面膜", ids("a", 9), 2), said("面膜", ids("b", 4), 20), said("面膜", ids("c", 5), 60)]
    )
    assert found["n_contacts"].tolist() == [13, 5]
    assert (found["bucket_seconds"].iloc[0], found["observed"].iloc[0]) == (3600, 25)
    assert found["started_at"].tolist() == [T0 + pd.Timedelta(hours=2), T0 + pd.Timedelta(hours=60)]


def test_keys_of_different_contacts_stay_apart():
    found = grouped([alarm("面膜"), alarm("退款")], [said("面膜", ids("a", 10)), said("退款", [*ids("b", 8), "a1"])])
    assert sorted(found["key"]) == ["退款", "面膜"]
    assert all(len(related) == 0 for related in found["related"])


def test_a_longer_phrase_of_few_contacts_does_not_name_the_incident():
    alarms = [alarm("小辣椒面膜", observed=30), alarm("有没有小辣椒面膜", observed=9)]
    found = grouped(alarms, [said("小辣椒面膜", ids("a", 30)), said("有没有小辣椒面膜", ids("a", 9))])
    assert found[["key", "related"]].values.tolist() == [["小辣椒面膜", ["有没有小辣椒面膜"]]]


def test_words_that_belong_to_a_rising_topic_are_related_to_it():
    alarms = [alarm("topic-7", kind="topic", observed=60, expected=10), alarm("物流", observed=50, expected=9)]
    found = grouped(alarms, [said("topic-7", ids("a", 60), kind="topic"), said("物流", ids("a", 50))])
    assert found[["kind", "key", "related"]].values.tolist() == [["topic", "topic-7", ["物流"]]]


def test_a_new_word_inside_a_topic_names_the_incident():
    alarms = [alarm("topic-7", kind="topic", observed=60, expected=20), alarm("呛口小辣椒", observed=50, expected=0)]
    found = grouped(alarms, [said("topic-7", ids("a", 60), kind="topic"), said("呛口小辣椒", ids("a", 50))])
    assert found[["kind", "key", "related"]].values.tolist() == [["keyword", "呛口小辣椒", ["topic-7"]]]


def test_a_rush_of_all_channels_is_one_and_absorbs_what_rose_less():
    everyone = [said(c, ids(c, 50), kind="volume", channel=c) for c in ("app", "web")]
    rush = [alarm(c, kind="volume", channel=c, observed=50, expected=20) for c in ("app", "web")]
    whole = alarm("*", kind="volume", observed=100, expected=40)
    word = alarm("排队", observed=20, expected=12)
    found = grouped([*rush, whole, word], [*everyone, said("排队", ids("app", 20))])
    assert found[["kind", "key", "n_contacts"]].values.tolist() == [["volume", "*", 100]]
    assert set(found["related"].iloc[0]) == {"app", "web", "排队"}


def test_a_rush_that_one_channel_brought_is_named_by_it():
    everyone = [said("app", ids("app", 90), kind="volume"), said("web", ids("web", 20), kind="volume", channel="web")]
    alarms = [
        alarm("*", kind="volume", observed=110, expected=40),
        alarm("app", kind="volume", channel="app", observed=90, expected=20),
    ]
    assert grouped(alarms, everyone)["key"].tolist() == ["app"]


def test_a_rush_that_a_keyword_brought_belongs_to_the_keyword():
    everyone = [said("app", [*ids("a", 60), *ids("z", 40)], kind="volume")]
    alarms = [alarm("面膜", observed=60), alarm("*", kind="volume", observed=100, expected=40)]
    found = grouped(alarms, [said("面膜", ids("a", 60)), *everyone])
    assert found[["key", "related"]].values.tolist() == [["面膜", ["*"]]]


@settings(max_examples=8, deadline=None)
@given(st.permutations(range(6)), st.permutations(range(60)))
def test_the_order_of_rows_does_not_matter(alarm_order, member_order):
    alarms = [alarm(k, h) for k in ("甲", "甲乙", "丙") for h in (0, 1)]
    members = said("甲", ids("a", 20)) + said("甲乙", ids("a", 20), 1) + said("丙", ids("c", 20))
    first = group_incidents(pd.DataFrame(alarms), pd.DataFrame(members))
    again = group_incidents(
        pd.DataFrame([alarms[i] for i in alarm_order]), pd.DataFrame([members[i] for i in member_order])
    )
    pd.testing.assert_frame_equal(first, again)


def test_no_alarm_no_incident_but_the_columns():
    found = group_incidents(empty_alarms(), pd.DataFrame(said("甲", ["a"])))
    assert list(found.columns) == COLUMNS and found.empty


def test_members_without_contacts_are_refused():
    with pytest.raises(SchemaError, match="contact_id"):
        group_incidents(pd.DataFrame([alarm("甲")]), pd.DataFrame({"key": ["甲"]}))


def test_a_new_keyword_names_the_incident_before_the_topic_it_made():
    alarms = [
        alarm("topic-30", kind="topic", observed=25, expected=0),
        alarm("小辣椒面膜", observed=22, expected=0),
        alarm("垃圾", observed=9, expected=2),
    ]
    members = [
        said("topic-30", ids("a", 25), kind="topic"),
        said("小辣椒面膜", ids("a", 22)),
        said("垃圾", ids("a", 9)),
    ]
    assert grouped(alarms, members)[["kind", "key"]].values.tolist() == [["keyword", "小辣椒面膜"]]


def test_unhappy_contacts_of_a_topic_that_rises_belong_to_the_topic():
    alarms = [
        alarm("t7", kind="topic", observed=30, expected=3),
        alarm("*", kind="negative", observed=25, expected=5),
        alarm("app", kind="negative", channel="app", observed=25, expected=4),
    ]
    members = [said("t7", ids("a", 30), kind="topic"), said("app", ids("a", 25), kind="negative")]
    (found,) = grouped(alarms, members).to_dict("records")
    assert (found["kind"], found["key"], set(found["related"])) == ("topic", "t7", {"*", "app"})


def test_unhappy_contacts_of_many_matters_are_an_incident_named_by_their_product():
    places = [("*", "*"), ("app", "app"), ("灯", "*")]
    alarms = [alarm(key, kind="negative", channel=channel, observed=20, expected=4) for key, channel in places]
    bad = ids("a", 20)
    members = [said("app", bad, kind="negative"), said("灯", bad, kind="negative"), said("坏", bad[:4])]
    (found,) = grouped([*alarms, alarm("坏", observed=4, expected=0)], members).to_dict("records")[:1]
    assert (found["kind"], found["key"], found["n_contacts"]) == ("negative", "灯", 20)
    assert {"*", "app"} <= set(found["related"])


def test_a_doubled_day_is_one_alert_of_volume_though_twice_as_many_are_unhappy():
    everyone, bad = ids("a", 100), ids("a", 55)
    alarms = [
        alarm("*", kind="volume", observed=100, expected=50),
        alarm("*", kind="negative", observed=55, expected=25),
    ]
    members = [said("app", everyone, kind="volume"), said("app", bad, kind="negative")]
    assert grouped(alarms, members)[["kind", "key"]].values.tolist() == [["volume", "*"]]


def test_a_category_and_its_word_are_one_and_the_new_word_names_it():
    alarms = [
        alarm("app_fault", kind="category", observed=24, expected=4),
        alarm("白屏", observed=20, expected=0.1),
    ]
    members = [said("app_fault", ids("a", 24), kind="category"), said("白屏", ids("a", 20))]
    assert grouped(alarms, members)[["key", "related"]].values.tolist() == [["白屏", ["app_fault"]]]


def test_a_surge_of_praise_is_no_incident():
    alarms = [alarm("*", kind="volume", observed=60, expected=10), alarm("好用", observed=40, expected=5)]
    members = [said("app", ids("a", 60), kind="volume"), said("好用", ids("a", 40))]
    assert grouped(alarms, members, praise=frozenset(ids("a", 50))).empty
    assert len(grouped(alarms, members, praise=frozenset(ids("a", 20))))


def test_of_an_incident_that_goes_on_only_the_later_part_is_told():
    alarms = [alarm("面膜", 2), alarm("面膜", 16), alarm("面膜", 17)]
    midnight = T0.tz_convert("Asia/Shanghai").normalize() + pd.Timedelta(days=1)
    members = [said("面膜", ids("a", 9), 2), said("面膜", ids("b", 4), 16)]
    (found,) = grouped(alarms, members, since=midnight).to_dict("records")
    assert (found["started_at"], found["contact_ids"]) == (T0 + pd.Timedelta(hours=16), ids("b", 4))
    assert str(found["day"]) == "2026-03-21"
    assert grouped(alarms[:1], members, since=midnight).empty


def test_a_window_over_midnight_is_told_of_once_and_the_first_name_is_kept():
    """The second day's window of three hours begins on the first day; by then the topic would name the incident."""
    midnight = T0.tz_convert("Asia/Shanghai").normalize() + pd.Timedelta(days=1)
    word = [alarm("旧机", 12, expected=0.1), alarm("旧机", 14, width=3, expected=0.1), alarm("旧机", 15, expected=0.1)]
    topic = [alarm("t30", hour, kind="topic", observed=60, expected=0.1) for hour in (14, 15)]
    members = [said("旧机", ids("a", 5), 12), said("旧机", ids("b", 4), 15), said("t30", ids("b", 4), 15, kind="topic")]
    (found,) = grouped([*word, *topic], members, since=midnight).to_dict("records")
    assert (found["key"], found["related"]) == ("旧机", ["t30"])
    assert found["started_at"] == T0 + pd.Timedelta(hours=15)
