"""Topics as the page has them: decided by people, of several matters, split by channel, product and week."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from analytics.inbox.topics import MadeTopicDecision
from dashboards.data import contacts, topic_shares, topics
from dashboards.data.source import Source, extent
from dashboards.data.topic_decisions import overlay_of
from dashboards.data.topic_history import history
from dashboards.filters import Filters
from dashboards.selection import Selection

DAY = dt.timedelta(days=1)
AT = dt.datetime(2026, 9, 21, 3, tzinfo=dt.UTC)


def made(kind: str, topic_id: str, **values: object) -> MadeTopicDecision:
    given = {"decision_id": 1, "other_topic_id": None, "value": None, "was": None, "made_at": AT, "made_by": "lin",
             "why": "说的是同一件事", "withdrawn_at": None}  # fmt: skip
    return MadeTopicDecision(kind=kind, topic_id=topic_id, **{**given, **values})  # type: ignore[arg-type]


def decided(source: Source, *decisions: MadeTopicDecision) -> Source:
    return replace(source, decided=lambda: overlay_of(decisions))


def _row(source: Source, topic_id: str) -> dict[str, object]:
    frame = topics.known(source)
    return {str(k): v for k, v in frame[frame["topic_id"] == topic_id].iloc[0].to_dict().items()}


def test_what_people_decided_lies_over_what_was_published(source: Source) -> None:
    over = decided(
        source,
        made("rename", "t01", value="快递不动了"),
        made("touchpoint", "t01", value="催促发货"),
        made("hide", "t03"),
        made("pin", "t04"),
        made("split", "t05", value="3"),
        made("merge", "t02", other_topic_id="t10"),
    )
    first = _row(over, "t01")
    assert (first["label"], first["touchpoint"]) == ("快递不动了", "催促发货")
    assert _row(over, "t03")["hidden"] and _row(over, "t04")["pinned"] and _row(over, "t05")["parts"] == 3
    assert (_row(over, "t02")["into"], _row(over, "t02")["is_pending"]) == ("t10", True)
    table = topics.topic_table(over, Selection(extent(source).default))
    assert "快递不动了" in set(table["label"])
    assert table.loc[table["topic_id"] == "t03", "hidden"].all()
    listed = contacts.page(over, Selection(Filters(), {"topic": "t01"}), start=0, stop=3, order=("", ""))
    assert set(listed["topic"]) == {"快递不动了"}
    assert topics.labels(over, ["t01"])["label"].item() == "快递不动了"


def test_a_merge_that_was_published_is_part_of_the_other_until_it_is_withdrawn(source: Source) -> None:
    held = _row(decided(source, made("merge", "t11", other_topic_id="t02")), "t11")
    assert (held["into"], held["is_pending"]) == ("t02", False)
    undone = _row(decided(source, made("merge", "t11", other_topic_id="t02", withdrawn_at=AT)), "t11")
    assert (undone["into"], undone["is_pending"]) == ("", True)
    assert _row(source, "t11")["into"] == "t02"


def test_a_name_withdrawn_gives_the_old_one_back_at_once_and_no_older_one_later(source: Source) -> None:
    gone = made("rename", "t01", value="物流迟迟不更新", was="快递 物流 慢", withdrawn_at=AT)
    assert _row(decided(source, gone), "t01")["label"] == "快递 物流 慢"
    newly_fitted = made("rename", "t01", value="别的名字", was="快递 物流 慢", withdrawn_at=AT)
    assert _row(decided(source, newly_fitted), "t01")["label"] == "物流迟迟不更新"


@pytest.mark.parametrize("column", ["channel", "product"])
def test_shares_by_column_add_up_and_open(source: Source, column: str) -> None:
    selection = Selection(extent(source).default)
    frame = topic_shares.by_column(source, selection, "t01", column)
    assert frame["k"].sum() == contacts.count(source, selection.narrowed(topic="t01"))
    assert frame["n"].sum() == contacts.count(source, selection)
    assert ((frame["share_low"] < frame["share"]) & (frame["share"] < frame["share_high"])).all()
    assert set(frame["verdict"]) <= {"significant", "flat"}
    for row in frame.itertuples():
        narrowed = selection.narrowed(topic="t01", **{f"{column}_is": row.key})
        assert contacts.count(source, narrowed) == row.k
        assert row.change_low <= row.change <= row.change_high


def test_weeks_are_compared_with_the_whole_week_before_them(source: Source) -> None:
    days = Filters(dt.date(2026, 9, 23), dt.date(2026, 10, 4))
    frame = topic_shares.by_week(source, Selection(days), "t01")
    assert list(frame["day_from"]) == ["2026-09-28", "2026-09-23"]
    assert list(frame["day_to"]) == ["2026-10-04", "2026-09-27"]
    for row in frame.itertuples():
        week = Selection(days, {"topic": "t01", "day_from": row.day_from, "day_to": row.day_to})
        assert contacts.count(source, week) == row.k
    assert list(frame["n_days"]) == [14, 12]
    before = Selection(Filters(dt.date(2026, 9, 21), dt.date(2026, 9, 27)))
    was = contacts.count(source, before.narrowed(topic="t01")) / contacts.count(source, before)
    assert frame["change"].iloc[0] == pytest.approx(frame["share"].iloc[0] - was)


def test_topics_are_tested_together(source: Source) -> None:
    frame = topics.topic_table(source, Selection(extent(source).default))
    assert (frame["q_value"] >= frame["p_value"]).all()
    assert set(frame["n_days"]) == {28}
    assert (frame["change"] - (frame["share"] - frame["share_before"])).abs().max() < 1e-12
    first_day = topics.topic_table(source, Selection(Filters(dt.date(2026, 9, 8), dt.date(2026, 9, 8))))
    assert set(first_day["verdict"]) == {"few_days"}


def test_matters_beside_the_main_one_are_counted_and_listed(source: Source, undated_source: Source) -> None:
    selection = Selection(Filters())
    n = topics.n_mentions(source, selection, "t06")
    assert n == contacts.count(source, selection.narrowed(mentions="t06")) > 20
    assert topics.n_mentions(source, selection, "t01") == 0
    several = source.rows("SELECT contact_id FROM topic_segment ORDER BY 1 LIMIT 1")["contact_id"].item()
    found = contacts.matters(decided(source, made("rename", "t06", value="开发票")), several)
    assert list(found["segment"]) == [0, 1] and found["label"].iloc[1] == "开发票"
    assert contacts.matters(source, "c00001").empty
    assert topics.n_mentions(undated_source, selection, "t06") == n


def test_history_tells_events_and_decisions_once_the_last_first(source: Source) -> None:
    decisions = [
        made("merge", "t11", other_topic_id="t02"),
        made("pin", "t02", made_at=AT + DAY, why="常用"),
        made(
            "rename", "t02", value="退款慢", made_at=AT + dt.timedelta(days=2), withdrawn_at=AT + dt.timedelta(days=3)
        ),
    ]
    found = history(source, "t02", decisions)
    assert [moment.what for moment in found] == ["unrename", "rename", "pin", "merge", "promoted", "born"]
    merge = found[3]
    assert (merge.other, merge.is_other, merge.by, merge.why) == ("退款退到哪张卡", True, "lin", "说的是同一件事")
    assert merge.day == dt.date(2026, 9, 21)
    assert [moment.what for moment in history(source, "t11", [])] == ["merged"]


def test_history_names_contacts_that_are_still_there(source: Source) -> None:
    (born,) = history(source, "t08", [])
    assert len(born.contact_ids) == 2
    assert all(len(contacts.contact(source, contact)) == 1 for contact in born.contact_ids)
    assert "预期" in born.why
