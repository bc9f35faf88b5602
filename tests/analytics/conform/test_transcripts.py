import datetime as dt
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.conform import Refused, SourceSpec, conform_contacts
from analytics.schema import TABLES, UNDATED_DAY

CALLS = SourceSpec("calls", "call")
KEYS = (
    *("jobName", "results", "items", "audio_segments", "channel_labels", "channels", "channel_label", "speaker_labels"),
    *("segments", "speaker_label", "alternatives", "content", "confidence", "type", "start_time", "end_time", "id"),
    *("Transcript", "Content", "ParticipantId", "ParticipantRole", "Participants", "BeginOffsetMillis", "AbsoluteTime"),
    *(
        "CustomerMetadata",
        "ContactId",
        "text",
        "speaker",
        "start",
        "end",
        "words",
        "score",
        "transcript",
        "transcripts",
    ),
)


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


def talk(*segments: dict[str, Any], **more: Any) -> Any:
    """Return the turns of one call."""
    done = conform_contacts([(1, call(segments=list(segments)))], SourceSpec("calls", "call", **more))
    assert done.rejected.empty
    return done.utterances


def test_a_turn_without_a_speaker_is_kept_without_one() -> None:
    turns = talk(
        {"text": "喂", "start": 0}, {"speaker": " ", "text": "在", "start": 1}, {"speaker": "客服", "text": "您好"}
    )
    assert turns["speaker"].tolist() == [None, None, "agent"]


def test_turns_that_overlap_keep_their_own_begin_and_end_in_order_of_begin() -> None:
    turns = talk(
        {"speaker": "agent", "start": 3.0, "end": 9.0, "text": "先别急", "confidence": 0.93},
        {"speaker": "customer", "start": 1.0, "end": 6.0, "text": "都三天了", "confidence": 0.31},
        {"speaker": "agent", "start": 3.0, "end": 2.0, "text": "我查一下"},
    )
    assert turns["text"].tolist() == ["都三天了", "先别急", "我查一下"]
    begin = pd.Timestamp("2026-01-01T01:00:00Z")
    assert ((turns["ended_at"] - begin).dt.total_seconds()).tolist()[:2] == [6.0, 9.0]
    assert turns["ended_at"].isna().tolist() == [False, False, True]  # an end before its begin is none
    assert turns["confidence"].tolist()[:2] == [0.31, 0.93]


def test_a_turn_without_a_begin_stays_where_it_stands() -> None:
    turns = talk(
        {"speaker": "agent", "start": 7e9, "text": "一"},
        {"speaker": "agent", "start": 1, "text": "二"},
        {"speaker": "customer", "start": None, "text": "三"},
        {"speaker": "agent", "start": 5, "text": "四"},
    )
    assert turns["text"].tolist() == ["一", "二", "三", "四"]
    assert turns["said_at"].isna().tolist() == [True, False, True, False]


def test_channels_are_who_the_source_says_and_an_unknown_name_refuses_the_call() -> None:
    two = [{"speaker": "左", "start": 0, "text": "喂"}, {"speaker": "右", "start": 1, "text": "您好"}]
    assert talk(*two, speakers={"左": "customer", "右": "agent"})["speaker"].tolist() == ["customer", "agent"]
    one = SourceSpec("calls", "call", speakers={"左": "customer"})
    assert conform_contacts([(1, call(segments=two))], one).rejected["reason"].tolist() == ["unknown_speaker"]


def test_numbered_speakers_are_told_apart_or_kept_without_a_name() -> None:
    told = talk(
        {"speaker": "SPEAKER_00", "text": "您好，请问有什么可以帮您"}, {"speaker": "SPEAKER_01", "text": "我要投诉你们"}
    )
    assert told["speaker"].tolist() == ["agent", "customer"]
    untold = talk({"speaker": "SPEAKER_00", "text": "喂"}, {"speaker": "SPEAKER_01", "text": "喂"})
    assert untold["speaker"].tolist() == [None, None]
    half = talk({"speaker": "0", "text": "喂"}, {"speaker": "1", "text": "喂"}, speakers={"0": "agent"})
    assert half["speaker"].tolist() == ["agent", "customer"]


def test_a_call_without_an_end_ends_with_its_last_words() -> None:
    done = conform_contacts([(1, call())], CALLS)
    assert done.contacts["ended_at"].tolist() == [pd.Timestamp("2026-01-01T01:00:14Z")]


def test_a_recording_s_name_says_when_and_which_only_where_nothing_else_does() -> None:
    whisperx = SourceSpec("w", "call", format="whisperx")
    record = {"segments": [{"text": "喂", "start": 1}]}
    name = "8001-4471_20260301_101530.json"
    done = conform_contacts([(1, record)], whisperx, original=name)
    assert done.contacts["contact_id"].tolist() == ["w-8001-4471_20260301_101530"]
    assert done.utterances["said_at"].tolist() == [pd.Timestamp("2026-03-01T02:15:31Z")]
    several = conform_contacts([(1, record), (2, record)], whisperx, original=name)
    assert several.contacts["contact_id"].tolist() == ["w-1", "w-2"]
    given = conform_contacts([(1, record | {"id": "k", "started_at": "2026-01-01"})], whisperx, original=name)
    assert (given.contacts["contact_id"][0], given.contacts["day"][0]) == ("w-k", dt.date(2026, 1, 1))
    own = conform_contacts([(1, call(started_at=None, call_id=None))], CALLS, original=name)
    assert (own.contacts["contact_id"][0], own.contacts["day"][0]) == ("calls-1", UNDATED_DAY)


def test_what_a_recogniser_says_of_its_job_is_not_said_of_the_call() -> None:
    record = {"jobName": "j1", "status": "COMPLETED", "version": "2", "deleted": True, "results": {"items": []}}
    word = {"type": "pronunciation", "alternatives": [{"content": "喂", "confidence": "0.9"}]}
    spec = SourceSpec("t", "call", format="transcribe")
    done = conform_contacts([(1, record | {"results": {"items": [word]}})], spec)
    assert done.contacts["status"].tolist() == [None]
    assert conform_contacts([(1, record)], spec).rejected["reason"].tolist() == ["no_text"]


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


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(st.lists(record, max_size=6))
def test_records_in_are_contacts_and_rejected(records: list[dict[str, Any]]) -> None:
    done = conform_contacts(list(enumerate(records, 1)), CALLS)
    assert len(records) == len(done.contacts) + len(done.rejected)
    assert done.contacts["n_turns"].sum() == len(done.utterances)
    for name, made in done.to_arrow().items():
        assert made.schema.equals(TABLES[name].arrow())


values = st.recursive(
    st.none()
    | st.booleans()
    | st.floats()
    | st.sampled_from(["喂", "0.5", "spk_0", "AGENT", "pronunciation", "", "x"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5),
    max_leaves=12,
)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["transcribe", "contact_lens", "whisperx", "segments"]),
    st.lists(st.dictionaries(st.sampled_from(KEYS), values, max_size=6), max_size=4),
)
def test_whatever_a_file_holds_records_in_are_contacts_and_rejected(form: str, found: list[dict[str, Any]]) -> None:
    done = conform_contacts(list(enumerate(found, 1)), SourceSpec("s", "call", format=form), original="a_20260301.json")
    assert len(found) == len(done.contacts) + len(done.rejected)
    assert done.contacts["n_turns"].sum() == len(done.utterances)
    confidence = done.utterances["confidence"].dropna()
    assert confidence.between(0, 1).all()
    for name, made in done.to_arrow().items():
        assert made.schema.equals(TABLES[name].arrow())
