"""Conform transcripts: a record is a whole contact with its turns as a list of segments."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

import numpy as np
import pandas as pd

from analytics.conform.assemble import TURN_COLUMNS, Parts, assemble
from analytics.conform.cells import RoleCells, contact_ids, first_reasons, repeated
from analytics.conform.diarised import is_diarised, speakers_told
from analytics.conform.name_times import id_in_name, time_in_name
from analytics.conform.outcome import Conformed, Refused, hash_of
from analytics.conform.paths import first_text
from analytics.conform.segments import Segment
from analytics.conform.speakers import read_speakers
from analytics.conform.spec import SourceSpec
from analytics.conform.transcript_forms import form_of
from analytics.conform.versions import gone_rows, is_deleted, versions
from analytics.conform.wording import clean_text


def conform_contacts(
    records: Iterable[tuple[int, Mapping[str, Any]]],
    spec: SourceSpec,
    *,
    file: str = "",
    original: str = "",
    refused: Sequence[Refused] = (),
) -> Conformed:
    """Return contacts, utterances and rejected records of transcripts: records in = contacts + rejected.

    What a record looks like is `spec.format`; our own ("contacts") has an id, `started_at`, and `segments`: a list of
    `{"speaker", "start", "end", "text", "confidence"}`, times in seconds from the contact's begin. Turns stand in
    order of their begin and keep their own end, so that those of two people can overlap; a turn without a begin stays
    where it stands in the record. Segments without words are silence, no turns.

    A segment without a speaker becomes a turn without one. Labels are understood by `spec.speakers`, then
    `spec.agent_value`, then by known words; labels that only number the speakers are told apart by what is said, and
    stay without a speaker where that does not tell. A record with any other label is refused whole.

    Parameters
    ----------
    records : iterable of (int, mapping)
        Position in the file from 1, and the record.
    spec : SourceSpec
        `columns` may give other keys for the roles, dotted paths in nested records.
    file : str
        Name of the landing file.
    original : str
        Name the file had at its source. Where a file is one contact of a form without a time or an id of its own,
        they are read from it.
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
    cells = RoleCells(_frame([record for _, record in pairs], spec, original), _by_role(spec))
    spoken = [form_of(spec.format).segments(record, spec.segments) for _, record in pairs]
    segments = _segments(spoken, spec)
    times, ids = cells.times("time"), contact_ids(cells.values("id"), positions.to_numpy(), spec)
    deleted, version = is_deleted(cells.values("deleted")), versions(cells.values("version"))
    faults: dict[str, pd.Series[bool]] = {
        "bad_json": pd.Series([found is None for found in spoken], dtype=bool) & ~deleted,
        "no_text": pd.Series([not found for found in spoken], dtype=bool) & ~deleted,
        "unknown_speaker": positions.index.to_series().isin(segments["contact"][segments["is_stranger"]]),
        "deleted": deleted,
    }
    if cells.values("time").notna().any():
        faults["bad_time"] = times.isna() & ~deleted
    reasons = _with_repeats(faults, ids, version, spec)
    kept = positions.index[reasons.isna()]
    heads = cells.contacts(ids, times, cells.texts("title"), positions.to_numpy()).assign(version=version)
    heads = heads.iloc[kept].reset_index(drop=True)
    turns = _turns(segments, times, pd.Series(range(len(kept)), index=kept), positions)
    last_words = turns.groupby("contact")["ended_at"].max().reindex(heads.index)
    heads = heads.assign(ended_at=heads["ended_at"].fillna(last_words))
    bad = [Refused(int(positions[row]), reasons[row], _hash(pairs[row][1])) for row in np.flatnonzero(reasons.notna())]
    return assemble(Parts(heads, turns, [*refused, *bad], times, gone_rows(ids, version, deleted)), spec, file)


