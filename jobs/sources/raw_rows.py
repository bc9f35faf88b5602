"""The rows of a text file as they stand in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from analytics.source_limits import LIMITS, LimitSettings
from jobs.sources.delimited import raw_records
from jobs.sources.encoding import decode
from jobs.sources.files import kind_of


def raw_rows(path: Path, limits: LimitSettings = LIMITS) -> Iterator[tuple[int, str]]:
    """Yield position and text of each row of a delimited file or JSON Lines; nothing for other kinds."""
    kind = kind_of(path)
    if kind == "delimited":
        decoded = decode(path.read_bytes(), path.name)
        yield from raw_records(decoded, suffix=path.suffix.lower(), limits=limits)
    elif kind == "json":
        yield from enumerate(decode(path.read_bytes(), path.name).text.split("\n"), start=1)
