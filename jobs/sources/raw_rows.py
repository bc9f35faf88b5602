"""The rows of a text file as they stand in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from jobs.sources.delimited import raw_records
from jobs.sources.encoding import decode
from jobs.sources.files import kind_of


def raw_rows(path: Path) -> Iterator[tuple[int, str]]:
    """Yield position and text of each row of a delimited file or JSON Lines; nothing for other kinds."""
    kind = kind_of(path)
    if kind == "delimited":
        yield from raw_records(decode(path.read_bytes(), path.name), suffix=path.suffix.lower())
    elif kind == "json":
        yield from enumerate(decode(path.read_bytes(), path.name).text.split("\n"), start=1)
