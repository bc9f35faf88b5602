"""Messages of chat sessions, one a row, put together to contacts."""

from __future__ import annotations

import math
from hashlib import sha256

import numpy as np
import pandas as pd

from analytics.conform.assemble import HEAD_COLUMNS, TURN_COLUMNS, Parts
from analytics.conform.cells import HEAD_VALUES, RoleCells, first_reasons, refuse, repeated
from analytics.conform.sessions import sessions_by_silence, whose_messages
from analytics.conform.speakers import read_channels, read_speakers
from analytics.conform.versions import gone_rows, is_deleted, versions


def read_messages(cells: RoleCells, positions: np.ndarray) -> Parts:
    """Return sessions in the order they begin in the file, their messages in order of time, then of the file.

    What a session's messages say of it (agent, team, product, …) is taken from the first that says anything; without a
    speaker column everything is the customer's. Without a session column the messages of one customer are cut at
    silences of `spec.gap_minutes`.
    """
    spec = cells.spec
    text, times = cells.texts("text"), cells.times("time")
    session = cells.values("contact") if cells.has("contact") else whose_messages(cells)
    deleted, version = is_deleted(cells.values("deleted")), versions(cells.values("version"))
    faults = {"no_text": text.isna() & ~deleted, "no_contact": session.isna(), "deleted": deleted}
    if cells.has("time"):
        faults["bad_time"] = times.isna() & ~deleted
    speaker = _speakers(cells)
    faults["unknown_speaker"] = speaker.isna() & ~deleted
    usable = first_reasons(len(text), faults).isna() | deleted
    older = "superseded" if cells.has("version") else "duplicate_id"
    faults[older] = repeated(cells.values("id"), usable, version if cells.keeps_last else None)
    reasons = first_reasons(len(text), faults)
    rows = np.flatnonzero(reasons.isna())
    if not cells.has("contact"):
        session = _cut(session.iloc[rows], cells, times).reindex(session.index)
    codes, names = pd.factorize(session.iloc[rows])
    about = pd.DataFrame(
        {
            "contact": codes,
            "speaker": speaker,
            "said_at": times,
            "text": text,
            **cells.head_values(),
            "channel": cells.values("channel"),
            **cells.figures(),
            "title": cells.texts("title"),
            "ended_at": cells.times("ended"),
            "message": cells.values("id"),
            "position": positions[rows],
            "version": version,
        },
        index=rows,
    ).sort_values(["contact", "said_at", "position"], kind="stable", ignore_index=True)
    before = f"{spec.source}-" if spec.prefix_ids else ""
    heads = _heads(about, before + pd.Series(names, dtype=object))
    heads["channel"] = read_channels(heads["channel"], spec.default_channel)
    turns = about.assign(message=_message_keys(about), ended_at=None).reindex(columns=list(TURN_COLUMNS))
    gone = gone_rows(before + session, version, deleted, "id-" + cells.values("id"))
    return Parts(heads, turns, refuse(cells.frame, positions, reasons), times, gone[gone["message"].notna()])


def _speakers(cells: RoleCells) -> pd.Series[str]:
    if not cells.has("speaker"):
        return pd.Series("customer", index=cells.frame.index, dtype=object)
    return read_speakers(cells.values("speaker"), cells.spec.agent_value, cells.spec.speakers)


def _cut(whose: pd.Series[str], cells: RoleCells, times: pd.Series[pd.Timestamp]) -> pd.Series[str]:
    """Return sessions of accepted messages that have no session's id."""
    channel = cells.values("channel").reindex(whose.index)
    return sessions_by_silence(whose, channel, times.reindex(whose.index), cells.spec.gap_minutes or math.inf)


def _message_keys(about: pd.DataFrame) -> pd.Series[str]:
    """Return what the same message has in every export: its id, else who said what when, and which such it is.

    Somebody can say "?" twice in a second; both are messages, and the first of one file is the first of the other.
    """
    said = about["said_at"].astype("int64").astype(str) + about["speaker"] + about["text"]
    plain = [sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:32] for words in said]
    nth = about.groupby([about["contact"], pd.Series(plain)]).cumcount().astype(str)
    keys = pd.Series(plain, dtype=object) + "-" + nth
    return ("id-" + about["message"]).where(about["message"].notna(), keys).astype(object)


def _heads(about: pd.DataFrame, contact_ids: pd.Series[str]) -> pd.DataFrame:
    """Return one row a session."""
    by_session = about.groupby("contact", sort=True)
    heads = by_session[[*HEAD_VALUES, "channel", "rating", "n_transfers", "title"]].first()
    said_at, ended_at = by_session["said_at"], by_session["ended_at"].max()
    heads = heads.assign(
        contact_id=contact_ids,
        started_at=said_at.min(),
        ended_at=ended_at.fillna(said_at.max()),
        position=by_session["position"].min(),
    )
    return heads.reindex(columns=list(HEAD_COLUMNS)).reset_index(drop=True)
