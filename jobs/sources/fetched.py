"""One piece of what a database or an interface gave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class Fetched:
    """One piece, to be landed as one file.

    Attributes
    ----------
    name : str
        File name to land under; no path.
    data : bytes
        JSON Lines, UTF-8, one record a line, keys = the source's columns; empty if nothing new came.
    cursor : mapping
        JSON-able: where to go on once this piece is in the manifest.
    """

    name: str
    data: bytes
    cursor: dict[str, Any]


class Fetcher(Protocol):
    """Fetches from where the last collection ended; None: from the beginning."""

    def __call__(self, cursor: Mapping[str, Any] | None) -> Iterator[Fetched]:
        """Yield the pieces in order."""
