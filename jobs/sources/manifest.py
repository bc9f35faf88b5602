"""What is in landing: one line of a manifest for each file.

`landing/<source>/<12 hex of the SHA-256>-<name>` holds a file, `landing/<source>/manifest.jsonl` says what it is.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

MANIFEST = "manifest.jsonl"


@dataclass(frozen=True)
class LandedFile:
    """One file in landing.

    Attributes
    ----------
    source : str
        Source it was collected for.
    file : str
        Path inside landing.
    original : str
        Path it had inside the source's folder.
    sha256 : str
        Of its content.
    n_bytes : int
        Its size.
    collected_at : datetime
        When, UTC.
    days : tuple of date
        Local days that its records touch.
    n_records : int
        Records in it, readable or not.
    """

    source: str
    file: str
    original: str
    sha256: str
    n_bytes: int
    collected_at: dt.datetime
    days: tuple[dt.date, ...]
    n_records: int

    def to_json(self) -> str:
        """Return the manifest's line."""
        values = {
            **asdict(self),
            "collected_at": self.collected_at.isoformat(),
            "days": [str(day) for day in self.days],
        }
        return json.dumps(values, ensure_ascii=False)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> LandedFile:
        """Return the file of a manifest's line."""
        at = dt.datetime.fromisoformat(values["collected_at"])
        days = tuple(dt.date.fromisoformat(day) for day in values["days"])
        return cls(**{**values, "collected_at": at, "days": days})


def manifest(landing: Path, source: str = "*") -> list[LandedFile]:
    """Return all files in landing in the order of collection, or those of one source."""
    files = [file for path in sorted(landing.glob(f"{source}/{MANIFEST}")) for file in _lines(path)]
    return sorted(files, key=lambda file: (file.collected_at, file.source))


def files_touching(landing: Path, first_day: dt.date, last_day: dt.date) -> list[LandedFile]:
    """Return the files with a record of one of these local days, both included, in the order of collection.

    A file whose records have no time is of `UNDATED_DAY`.
    """
    return [file for file in manifest(landing) if any(first_day <= day <= last_day for day in file.days)]


def _lines(path: Path) -> Iterator[LandedFile]:
    for line in path.read_text(encoding="utf-8").split("\n"):
        # A crash can leave half a last line; its file is collected again.
        if line.endswith("}"):
            yield LandedFile.from_json(json.loads(line))
