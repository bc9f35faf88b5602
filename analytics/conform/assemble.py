"""From contacts and turns of any kind of source to the lake's tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analytics.conform.cells import HEAD_VALUES
from analytics.conform.outcome import GONE_COLUMNS, Conformed, Refused, lake_frame, rejected_frame
from analytics.conform.people import identifiers
from analytics.conform.responses import RESPONSES, response_seconds
from analytics.conform.spec import SourceSpec
from analytics.conform.wording import mask, simplify
from analytics.schema import ID_KINDS, LIVE_KINDS, UNDATED_DAY

HEAD_COLUMNS = (
    "contact_id",
    "channel",
    *HEAD_VALUES,
    "started_at",
    "ended_at",
    "due_at",
    "n_reopened",
    "n_transfers",
    "rating",
    "title",
    "position",
    "version",
)
TURN_COLUMNS = ("contact", "speaker", "said_at", "ended_at", "confidence", "text", "position", "message", "version")


@dataclass(frozen=True)
class Parts:
    """What was read from a file.

    Attributes
    ----------
    heads : DataFrame, one row a contact
        `HEAD_COLUMNS`; index 0, 1, ….
    turns : DataFrame, one row a turn
        `TURN_COLUMNS`; `contact` is the head's index; those of a contact stand together in order of time. `message`
        is what the same message has in every file it comes in, null where a row is a whole contact.
    refused : sequence of Refused
        All rows refused, those of the reader too.
    seen : Series of datetime64[us, UTC]
        All times of the file, those of refused rows too.
    gone : DataFrame
        `GONE_COLUMNS`: records that the file says were deleted.
    """

    heads: pd.DataFrame
    turns: pd.DataFrame
    refused: Sequence[Refused]
    seen: pd.Series[pd.Timestamp]
    gone: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(GONE_COLUMNS)))


def assemble(parts: Parts, spec: SourceSpec, file: str) -> Conformed:
    """Return the lake's rows: text masked, days, counts of turns and response times filled in."""
    heads, turns = parts.heads, parts.turns
    days = local_days(heads["started_at"], spec.day_zone)
    seen = parts.seen.dropna()
    first_day = local_days(pd.Series([seen.min()]), spec.day_zone)[0] if len(seen) else UNDATED_DAY
    contacts = _contacts(heads, turns, days, spec, file)
    return Conformed(
        contacts,
        _utterances(heads, turns, days, file),
        rejected_frame(parts.refused, source=spec.source, file=file, day=first_day),
        identifiers(heads, days, spec.person_key),
        heads[["version"]].reset_index(drop=True),
        turns[["message", "version"]].reset_index(drop=True),
        parts.gone,
    )


def local_days(times: pd.Series[pd.Timestamp], zone: str) -> pd.Series[dt.date]:
    """Return the local day of each instant as a `datetime.date`; `UNDATED_DAY` for NaT.

    Examples
    --------
    >>> local_days(pd.Series(pd.to_datetime(["2026-01-01T17:00Z", None])), "Asia/Shanghai").astype(str).tolist()
    ['2026-01-02', '1970-01-01']
    """
    local = times.dt.tz_convert(zone).dt.tz_localize(None).to_numpy().astype("datetime64[D]")
    days, day_of = np.unique(local, return_inverse=True)
    dates = np.array([UNDATED_DAY if np.isnat(day) else day.astype(dt.date) for day in days], dtype=object)
    return pd.Series(dates[day_of], index=times.index, dtype=object)


def _contacts(
    heads: pd.DataFrame, turns: pd.DataFrame, days: pd.Series[dt.date], spec: SourceSpec, file: str
) -> pd.DataFrame:
    n_turns = turns.groupby("contact").size().reindex(heads.index, fill_value=0)
    is_customer = turns["speaker"] == "customer"
    n_customer = turns[is_customer].groupby("contact").size().reindex(heads.index, fill_value=0)
    answered = turns if spec.kind in LIVE_KINDS else turns.iloc[:0]
    responses = response_seconds(answered).reindex(heads.index)
    same = [name for name in HEAD_COLUMNS if name not in (*ID_KINDS, "title", "version")]
    return lake_frame(
        "contact",
        {
            **{name: heads[name] for name in same},
            "day": days,
            "source": spec.source,
            "kind": spec.kind,
            "n_turns": n_turns,
            "n_customer_turns": n_customer,
            **{name: responses[name] for name in RESPONSES},
            "title": mask(heads["title"]),
            "file": file,
        },
    )


def _utterances(heads: pd.DataFrame, turns: pd.DataFrame, days: pd.Series[dt.date], file: str) -> pd.DataFrame:
    ordered = turns.reset_index(drop=True)
    text = mask(ordered["text"], ordered["contact"])
    at = ordered["contact"].to_numpy(dtype="int64")
    return lake_frame(
        "utterance",
        {
            "day": pd.Series(days.to_numpy()[at], dtype=object),
            "contact_id": pd.Series(heads["contact_id"].to_numpy()[at], dtype=object),
            "turn": ordered.groupby("contact").cumcount(),
            **{name: ordered[name] for name in ("speaker", "said_at", "ended_at", "confidence", "position")},
            "file": file,
            "text": text,
            "text_simplified": simplify(text),
        },
    )
