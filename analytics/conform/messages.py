"""Messages of chat sessions, one a row, put together to contacts."""

from __future__ import annotations

from hashlib import sha256

import numpy as np
import pandas as pd

from analytics.conform.assemble import HEAD_COLUMNS, TURN_COLUMNS, Parts
from analytics.conform.cells import HEAD_VALUES, RoleCells, first_reasons, refuse, repeated
from analytics.conform.ratings import parse_ratings
from analytics.conform.speakers import read_channels, read_speakers
from analytics.conform.versions import gone_rows, is_deleted, versions


def read_messages(cells: RoleCells, positions: np.ndarray) -> Parts:
    """Return sessions in the order they begin in the file, their messages in order of time, then of the file.

    What a session's messages say of it (agent, team, product, …) is taken from the first that says anything; without a
    speaker column everything is the customer's.
    """
    spec = cells.spec
    text, session, times = cells.texts("text"), cells.values("contact"), cells.times("time")
    deleted, version = is_deleted(cells.values("deleted")), versions(cells.values("version"))
    faults = {"no_text": text.isna() & ~deleted, "no_contact": session.isna(), "deleted": deleted}
    if cells.has("time"):
        faults["bad_time"] = times.isna() & ~deleted
    speaker = pd.Series("customer", index=text.index, dtype=object)
    if cells.has("speaker"):
        speaker = read_speakers(cells.values("speaker"), spec.agent_value)
        faults["unknown_speaker"] = speaker.isna() & ~deleted
    usable = first_reasons(len(text), faults).isna() | deleted
    older = "superseded" if cells.has("version") else "duplicate_id"
    faults[older] = repeated(cells.values("id"), usable, version if cells.keeps_last else None)
    reasons = first_reasons(len(text), faults)
    rows = np.flatnonzero(reasons.isna())
    codes, names = pd.factorize(session.iloc[rows])
    about = pd.DataFrame(
        {
            "contact": codes,
            "speaker": speaker,
            "said_at": times,
            "text": text,
            **{column: cells.values(role) for column, role in HEAD_VALUES.items()},
            "channel": cells.values("channel"),
            "rating": parse_ratings(cells.values("rating")),
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
    turns = about.assign(message=_message_keys(about), ended_at=pd.NaT).reindex(columns=list(TURN_COLUMNS))
    gone = gone_rows(before + session, version, deleted, "id-" + cells.values("id"))
    return Parts(heads, turns, refuse(cells.frame, positions, reasons), times, gone[gone["message"].notna()])


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
    heads = by_session[[*HEAD_VALUES, "channel", "rating", "title"]].first()
    said_at, ended_at = by_session["said_at"], by_session["ended_at"].max()
    heads = heads.assign(
        contact_id=contact_ids,
        started_at=said_at.min(),
        ended_at=ended_at.fillna(said_at.max()),
        position=by_session["position"].min(),
    )
    return heads.reindex(columns=list(HEAD_COLUMNS)).reset_index(drop=True)
