"""What is in landing: one line of a manifest for each thing that happened to it.

`landing/<source>/<12 hex of the SHA-256>-<name>` holds a file, `landing/<source>/manifest.jsonl` says what it is. The
manifest only grows. A line is a file that landed, or one of: `{"seen": hash}`, an archive whose members all landed;
`{"cursor": …}`, a fetched piece that brought nothing new; `{"removed": file}`, a file that was deleted because all in
it had to be forgotten. A file with `"replaces"` stands for another from which some had to be.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from analytics.settings import SourceSettings

MANIFEST = "manifest.jsonl"
_TAG_CHARS = 8


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
        When, UTC; later for each file of a source.
    days : tuple of date
        Local days to be worked through because of it: those that its records touch, and those on which earlier files
        have older versions of them.
    n_records : int
        Records in it, readable or not.
    linked : tuple of str
        Earlier files of the source that hold some of the same records.
    cursor : mapping or None
        Where fetching goes on after it, for sources that are fetched.
    first_sha256 : str
        Of the content as it came, where persons were erased from it since; ids made of the file keep this one.
    columns : mapping of str to str
        Role → column as guessed when it came, where the source names none: what it means does not change later.
    """

    source: str
    file: str
    original: str
    sha256: str
    n_bytes: int
    collected_at: dt.datetime
    days: tuple[dt.date, ...]
    n_records: int
    linked: tuple[str, ...] = ()
    cursor: dict[str, Any] | None = None
    first_sha256: str = ""
    columns: dict[str, str] | None = None

    @property
    def tag(self) -> str:
        """Part of the ids of contacts that have none of their own."""
        return (self.first_sha256 or self.sha256)[:_TAG_CHARS]

    def source_as_read(self, source: SourceSettings) -> SourceSettings:
        """Return the source with the columns guessed for this file, where it names none itself."""
        if source.columns or not self.columns:
            return source
        return source.model_copy(update={"columns": dict(self.columns)})

    def to_json(self, replaces: str = "") -> str:
        """Return the manifest's line; `replaces` names the file in whose place it comes."""
        values = {
            **asdict(self),
            "replaces": replaces,
            "collected_at": self.collected_at.isoformat(),
            "days": [str(day) for day in self.days],
        }
        return json.dumps({name: value for name, value in values.items() if value}, ensure_ascii=False)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> LandedFile:
        """Return the file of a manifest's line."""
        at = dt.datetime.fromisoformat(values["collected_at"])
        days = tuple(dt.date.fromisoformat(day) for day in values.get("days", ()))
        linked = tuple(values.get("linked", ()))
        counts = {name: values.get(name, 0) for name in ("n_bytes", "n_records")}
        return cls(**{**values, **counts, "collected_at": at, "days": days, "linked": linked})


@dataclass(frozen=True)
class Ledger:
    """The manifest of one source, read.

    Attributes
    ----------
    files : tuple of LandedFile
        What is in landing now, in the order of collection.
    known : frozenset of str
        SHA-256 of every content that ever landed: none of them is taken again.
    cursor : mapping or None
        Where fetching goes on.
    """

    files: tuple[LandedFile, ...]
    known: frozenset[str]
    cursor: dict[str, Any] | None

    @classmethod
    def read(cls, folder: Path) -> Ledger:
        """Read the manifest of a source's folder; nothing has landed where there is none."""
        files: dict[str, LandedFile] = {}
        known: set[str] = set()
        cursor: dict[str, Any] | None = None
        renamed: dict[str, str] = {}
        for line in _lines(folder / MANIFEST):
            cursor = line.get("cursor", cursor)
            if "removed" in line:
                files.pop(line["removed"], None)
            elif "seen" in line:
                known.add(line["seen"])
            elif "file" in line:
                if (old := line.pop("replaces", "")) != "":
                    files.pop(old, None)
                    renamed[old] = line["file"]
                file = LandedFile.from_json(line)
                files[file.file] = file
                known |= {file.sha256, file.first_sha256 or file.sha256}
        now = [replace(file, linked=_now_called(file.linked, renamed)) for file in files.values()]
        return cls(tuple(sorted(now, key=lambda file: file.collected_at)), frozenset(known), cursor)


def manifest(landing: Path, source: str = "*") -> list[LandedFile]:
    """Return all files in landing in the order of collection, or those of one source."""
    folders = [path.parent for path in sorted(landing.glob(f"{source}/{MANIFEST}"))]
    files = [file for folder in folders for file in Ledger.read(folder).files]
    return sorted(files, key=lambda file: (file.collected_at, file.source))


def files_touching(landing: Path, first_day: dt.date, last_day: dt.date) -> list[LandedFile]:
    """Return the files that say something of these local days, both included, in the order of collection.

    They are the files with a record of one of the days (`UNDATED_DAY` where records have no time), those that replace
    such a record, and the earlier ones that hold other parts or versions of the same records.
    """
    files = manifest(landing)
    touching = [file for file in files if any(first_day <= day <= last_day for day in file.days)]
    wanted = {file.file for file in touching}.union(*(file.linked for file in touching))
    return [file for file in files if file.file in wanted]


def _now_called(names: tuple[str, ...], renamed: dict[str, str]) -> tuple[str, ...]:
    found = []
    for name in names:
        while name in renamed:
            name = renamed[name]
        found.append(name)
    return tuple(found)


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    if not path.exists():
        return
    for line in path.read_text(encoding="utf-8").split("\n"):
        # A crash can leave half a last line; what it tells of is collected again.
        if line.endswith("}"):
            try:
                yield json.loads(line)
            except json.JSONDecodeError:
                continue
