"""From contacts and turns of any kind of source to the lake's tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from analytics.conform.outcome import Conformed, Refused, lake_frame, rejected_frame
from analytics.conform.people import person_ids
from analytics.conform.responses import RESPONSES, response_seconds
from analytics.conform.spec import SourceSpec
from analytics.conform.wording import mask, simplify
from analytics.schema import LIVE_KINDS, UNDATED_DAY

HEAD_COLUMNS = (
    "contact_id",
    "channel",
    "customer",
    "agent_id",
    "team",
    "product",
    "started_at",
    "ended_at",
    "rating",
    "title",
    "position",
)
TURN_COLUMNS = ("contact", "speaker", "said_at", "text")


@dataclass(frozen=True)
class Parts:
    """What was read from a file.

    Attributes
    ----------
    heads : DataFrame, one row a contact
        `HEAD_COLUMNS`; index 0, 1, ….
    turns : DataFrame, one row a turn
        `TURN_COLUMNS`; `contact` is the head's index; those of a contact stand together in order of time.
    refused : sequence of Refused
        All rows refused, those of the reader too.
    seen : Series of datetime64[us, UTC]
        All times of the file, those of refused rows too.
    """

    heads: pd.DataFrame
    turns: pd.DataFrame
    refused: Sequence[Refused]
    seen: pd.Series[pd.Timestamp]


def assemble(parts: Parts, spec: SourceSpec, file: str) -> Conformed:
    """Return the lake's rows: text masked, days, counts of turns and response times filled in."""
    heads, turns = parts.heads, parts.turns
    days = local_days(heads["started_at"], spec.day_zone)
    seen = parts.seen.dropna()
    first_day = local_days(pd.Series([seen.min()]), spec.day_zone)[0] if len(seen) else UNDATED_DAY
    return Conformed(
        _contacts(heads, turns, days, spec, file),
        _utterances(heads, turns, days),
        rejected_frame(parts.refused, source=spec.source, file=file, day=first_day),
    )


def local_days(times: pd.Series[pd.Timestamp], zone: str) -> pd.Series[dt.date]:
    """Return the local day of each instant as a `datetime.date`; `UNDATED_DAY` for NaT.

    Examples
    --------
    >>> local_days(pd.Series(pd.to_datetime(["2026-01-01T17:00Z", None])), "Asia/Shanghai").astype(str).tolist()
    ['2026-01-02', '1970-01-01']
    """
    return times.dt.tz_convert(zone).dt.date.astype(object).where(times.notna(), UNDATED_DAY)


def _contacts(
    heads: pd.DataFrame, turns: pd.DataFrame, days: pd.Series[dt.date], spec: SourceSpec, file: str
) -> pd.DataFrame:
    n_turns = turns.groupby("contact").size().reindex(heads.index, fill_value=0)
    is_customer = turns["speaker"] == "customer"
    n_customer = turns[is_customer].groupby("contact").size().reindex(heads.index, fill_value=0)
    answered = turns if spec.kind in LIVE_KINDS else turns.iloc[:0]
    responses = response_seconds(answered).reindex(heads.index)
    same = ("contact_id", "channel", "agent_id", "team", "product", "started_at", "ended_at", "rating", "position")
    return lake_frame(
        "contact",
        {
            **{name: heads[name] for name in same},
            "day": days,
            "source": spec.source,
            "kind": spec.kind,
            "person_id": person_ids(heads["customer"], spec.person_key),
            "n_turns": n_turns,
            "n_customer_turns": n_customer,
            **{name: responses[name] for name in RESPONSES},
            "title": mask(heads["title"]),
            "file": file,
        },
    )


def _utterances(heads: pd.DataFrame, turns: pd.DataFrame, days: pd.Series[dt.date]) -> pd.DataFrame:
    ordered = turns.reset_index(drop=True)
    text = mask(ordered["text"])
    return lake_frame(
        "utterance",
        {
            "day": ordered["contact"].map(days).astype(object),
            "contact_id": ordered["contact"].map(heads["contact_id"]).astype(object),
            "turn": ordered.groupby("contact").cumcount(),
            "speaker": ordered["speaker"],
            "said_at": ordered["said_at"],
            "text": text,
            "text_simplified": simplify(text),
        },
    )
