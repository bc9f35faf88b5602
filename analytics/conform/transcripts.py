"""Conform transcripts: a record is a whole contact with its turns as a list of segments."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from analytics.conform.assemble import TURN_COLUMNS, Parts, assemble
from analytics.conform.cells import RoleCells, contact_ids, first_reasons, repeated
from analytics.conform.outcome import Conformed, Refused, hash_of
from analytics.conform.speakers import read_speakers
from analytics.conform.spec import SourceSpec
from analytics.conform.wording import clean_text

_KEYS: dict[str, tuple[str, ...]] = {
    "id": ("call_id", "contact_id", "session_id", "id"),
    "time": ("started_at", "time"),
    "ended": ("ended_at",),
    "customer": ("customer_id",),
    "agent": ("agent_id",),
    "team": ("team",),
    "channel": ("channel",),
    "product": ("product",),
    "rating": ("rating", "csat"),
    "title": ("title",),
}
"""Keys of a record by role, where `SourceSpec.columns` names no other."""


_SEGMENT = ["contact", "speaker", "start", "text"]


def conform_contacts(
    records: Iterable[tuple[int, Mapping[str, Any]]],
    spec: SourceSpec,
    *,
    file: str = "",
    refused: Sequence[Refused] = (),
) -> Conformed:
    """Return contacts, utterances and rejected records of transcripts: records in = contacts + rejected.

    A record has an id, `started_at`, and `segments`: a list of `{"speaker", "start", "text"}`, start in seconds from
    the contact's begin. Segments without words are silence, no turns. A record with a segment whose speaker is
    unknown is refused whole.

    Parameters
    ----------
    records : iterable of (int, mapping)
        Position in the file from 1, and the record.
    spec : SourceSpec
        `columns` may give other keys for the roles; else call_id, started_at, ended_at, customer_id, agent_id, … count.
    file : str
        Name of the landing file.
    refused : sequence of Refused
        Lines that the reader refused.

    Examples
    --------
    >>> segments = [{"speaker": "customer", "start": 1.5, "text": "热水器不出热水"}]
    >>> call = {"call_id": "c1", "started_at": "2026-01-01T09:00:00+08:00", "segments": segments}
    >>> done = conform_contacts([(1, call), (2, {"call_id": "c2", "segments": []})], SourceSpec("calls", "call"))
    >>> done.contacts["contact_id"].tolist(), done.rejected["reason"].tolist()
    (['calls-c1'], ['no_text'])
    """
    pairs = list(records)
    positions = pd.Series([position for position, _ in pairs], dtype="int64")
    cells = RoleCells(_frame([record for _, record in pairs], spec.columns), _by_role(spec))
    spoken = [_segments(number, record) for number, (_, record) in enumerate(pairs)]
    segments = pd.DataFrame([segment for found in spoken for segment in found or ()], columns=_SEGMENT)
    segments["speaker"] = read_speakers(segments["speaker"], spec.agent_value)
    times, ids = cells.times("time"), contact_ids(cells.values("id"), positions.to_numpy(), spec)
    faults: dict[str, pd.Series[bool]] = {
        "bad_json": pd.Series([found is None for found in spoken], dtype=bool),
        "no_text": pd.Series([not found for found in spoken], dtype=bool),
        "unknown_speaker": positions.index.to_series().isin(segments["contact"][segments["speaker"].isna()]),
    }
    if cells.values("time").notna().any():
        faults["bad_time"] = times.isna()
    faults["duplicate_id"] = repeated(ids, first_reasons(len(pairs), faults).isna())
    reasons = first_reasons(len(pairs), faults)
    kept = positions.index[reasons.isna()]
    heads = cells.contacts(ids, times, cells.texts("title"), positions.to_numpy()).iloc[kept]
    turns = _turns(segments, times, pd.Series(range(len(kept)), index=kept), positions)
    bad = [Refused(int(positions[row]), reasons[row], _hash(pairs[row][1])) for row in np.flatnonzero(reasons.notna())]
    return assemble(Parts(heads.reset_index(drop=True), turns, [*refused, *bad], times), spec, file)


def _by_role(spec: SourceSpec) -> SourceSpec:
    """Return the specification for a frame whose columns are called as their roles."""
    return replace(spec, columns={role: role for role in _KEYS})


def record_heads(records: Iterable[Mapping[str, Any]], spec: SourceSpec) -> pd.DataFrame:
    """Return the cells of each record that say which contact it is and when it began: columns id and time."""
    return _frame(list(records), spec.columns)[["id", "time"]]


def _frame(records: Sequence[Mapping[str, Any]], columns: Mapping[str, str]) -> pd.DataFrame:
    keys = {**_KEYS, **{role: (key,) for role, key in columns.items() if role in _KEYS}}
    return pd.DataFrame(
        {role: [_first(record, names) for record in records] for role, names in keys.items()}, dtype=object
    )


def _first(record: Mapping[str, Any], keys: tuple[str, ...]) -> str | None:
    values = (record.get(key) for key in keys)
    return next((str(value) for value in values if value is not None and not isinstance(value, (dict, list))), None)


def _segments(number: int, record: Mapping[str, Any]) -> list[tuple[int, str | None, float, str]] | None:
    """Return the segments with words, None if the record is not of the expected form."""
    listed = record.get("segments", [])
    if not isinstance(listed, list):
        return None
    found: list[tuple[int, str | None, float, str]] = []
    for segment in listed:
        if not isinstance(segment, dict) or not isinstance(segment.get("text", ""), str):
            return None
        start = segment.get("start")
        seconds = float(start) if isinstance(start, (int, float)) and math.isfinite(start) else math.nan
        if segment.get("text", "").strip():
            found.append((number, _first(segment, ("speaker",)), seconds, segment["text"]))
    return found


def _turns(
    segments: pd.DataFrame, times: pd.Series[pd.Timestamp], number: pd.Series[int], positions: pd.Series[int]
) -> pd.DataFrame:
    """Return the segments of accepted contacts as turns, numbered like these, in order of their start."""
    kept = segments[segments["contact"].isin(number.index)]
    begin = kept["contact"].map(times)
    turns = pd.DataFrame(
        {
            "contact": kept["contact"].map(number).astype("int64"),
            "speaker": kept["speaker"],
            "said_at": (begin + pd.to_timedelta(kept["start"], unit="s")).astype("datetime64[us, UTC]"),
            "text": clean_text(kept["text"]),
            "start": kept["start"],
        }
    )
    turns["position"] = turns["contact"].map(dict(zip(number, positions[number.index], strict=True)))
    ordered = turns[turns["text"].notna()].sort_values(["contact", "start"], kind="stable", ignore_index=True)
    return ordered.reindex(columns=list(TURN_COLUMNS))


def _hash(record: Mapping[str, Any]) -> str:
    return hash_of(json.dumps(record, ensure_ascii=False, sort_keys=True, default=str))
