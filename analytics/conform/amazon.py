"""Transcripts as Amazon Transcribe, its call analytics and Contact Lens write them.

Sources: "Example diarization output (batch)", "Example channel identification output (batch)" of the Amazon Transcribe
developer guide, "Example Contact Lens output files for a call" of the Amazon Connect administrator guide.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from analytics.conform.paths import first_text, values_at
from analytics.conform.segments import Segment, join_words, mean_confidence, seconds
from analytics.conform.times import parse_times

_PAUSE_SECONDS = 1.0
"""Words of one speaker that far apart are two turns, where the recogniser gives words only."""


def transcribe_segments(record: Mapping[str, Any], keys: Mapping[str, str]) -> list[Segment] | None:
    """Return the turns of a Transcribe job's output, None if it is none.

    `audio_segments` are the turns where they are given. Else words are put together: a turn ends where the speaker or
    channel changes, or after a second of silence. Confidence is the mean over words.

    Examples
    --------
    >>> word = {"type": "pronunciation", "start_time": "0.5", "end_time": "0.9", "speaker_label": "spk_0",
    ...         "alternatives": [{"content": "喂", "confidence": "0.98"}]}
    >>> transcribe_segments({"jobName": "j", "results": {"items": [word]}}, {})
    [Segment(label='spk_0', start=0.5, end=0.9, confidence=0.98, text='喂')]
    """
    results = record.get("results")
    if not isinstance(results, Mapping):
        return None
    items = [item for item in values_at(results, "items") if isinstance(item, Mapping)]
    spoken = values_at(results, "audio_segments")
    if spoken:
        scores = {first_text(item, "id"): item for item in items}
        return [_audio_segment(segment, scores) for segment in spoken if isinstance(segment, Mapping)]
    channels = [channel for channel in values_at(results, "channel_labels.channels") if isinstance(channel, Mapping)]
    if channels:
        return [turn for channel in channels for turn in _turns(_items(channel), first_text(channel, "channel_label"))]
    if items:
        return _turns(_labelled(items, results), None)
    words = first_text(results, "transcripts.transcript") or ""
    return [Segment(None, math.nan, math.nan, math.nan, words)] if words.strip() else []


def contact_lens_segments(record: Mapping[str, Any], keys: Mapping[str, str]) -> list[Segment] | None:
    """Return the turns of a Contact Lens or call analytics file, None if it is none.

    Calls have offsets in milliseconds, chats absolute times. What is no message (an event, an attachment) is no turn.
    Numbers masked at the source stay as they are written there.

    Examples
    --------
    >>> turn = {"ParticipantId": "17", "BeginOffsetMillis": 160, "EndOffsetMillis": 900, "Content": "你好"}
    >>> people = [{"ParticipantId": "17", "ParticipantRole": "CUSTOMER"}]
    >>> contact_lens_segments({"Participants": people, "Transcript": [turn]}, {})
    [Segment(label='CUSTOMER', start=0.16, end=0.9, confidence=nan, text='你好')]
    """
    listed = record.get("Transcript")
    if not isinstance(listed, list) or not all(isinstance(turn, Mapping) for turn in listed):
        return None
    roles = {
        first_text(person, "ParticipantId"): first_text(person, "ParticipantRole")
        for person in values_at(record, "Participants")
    }
    times = parse_times(pd.Series([first_text(turn, "AbsoluteTime") for turn in listed], dtype=object), "UTC")
    after_first = (times - times.min()).dt.total_seconds().tolist()
    turns: list[Segment] = []
    for turn, later in zip(listed, after_first, strict=True):
        text = first_text(turn, "Content") or ""
        if not text.strip() or first_text(turn, "Type") not in {None, "MESSAGE"}:
            continue
        person = first_text(turn, "ParticipantId")
        start, end = (seconds(turn.get(f"{edge}OffsetMillis"), per_second=1000) for edge in ("Begin", "End"))
        score = mean_confidence(values_at(turn, "Items.Confidence"))
        label = first_text(turn, "ParticipantRole") or roles.get(person) or person
        turns.append(Segment(label, later if math.isnan(start) else start, end, score, text))
    return turns


def _audio_segment(segment: Mapping[str, Any], items: Mapping[str | None, Mapping[str, Any]]) -> Segment:
    words = [items[str(number)] for number in values_at(segment, "items") if str(number) in items]
    return Segment(
        first_text(segment, "channel_label", "speaker_label"),
        seconds(segment.get("start_time")),
        seconds(segment.get("end_time")),
        _confidence(words),
        first_text(segment, "transcript") or "",
    )


def _items(channel: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [item for item in values_at(channel, "items") if isinstance(item, Mapping)]


def _labelled(items: Sequence[Mapping[str, Any]], results: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the words with their speaker; older outputs say it in `speaker_labels` only, by the word's begin."""
    by_begin = {
        first_text(item, "start_time"): first_text(item, "speaker_label")
        for item in values_at(results, "speaker_labels.segments.items")
    }
    return [
        {**item, "speaker_label": item.get("speaker_label") or by_begin.get(first_text(item, "start_time"))}
        for item in items
    ]


def _turns(items: Sequence[Mapping[str, Any]], label: str | None) -> list[Segment]:
    """Return words in order as turns; punctuation has no time and belongs to the word before it."""
    turns: list[list[Mapping[str, Any]]] = []
    speaker, last_end = label, math.nan
    for item in items:
        if item.get("type") == "punctuation":
            if turns:
                turns[-1].append(item)
            continue
        said_by, start = label or first_text(item, "speaker_label"), seconds(item.get("start_time"))
        if not turns or said_by != speaker or start - last_end >= _PAUSE_SECONDS:
            turns.append([])
        turns[-1].append(item)
        speaker, last_end = said_by, seconds(item.get("end_time"))
    return [_turn(turn, label) for turn in turns]


def _turn(items: Sequence[Mapping[str, Any]], label: str | None) -> Segment:
    words = [item for item in items if item.get("type") != "punctuation"]
    text = join_words(first_text(item, "alternatives.content") or "" for item in items)
    said_by = label or first_text(words[0], "speaker_label")
    return Segment(
        said_by, seconds(words[0].get("start_time")), seconds(words[-1].get("end_time")), _confidence(words), text
    )


def _confidence(items: Sequence[Mapping[str, Any]]) -> float:
    """Return the mean over words; punctuation carries a score of 0 that says nothing."""
    words = [item for item in items if item.get("type") != "punctuation"]
    return mean_confidence(first_text(item, "alternatives.confidence") for item in words)
