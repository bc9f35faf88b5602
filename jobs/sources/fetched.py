"""What a collector of a database or an interface hands to landing, piece by piece."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class Fetched:
    """One piece of what a source gave, to be landed as one file.

    Attributes
    ----------
    name : str
        File name to land under, as "000001.jsonl"; no path.
    data : bytes
        JSON Lines, UTF-8, one record a line; keys are the source's columns. Never empty.
    cursor : dict
        JSON-able: where to go on once this piece is in the manifest.
    """

    name: str
    data: bytes
    cursor: dict[str, Any]


class Fetcher(Protocol):
    """A source that goes on where it stopped."""

    def __call__(self, cursor: Mapping[str, Any] | None) -> Iterator[Fetched]:
        """Yield what is new since the piece that carried `cursor`; None: everything.

        The same source in the same state and the same cursor give the same pieces, byte for byte. Landing enters a
        piece and its cursor in one step, so that a crash between two pieces leaves neither a gap nor a repeat.
        """
        ...
