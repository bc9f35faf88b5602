"""The forms of transcripts: where a record says what of its contact, and how its turns are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from analytics.conform.amazon import contact_lens_segments, transcribe_segments
from analytics.conform.segments import Segment, mapped_segments
from analytics.conform.spec import ROLES

_OF_TURNS = {"text", "reply", "contact", "speaker", "history"}
_OWN: dict[str, tuple[str, ...]] = {
    **{role: (role,) for role in ROLES if role not in _OF_TURNS},
    "id": ("call_id", "contact_id", "session_id", "id"),
    "time": ("started_at", "time"),
    "ended": ("ended_at",),
    "due": ("due_at",),
    "customer": ("customer_id",),
    "agent": ("agent_id",),
    "order": ("order_id",),
    "rating": ("rating", "csat"),
    "version": ("updated_at", "version"),
    "deleted": ("is_deleted", "deleted"),
}
"""Paths of a record by role, where `SourceSpec.columns` names no other."""

_OF_THE_JOB = ("status", "category", "title", "version", "deleted", "due", "device", "login")
_FOREIGN = {**_OWN, **{role: () for role in _OF_THE_JOB}}
"""What recognisers call so tells of their job, not of the contact: read only where `columns` says so."""

_WHISPERX = {"path": "segments", "confidence": "words.score"}


@dataclass(frozen=True)
class Form:
    """One form of transcripts.

    Attributes
    ----------
    paths : mapping of str to tuple of str
        Role → dotted paths in a record, the first that leads to a value counts.
    segments : callable
        (record, `SourceSpec.segments`) → turns with words, None if the record is not of the form.
    named : tuple of str
        Paths of names (of a job, of the audio) that may hold the time, where no path of role `time` leads to one.
    is_named_by_file : bool
        Whether a file is one contact, so that the file's name may say its time and id.
    """

    paths: Mapping[str, tuple[str, ...]]
    segments: Callable[[Mapping[str, Any], Mapping[str, str]], list[Segment] | None]
    named: tuple[str, ...] = ()
    is_named_by_file: bool = True


def _whisperx(record: Mapping[str, Any], keys: Mapping[str, str]) -> list[Segment] | None:
    return mapped_segments(record, _WHISPERX)


def _own(record: Mapping[str, Any], keys: Mapping[str, str]) -> list[Segment] | None:
    return mapped_segments(record, {"confidence": "confidence"})


TRANSCRIPT_FORMS: Mapping[str, Form] = {
    "contacts": Form(_OWN, _own, is_named_by_file=False),
    "transcribe": Form({**_FOREIGN, "id": ("jobName", *_OWN["id"])}, transcribe_segments, ("jobName",)),
    "contact_lens": Form(
        {
            **_FOREIGN,
            "id": ("CustomerMetadata.ContactId", "JobName", *_OWN["id"]),
            "time": ("CustomerMetadata.InitiationTimestamp", "Transcript.AbsoluteTime", *_OWN["time"]),
            "ended": ("CustomerMetadata.DisconnectTimestamp", *_OWN["ended"]),
            "channel": ("Channel", *_OWN["channel"]),
        },
        contact_lens_segments,
        ("CustomerMetadata.InputS3Uri", "JobName"),
    ),
    "whisperx": Form(_FOREIGN, _whisperx, ("audio", "file")),
    "segments": Form(_FOREIGN, mapped_segments),
}
"""Form by `SourceSpec.format`."""


def form_of(name: str) -> Form:
    """Return the form of a format; that of our own records where rows are declared."""
    return TRANSCRIPT_FORMS.get(name, TRANSCRIPT_FORMS["contacts"])
