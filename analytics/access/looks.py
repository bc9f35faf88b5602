"""The record of who looked at which verbatims: one line of JSON a look, never a word of what was said."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from analytics.access.private_files import OWNER_ONLY, only_writer

MAX_BYTES = 20_000_000
"""A file of the record is closed at this size: some 60,000 lists of 50 contacts less their ids, read in a second."""
KEPT_DAYS = 400
"""Closed files are deleted after this: a year and a month, so that a yearly review finds its year."""


@dataclass(frozen=True)
class Look:
    """One list, conversation, search or export that somebody opened.

    Attributes
    ----------
    at : str
        UTC, ISO 8601.
    viewer : str
        Name that was signed in.
    kind : str
        list, conversation, search, alert (its quotations), export, api.
    selection : str
        What was asked for, as it stands in the address.
    contact_ids : tuple of str
        Contacts whose words were shown.
    """

    at: str
    viewer: str
    kind: str
    selection: str
    contact_ids: tuple[str, ...]


class LookLog:
    """The record at a path: appended to, closed by size, closed files deleted when old.

    Parameters
    ----------
    path : Path
        The file that is written to; closed ones stand beside it as `looked.jsonl.20260301T080000.000000`.
    """

    def __init__(self, path: Path) -> None:
        self._path = Path(path)

    def add(self, look: Look) -> None:
        """Append a look."""
        line = json.dumps(asdict(look), ensure_ascii=False, separators=(",", ":")) + "\n"
        with only_writer(self._path):
            self._close_if_full()
            descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, OWNER_ONLY)
            with os.fdopen(descriptor, "a", encoding="utf-8") as handle:
                handle.write(line)

    def read(self, *, contact: str | None = None, user: str | None = None) -> Iterator[Look]:
        """Yield the looks, oldest first: all, those that showed a contact, those of a user.

        A line that a crash cut short is left out.
        """
        written = None if contact is None else json.dumps(contact, ensure_ascii=False)
        for file in [*self._closed(), self._path]:
            if not file.is_file():
                continue
            with file.open(encoding="utf-8") as lines:
                for line in lines:
                    found = _look(line) if written is None or written in line else None
                    if found and _fits(found, contact, user):
                        yield found

    def _closed(self) -> list[Path]:
        return sorted(self._path.parent.glob(f"{self._path.name}.2*"))

    def _close_if_full(self) -> None:
        if not self._path.is_file() or self._path.stat().st_size < MAX_BYTES:
            return
        now = dt.datetime.now(dt.UTC)
        self._path.rename(self._path.with_name(f"{self._path.name}.{now:%Y%m%dT%H%M%S.%f}"))
        oldest = f"{self._path.name}.{now - dt.timedelta(days=KEPT_DAYS):%Y%m%dT%H%M%S.%f}"
        for file in self._closed():
            if file.name < oldest:
                file.unlink()


def _look(line: str) -> Look | None:
    try:
        values = json.loads(line)
    except ValueError:
        return None
    return Look(**{**values, "contact_ids": tuple(values["contact_ids"])})


def _fits(look: Look, contact: str | None, user: str | None) -> bool:
    return (contact is None or contact in look.contact_ids) and (user is None or user == look.viewer)