def _with_repeats(
    faults: Mapping[str, pd.Series[bool]], ids: pd.Series[str], version: pd.Series[float], spec: SourceSpec
) -> pd.Series[str]:
    """Return the reason of each record, those added that say of a contact what another says too."""
    usable = first_reasons(len(ids), faults).isna()
    has_versions = bool(version.notna().any())
    older = "superseded" if has_versions else "duplicate_id"
    again = repeated(ids, usable, version if spec.keeps_last or has_versions else None)
    return first_reasons(len(ids), {**faults, older: again})


def record_heads(records: Iterable[Mapping[str, Any]], spec: SourceSpec, original: str = "") -> pd.DataFrame:
    """Return what the records say of their contacts: a column a role, cells as received.

    Parameters are those of `conform_contacts`.
    """
    return _frame(list(records), spec, original)


def _by_role(spec: SourceSpec) -> SourceSpec:
    """Return the specification for a frame whose columns are called as their roles."""
    return replace(spec, columns={role: role for role in form_of(spec.format).paths})


def _frame(records: Sequence[Mapping[str, Any]], spec: SourceSpec, original: str) -> pd.DataFrame:
    """Return what the records say of their contacts, a column a role."""
    form = form_of(spec.format)
    paths = {**form.paths, **{role: (path,) for role, path in spec.columns.items() if role in form.paths}}
    frame = pd.DataFrame(
        {role: [first_text(record, *names) for record in records] for role, names in paths.items()}, dtype=object
    )
    name = original if form.is_named_by_file and len(records) == 1 else ""
    named = [
        next((time for text in (first_text(record, *form.named), name) if text and (time := time_in_name(text))), None)
        for record in records
    ]
    frame["time"] = frame["time"].where(frame["time"].notna(), pd.Series(named, dtype=object))
    named_id = id_in_name(PurePosixPath(name).stem)
    return frame.assign(id=frame["id"].fillna(named_id)) if named_id else frame


def _segments(spoken: Sequence[Sequence[Segment] | None], spec: SourceSpec) -> pd.DataFrame:
    """Return all segments with number of their contact, speaker, and whether nobody is known by such a label."""
    listed = [(number, *segment) for number, found in enumerate(spoken) for segment in found or ()]
    segments = pd.DataFrame(listed, columns=["contact", *Segment._fields])
    label = segments["label"].astype(object)
    speaker = read_speakers(label, spec.agent_value, spec.speakers)
    is_stranger = label.notna() & (label.astype(str).str.strip() != "") & speaker.isna() & ~is_diarised(label)
    told = speakers_told(segments["contact"], label, speaker, segments["text"])
    return segments.assign(speaker=told, is_stranger=is_stranger)


def _turns(
    segments: pd.DataFrame, times: pd.Series[pd.Timestamp], number: pd.Series[int], positions: pd.Series[int]
) -> pd.DataFrame:
    """Return the segments of accepted contacts as turns, numbered like these, in order of their start."""
    kept = segments[segments["contact"].isin(number.index)]
    begin = kept["contact"].map(times)
    start, end = kept["start"].astype("float64"), kept["end"].astype("float64")
    turns = pd.DataFrame(
        {
            "contact": kept["contact"].map(number).astype("int64"),
            "speaker": kept["speaker"],
            "said_at": _later(begin, start),
            "ended_at": _later(begin, end.where(~(end < start))),
            "confidence": kept["confidence"].astype("float64"),
            "text": clean_text(kept["text"]),
            # What has no begin stays behind what it stands behind.
            "order": start.groupby(kept["contact"]).ffill().fillna(-1.0),
        }
    )
    turns["position"] = turns["contact"].map(dict(zip(number, positions[number.index], strict=True)))
    ordered = turns[turns["text"].notna()].sort_values(["contact", "order"], kind="stable", ignore_index=True)
    return ordered.reindex(columns=list(TURN_COLUMNS))


def _later(begin: pd.Series[pd.Timestamp], seconds: pd.Series[float]) -> pd.Series[pd.Timestamp]:
    return (begin + pd.to_timedelta(seconds, unit="s")).astype("datetime64[us, UTC]")


def _hash(record: Mapping[str, Any]) -> str:
    return hash_of(json.dumps(record, ensure_ascii=False, sort_keys=True, default=str))
