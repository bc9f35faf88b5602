"""One stretch of speech of a transcript, and how recognisers write its parts."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from analytics.conform.paths import first_text, values_at

MAX_SECONDS = 864_000.0
"""Ten days: no contact is longer, so a later offset is a broken number or no offset at all."""

SEGMENT_KEYS: Mapping[str, str] = {
    "path": "segments",
    "text": "text",
    "speaker": "speaker",
    "channel": "",
    "start": "start",
    "end": "end",
    "confidence": "",
    "unit": "seconds",
}
"""What `SourceSpec.segments` says where it says nothing: dotted paths, those of `text` … inside a segment."""

_FULL = 1.5
"""Rounding may lift a score of 1 a little; one above this is a percentage."""

_SPACED = re.compile(r"[!-~]$")
_WORD = re.compile(r"[0-9A-Za-z]")


class Segment(NamedTuple):
    """What one speaker says in one go; times in seconds from the contact's begin, NaN where unknown."""

    label: str | None
    start: float
    end: float
    confidence: float
    text: str


def seconds(value: Any, *, per_second: float = 1.0) -> float:
    """Return an offset in seconds; NaN if it is none or lies outside a contact.

    Examples
    --------
    >>> seconds("1.5"), seconds(1500, per_second=1000), seconds(7e9), seconds(True)
    (1.5, 1.5, nan, nan)
    """
    found = _number(value) / per_second
    return found if 0 <= found <= MAX_SECONDS else math.nan


def mean_confidence(values: Iterable[Any]) -> float:
    """Return the mean of recognition scores from 0 to 1; NaN if there is none.

    A recogniser that counts to 100 is told by a score well above 1.

    Examples
    --------
    >>> mean_confidence(["0.5", 1.0, None]), mean_confidence([90, 80]), mean_confidence([])
    (0.75, 0.85, nan)
    """
    found = [number for value in values if not math.isnan(number := _number(value)) and 0 <= number <= 100]
    if not found:
        return math.nan
    scale = 100 if max(found) > _FULL else 1
    return round(min(sum(found) / len(found) / scale, 1.0), 4)


def join_words(words: Iterable[str]) -> str:
    """Return words as text: Chinese without blanks, Latin words apart.

    Examples
    --------
    >>> join_words(["我", "的", "iPhone", "15", "坏", "了", "。"]), join_words(["Hello", ".", "How", "are", "you", "?"])
    ('我的iPhone 15坏了。', 'Hello. How are you?')
    """
    text = ""
    for word in (word.strip() for word in words):
        text += " " * bool(_SPACED.search(text) and _WORD.match(word)) + word
    return text


def mapped_segments(record: Mapping[str, Any], keys: Mapping[str, str]) -> list[Segment] | None:
    """Return the segments with words of a record of any form, None if it is not of the form described.

    Parameters
    ----------
    record : mapping
        One contact.
    keys : mapping of str to str
        See `SEGMENT_KEYS`. A path into a list of words joins them, and takes the mean of their scores. What a segment
        does not say of its speaker or channel is taken from what it stands in: a list of sentences for each channel.

    Examples
    --------
    >>> sentence = {"BeginTime": 340, "EndTime": 2100, "Text": "我要退货", "ChannelId": 1}
    >>> keys = {"path": "Result.Sentences", "text": "Text", "channel": "ChannelId", "start": "BeginTime",
    ...         "end": "EndTime", "unit": "milliseconds"}
    >>> mapped_segments({"Result": {"Sentences": [sentence]}}, keys)
    [Segment(label='1', start=0.34, end=2.1, confidence=nan, text='我要退货')]
    """
    names = {**SEGMENT_KEYS, **keys}
    found: list[Segment] = []
    for inherited, segment in _with_parents(record, names["path"].split("."), names):
        if not isinstance(segment, Mapping):
            return None
        words = values_at(segment, names["text"])
        if not all(isinstance(word, str) for word in words):
            return None
        label = first_text(segment, *_paths(names)) or inherited
        if text := (words[0] if len(words) == 1 else join_words(words)):
            found.append(_segment(segment, names, label, text))
    return [segment for segment in found if segment.text.strip()]


def _segment(segment: Mapping[str, Any], names: Mapping[str, str], label: str | None, text: str) -> Segment:
    per_second = 1000.0 if names["unit"] == "milliseconds" else 1.0
    start, end = (seconds(first_text(segment, names[key]), per_second=per_second) for key in ("start", "end"))
    scores = values_at(segment, names["confidence"]) if names["confidence"] else ()
    return Segment(label, start, end, mean_confidence(scores), text)


def _paths(names: Mapping[str, str]) -> list[str]:
    """Return where the label is: the channel before the speaker, since a channel never errs."""
    return [names[key] for key in ("channel", "speaker") if names[key]]


def _with_parents(
    value: Any, path: list[str], names: Mapping[str, str], inherited: str | None = None
) -> Iterator[tuple[str | None, Any]]:
    """Yield each segment with the label of what it stands in."""
    for element in values_at(value, path[0]):
        if len(path) == 1:
            yield inherited, element
        else:
            label = first_text(element, *_paths(names)) if isinstance(element, Mapping) else None
            yield from _with_parents(element, path[1:], names, label or inherited)


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return math.nan
    try:
        return float(value)
    except (ValueError, OverflowError):
        return math.nan
