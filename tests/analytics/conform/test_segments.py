import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.conform.paths import first_text, values_at
from analytics.conform.segments import MAX_SECONDS, join_words, mapped_segments, mean_confidence, seconds

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "text"]), inner, max_size=3),
    max_leaves=8,
)


def test_a_path_goes_through_lists_and_through_json_in_a_text() -> None:
    record = {"a": '{"b": [{"c": "x"}, {"c": "y"}]}', "a.b": 7}
    assert values_at(record, "a.b.c") == ["x", "y"]
    assert values_at(record, "a.b") == [7]
    assert values_at(record, "a.nothing") == values_at({"a": None}, "a.b") == []
    assert first_text({"a": {"b": 1}}, "a", "a.b") == "1"


def test_what_somebody_said_is_not_taken_for_json() -> None:
    assert values_at({"text": "[]"}, "text") == ["[]"]
    assert values_at({"text": "[捂脸] 好吧"}, "text") == ["[捂脸] 好吧"]


@given(json_values, st.sampled_from(["a", "a.b", "text", "", "a.b.text"]))
def test_any_record_and_path_are_answered(record: Any, path: str) -> None:
    assert isinstance(values_at(record, path), list)


@pytest.mark.parametrize("value", [None, "x", True, -1, math.nan, math.inf, 7e9, "1e400", MAX_SECONDS + 1, 10**400])
def test_an_offset_that_is_none_is_unknown(value: Any) -> None:
    assert math.isnan(seconds(value))


def test_offsets_in_milliseconds_and_in_text() -> None:
    assert [seconds(1500, per_second=1000), seconds("2.5"), seconds(MAX_SECONDS)] == [1.5, 2.5, MAX_SECONDS]


@given(st.lists(st.none() | st.floats() | st.integers(-5, 200) | st.text(max_size=3)))
def test_confidence_lies_between_0_and_1_or_is_unknown(values: list[Any]) -> None:
    found = mean_confidence(values)
    assert math.isnan(found) or 0 <= found <= 1


def test_words_are_joined_as_their_script_wants() -> None:
    assert join_words(["app", "打", "不", "开", "，", "version", "2", "也", "是"]) == "app打不开，version 2也是"


def test_a_channel_stands_above_a_speaker_and_over_its_sentences() -> None:
    record = {
        "channels": [{"channel_id": 1, "items": [{"text": "喂", "speaker": "7"}, {"text": "在", "channel_id": 0}]}]
    }
    found = mapped_segments(record, {"path": "channels.items", "channel": "channel_id"})
    assert found is not None
    assert [segment.label for segment in found] == ["7", "0"]


@pytest.mark.parametrize("segments", [None, "text", [1], [{"text": 5}], [{"text": None}], [{"text": {"a": 1}}]])
def test_a_record_of_another_form_is_none(segments: Any) -> None:
    assert mapped_segments({"segments": segments}, {}) is None


def test_silence_is_no_segment() -> None:
    assert mapped_segments({"segments": [{"text": " "}, {"start": 1}]}, {}) == []
    assert mapped_segments({}, {}) == []


@given(st.dictionaries(st.sampled_from(["segments", "text"]), json_values))
def test_any_record_gives_segments_or_none(record: dict[str, Any]) -> None:
    found = mapped_segments(record, {"confidence": "confidence"})
    assert found is None or all(segment.text.strip() for segment in found)
