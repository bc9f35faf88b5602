"""What has to be moved into a table, noted before the first move: whoever finds the note goes on where it was cut off.

Between taking the old day away and putting the new one there a table lacks the day. For most tables a rerun puts it
back; the history of topics is made of itself, and what is read after a crash must not miss what was there before.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

STAGING = "_staging"
"""Folder of the lake in which tables are written before they are moved in."""


@dataclass(frozen=True)
class Moves:
    """The moves of one written table.

    Attributes
    ----------
    table : str
        Where the rows go.
    come : tuple of str
        Folders that take the place of the table's, as `day=2026-03-01`; `""` stands for the whole table.
    go : tuple of str
        Folders of the table for which nothing was written: they are deleted.
    """

    table: str
    come: tuple[str, ...]
    go: tuple[str, ...]

    @classmethod
    def of(cls, table: str, wanted: Sequence[str], written: Collection[str]) -> Moves:
        """Return the moves that replace the `wanted` folders of a table by those of them that were `written`.

        Examples
        --------
        >>> Moves.of("kpi", ["day=2026-03-01", "day=2026-03-02"], {"day=2026-03-02"})
        Moves(table='kpi', come=('day=2026-03-02',), go=('day=2026-03-01',))
        """
        come = tuple(name for name in wanted if name in written)
        return cls(table, come, tuple(name for name in wanted if name not in written))

    def to_json(self) -> str:
        """Return the note's text."""
        return json.dumps(asdict(self))


def note_of(staging: str) -> str:
    """Return the name of the note about a staging folder.

    Examples
    --------
    >>> note_of("lake/_staging/kpi-1f")
    'lake/_staging/kpi-1f.moves'
    """
    return f"{staging}.moves"


def finish_moves(lake: Path) -> list[str]:
    """Carry out what a killed writer had noted and not done, and sweep what it had not finished writing.

    Only who holds the lake may. Without a note nothing was moved yet, and the table is as it was.

    Returns
    -------
    list of str
        Tables that were gone on with.
    """
    tables = [moves.table for note in sorted((lake / STAGING).glob("*.moves")) if (moves := _finished(lake, note))]
    shutil.rmtree(lake / STAGING, ignore_errors=True)
    return tables


def _finished(lake: Path, note: Path) -> Moves | None:
    try:
        found = json.loads(note.read_text("utf-8"))
        moves = Moves(str(found["table"]), tuple(found["come"]), tuple(found["go"]))
    except (ValueError, KeyError, TypeError):
        return None  # cut off while it was written, so before the first move
    staging, target = note.with_suffix(""), lake / moves.table
    for name in moves.come:
        if (staging / name).is_dir():  # else it is in its place already
            _remove(target / name)
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            (staging / name).rename(target / name)
    for name in moves.go:
        _remove(target / name)
    return moves


def _remove(folder: Path) -> None:
    if folder.is_dir():
        shutil.rmtree(folder)
