"""Who asked to be forgotten: hashes only, in `landing/erased.jsonl`.

An export that is collected again, or corrected later, still holds the person. Records of theirs from before the request
are taken out of it before it is entered in landing; what they say to the centre afterwards is a new customer's.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from jobs.sources.durable import append_line
from jobs.sources.owners import Owners

FILE = "erased.jsonl"


@dataclass(frozen=True)
class Erasure:
    """One request to be forgotten.

    Attributes
    ----------
    erasure_id : str
        Its number, on the receipt.
    at : datetime
        When, UTC.
    identifiers : frozenset of str
        `id_hash` of what the person is known by.
    contacts : frozenset of str
        `contact_key` of their contacts.
    days : frozenset of date
        Local days of their contacts: after a crash neither landing nor the lake may know them any more.
    """

    erasure_id: str
    at: dt.datetime
    identifiers: frozenset[str]
    contacts: frozenset[str]
    days: frozenset[dt.date] = frozenset()

    def positions(self, owners: Owners) -> set[int]:
        """Return the positions of a file's records that must go: the person's, and all of their sessions."""
        at = pd.to_datetime(owners.records["at"], utc=True)
        early = owners.records[at.isna() | (at < pd.Timestamp(self.at))]
        by_hash = set(owners.hashes.loc[owners.hashes["id_hash"].isin(self.identifiers), "position"])
        known = set(owners.records["position"])
        own = early["position"].isin(by_hash) | early["contact_id"].map(contact_key).isin(self.contacts)
        sessions = set(early.loc[own, "contact_id"])
        unread = by_hash - known
        return unread | set(early.loc[early["contact_id"].isin(sessions), "position"])


def contact_key(contact_id: str) -> str:
    """Return what stands for a contact in the list of the forgotten."""
    return hashlib.blake2b(contact_id.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def note(landing: Path, erasure: Erasure) -> None:
    """Enter a request; before anything is deleted, so that a crash leaves it to be gone on with."""
    line = {
        "erasure_id": erasure.erasure_id,
        "at": erasure.at.isoformat(),
        "identifiers": sorted(erasure.identifiers),
        "contacts": sorted(erasure.contacts),
        "days": sorted(map(str, erasure.days)),
    }
    landing.mkdir(parents=True, exist_ok=True, mode=0o700)
    append_line(landing / FILE, json.dumps(line))


def note_done(landing: Path, erasure: Erasure) -> None:
    """Enter that nothing of a request is left to be done."""
    append_line(landing / FILE, json.dumps({"done": erasure.erasure_id}))


def erasures(landing: Path) -> list[Erasure]:
    """Return all requests, in order."""
    return [
        Erasure(
            line["erasure_id"],
            dt.datetime.fromisoformat(line["at"]),
            frozenset(line["identifiers"]),
            frozenset(line["contacts"]),
            frozenset(map(dt.date.fromisoformat, line.get("days", ()))),
        )
        for line in _lines(landing)
        if "erasure_id" in line
    ]


def unfinished(landing: Path) -> list[Erasure]:
    """Return the requests that a crash left half done."""
    done = {line["done"] for line in _lines(landing) if "done" in line}
    return [erasure for erasure in erasures(landing) if erasure.erasure_id not in done]


def positions_to_erase(owners: Owners, requests: Iterable[Erasure]) -> set[int]:
    """Return the positions of records that any of the requests takes out."""
    return set().union(*(request.positions(owners) for request in requests))


def _lines(landing: Path) -> Sequence[dict[str, Any]]:
    path = landing / FILE
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.endswith("}")]
