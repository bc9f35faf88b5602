"""Which tables a piece of work read and wrote: gathered while it runs, where somebody asked for it with `watched`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

Columns = Mapping[str, frozenset[tuple[str, str]]]
"""Column → the (table, column) it was made from."""


@dataclass
class Touched:
    """What was read and written so far.

    Attributes
    ----------
    reads : set of str
        Tables of the lake, or other data sets by a name of their own (landing/chats).
    writes : dict of str to Columns
        Table → from which columns of which tables each of its columns was made, as far as is known.
    """

    reads: set[str] = field(default_factory=set)
    writes: dict[str, dict[str, frozenset[tuple[str, str]]]] = field(default_factory=dict)


_NOW: ContextVar[Touched | None] = ContextVar("touched", default=None)


@contextmanager
def watched() -> Iterator[Touched]:
    """Gather what is read and written inside.

    Examples
    --------
    >>> with watched() as touched:
    ...     note_read("contact")
    ...     note_write("flag", {"flag": frozenset({("contact", "text")})})
    >>> touched.reads, sorted(touched.writes)
    ({'contact'}, ['flag'])
    """
    token = _NOW.set(Touched())
    try:
        found = _NOW.get()
        assert found is not None
        yield found
    finally:
        _NOW.reset(token)


def is_watched() -> bool:
    """Return whether anybody gathers: what costs time need not be found out otherwise."""
    return _NOW.get() is not None


def note_read(table: str) -> None:
    """Say that a table was read."""
    touched = _NOW.get()
    if touched is not None:
        touched.reads.add(table)


def note_write(table: str, columns: Columns | None = None) -> None:
    """Say that a table was written, and what its columns were made from."""
    touched = _NOW.get()
    if touched is not None:
        known = touched.writes.setdefault(table, {})
        for column, sources in (columns or {}).items():
            known[column] = known.get(column, frozenset()) | sources
