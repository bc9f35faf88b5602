"""What conforming a file gives: contacts, their turns, and the rows refused with a reason."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pyarrow as pa

from analytics.schema import TABLES

REASONS = (
    "bad_row",
    "broken_bytes",
    "bad_json",
    "too_long",
    "no_text",
    "no_contact",
    "bad_time",
    "duplicate_id",
    "unknown_speaker",
    "deleted",
    "superseded",
)
"""Why a row is refused.

bad_row: wrong number of fields, or a quote that never closes. broken_bytes: bytes that are no character of the file's
encoding. bad_json: a line that is no JSON object of the expected form. too_long: longer than `limits.row_chars` of its
source, or with a text longer than `limits.cell_chars`. no_text: nothing said. no_contact: a message
without the id of its session. bad_time: the source is dated and this row's time is missing or no time. duplicate_id: an
id met before in the same file; the first row stays. unknown_speaker: neither customer, agent, bot nor system.
deleted: the row says that its record was deleted. superseded: another row says the same of the same record, or
something newer.
Where several apply, the first of this order is given.
"""


@dataclass(frozen=True)
class Refused:
    """One row refused: its row in the file from 1, one of `REASONS`, and the SHA-256 of the row as received."""

    position: int
    reason: str
    raw_hash: str


def hash_of(*cells: str | None) -> str:
    """Return the SHA-256 of a row: of its text, or of its cells joined by U+001F.

    Examples
    --------
    >>> hash_of("a", None) == hash_of("a", "")
    True
    """
    joined = "\x1f".join(cell or "" for cell in cells)
    return hashlib.sha256(joined.encode("utf-8", errors="surrogateescape")).hexdigest()


GONE_COLUMNS = ("contact_id", "message", "version")


@dataclass(frozen=True)
class Conformed:
    """The rows of one file as tables of the lake (their columns, in order).

    Attributes
    ----------
    contacts, utterances, rejected, identifiers : DataFrame
        Tables `contact`, `utterance`, `rejected` and `contact_identifier`.
    contact_keys : DataFrame, one row a contact
        `version` of the record; NaN where the source gives none.
    turn_keys : DataFrame, one row an utterance
        `message`, what the same message has in every file it comes in, None where rows are whole contacts; `version`.
    gone : DataFrame
        `GONE_COLUMNS`: records that the file says were deleted; `message` is None for a whole contact.
    """

    contacts: pd.DataFrame
    utterances: pd.DataFrame
    rejected: pd.DataFrame
    identifiers: pd.DataFrame
    contact_keys: pd.DataFrame
    turn_keys: pd.DataFrame
    gone: pd.DataFrame

    def to_arrow(self) -> dict[str, pa.Table]:
        """Return the tables by name, with the schemas of `analytics.schema`."""
        return {
            "contact": _to_arrow(self.contacts, "contact"),
            "utterance": _to_arrow(self.utterances, "utterance"),
            "rejected": _to_arrow(self.rejected, "rejected"),
            "contact_identifier": _to_arrow(self.identifiers, "contact_identifier"),
        }


def _to_arrow(frame: pd.DataFrame, table: str) -> pa.Table:
    return pa.Table.from_pandas(frame, schema=TABLES[table].arrow(), preserve_index=False)


def lake_frame(table: str, columns: dict[str, Any]) -> pd.DataFrame:
    """Return a frame with exactly the lake's columns of a table, in order; those not given are null."""
    n_rows = max((len(values) for values in columns.values() if isinstance(values, pd.Series)), default=0)
    # A column of nothing but gaps has whatever type pandas gave it; None goes into every type of Arrow's.
    empty = {name for name, values in columns.items() if isinstance(values, pd.Series) and values.isna().all()}
    return pd.DataFrame(
        {name: None if name in empty else columns.get(name) for name in TABLES[table].arrow().names},
        index=pd.RangeIndex(n_rows),
        copy=True,
    )


def rejected_frame(refused: Iterable[Refused], *, source: str, file: str, day: dt.date) -> pd.DataFrame:
    """Return refused rows, by position, as table `rejected`; `day` is the first day seen in the file."""
    rows = sorted(refused, key=lambda row: row.position)
    return lake_frame(
        "rejected",
        {
            "day": day,
            "source": source,
            "file": file,
            "position": pd.Series([row.position for row in rows], dtype="int64"),
            "reason": pd.Series([row.reason for row in rows], dtype=object),
            "raw_hash": pd.Series([row.raw_hash for row in rows], dtype=object),
        },
    )
