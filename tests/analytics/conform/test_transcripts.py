import datetime as dt
from typing import Any

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.conform import Refused, SourceSpec, conform_contacts
from analytics.schema import TABLES, UNDATED_DAY

CALLS = SourceSpec("calls", "call")


def call(
    call_id: str | None = "k1", started_at: str | None = "2026-01-01T09:00:00+08:00", **more: Any
) -> dict[str, Any]:
    segments = [
        {"speaker": "agent", "start": 0, "end": 2, "text": "您好"},
        {"speaker": "customer", "start": 12.5, "end": 14, "text": "嗯嗯"},
        {"speaker": "customer", "start": 2.5, "end": 9, "text": "热水器不出热水电话13800138000"},
        {"speaker": "customer", "start": 10, "end": 11, "text": "  "},
        {"speaker": "agent", "start": 9.5, "end": 12, "text": "好的"},
    ]
    return {"call_id": call_id, "started_at": started_at, "segments": segments} | more


def test_a_call_becomes_a_contact_with_its_turns_in_order() -> None:
    more = {
        "ended_at": "2026-01-01T09:01:00+08:00",
        "customer_id": "c1",
        "agent_id": "a1",
        "team": "t",
        "product": "热水器",
    }
    done = conform_contacts([(1, call(**more))], CALLS, file="calls/x.jsonl")
    contact = done.contacts.iloc[0]
    assert contact[["contact_id", "kind", "channel", "agent_id", "team", "product", "file", "position"]].tolist() == [
        "calls-k1", "call", "phone", "a1", "t", "热水器", "calls/x.jsonl", 1,
    ]  # fmt: skip
    assert contact["day"] == dt.date(2026, 1, 1)
    assert contact["ended_at"] == pd.Timestamp("2026-01-01T01:01:00Z")
    assert contact[["n_turns", "n_customer_turns", "first_response_seconds"]].tolist() == [4, 2, 7.0]
    assert done.utterances["speaker"].tolist() == ["agent", "customer", "agent", "customer"]
    assert done.utterances["said_at"][1] == pd.Timestamp("2026-01-01T01:00:02.5Z")
    assert "13800138000" not in done.utterances["text"][1]


def test_every_reason_of_a_transcript() -> None:
    stranger = [{"speaker": "?", "start": 0, "text": "好"}]
    records: list[dict[str, Any]] = [
        call("1"),
        call("2", segments=[]),
        call("3", segments="不是列表"),
        call("4", segments=[{"speaker": "agent", "text": 5}]),
        call("5", segments=stranger),
        call("6", started_at="昨天"),
        call("7", started_at=None),
        call("1"),
        {},
    ]
    refused = [Refused(10, "bad_json", "h")]
    done = conform_contacts(list(enumerate(records, 1)), CALLS, refused=refused)
    assert done.rejected["reason"].tolist() == [
        "no_text", "bad_json", "bad_json", "unknown_speaker", "bad_time", "bad_time",
        "duplicate_id", "no_text", "bad_json",
    ]  # fmt: skip
    assert done.contacts["contact_id"].tolist() == ["calls-1"]
    assert set(done.rejected["day"]) == {dt.date(2026, 1, 1)}


def test_transcripts_without_any_time_are_undated() -> None:
    done = conform_contacts([(1, call(started_at=None))], CALLS)
    assert done.contacts["day"].tolist() == [UNDATED_DAY]
    assert done.utterances["said_at"].isna().all()


def test_other_keys_can_be_named_and_numbers_are_ids() -> None:
    record = {"no": 17, "begin": 1767229200, "segments": call()["segments"]}
    done = conform_contacts([(1, record)], SourceSpec("c", "call", columns={"id": "no", "time": "begin"}))
    assert done.contacts["contact_id"].tolist() == ["c-17"]
    assert done.contacts["day"].tolist() == [dt.date(2026, 1, 1)]


segment = st.fixed_dictionaries(
    {
        "speaker": st.sampled_from(["agent", "customer", "x", None]),
        "text": st.sampled_from(["好", "", None]),
        "start": st.none() | st.floats(),
    }
)
record = st.fixed_dictionaries(
    {"call_id": st.sampled_from(["1", "2", None]), "started_at": st.sampled_from(["2026-01-01", "x", None])},
    optional={"segments": st.lists(segment, max_size=3) | st.none() | st.text(max_size=2)},
)


@settings(max_examples=25, deadline=None)
@given(st.lists(record, max_size=6))
def test_records_in_are_contacts_and_rejected(records: list[dict[str, Any]]) -> None:
    done = conform_contacts(list(enumerate(records, 1)), CALLS)
    assert len(records) == len(done.contacts) + len(done.rejected)
    assert done.contacts["n_turns"].sum() == len(done.utterances)
    for name, made in done.to_arrow().items():
        assert made.schema.equals(TABLES[name].arrow())
