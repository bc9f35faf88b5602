"""A full disk, said plainly: whichever library met it, and in whichever words."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

from analytics.errors import DiskFullError, KeshengError

_NUMBERS = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_WORDS = ("No space left on device", "Disk quota exceeded", "File too large", "database or disk is full")
"""What the kernel says through Java, Arrow and DuckDB; the last is SQLite's own."""
_LITTLE = 64 * 1024**2
"""Bytes left under which a place is named as full: less than one Parquet file of a busy day."""


@contextmanager
def full_disk_named(home: Path | None = None) -> Iterator[None]:
    """Turn what a full disk made fail in the block into a `DiskFullError` that names the place.

    Parameters
    ----------
    home : Path, optional
        Where the run writes; the settings' home if not given.

    Raises
    ------
    DiskFullError
        In place of the error of whoever could not write.
    """
    with ExitStack() as stack:
        stack.push(partial(_name_it, home))
        yield


def _name_it(home: Path | None, _: object, error: BaseException | None, __: object) -> None:
    if error is not None and not isinstance(error, KeshengError) and is_full_disk(error):
        raise DiskFullError(_said(_places(home))) from error


def is_full_disk(error: BaseException) -> bool:
    """Return whether an error, or one that led to it, is that of a full disk.

    Examples
    --------
    >>> is_full_disk(OSError(errno.ENOSPC, "x")), is_full_disk(ValueError("No space in this name"))
    (True, False)
    """
    seen: set[int] = set()
    at: BaseException | None = error
    while at is not None and id(at) not in seen:
        seen.add(id(at))
        if isinstance(at, OSError) and at.errno in _NUMBERS:
            return True
        if any(words in str(at) for words in _WORDS):
            return True
        at = at.__cause__ or at.__context__
    return False


def _said(places: list[tuple[Path, int]]) -> str:
    full = [f"{place} ({left / 1024**2:.0f} MB left)" for place, left in places if left < _LITTLE]
    named = ", ".join(full) or " or ".join(str(place) for place, _ in places)
    return (
        f"disk full: expected room to write, found none: {named}; what was there before is whole, and nothing was lost:"
        " make room (logs, damaged/, old backups; SPARK_LOCAL_DIRS and TMPDIR name other places to work in)"
        " and give the command again; see docs/faults.md"
    )


def _places(home: Path | None) -> list[tuple[Path, int]]:
    """Return the places that a run writes to, each with the bytes that are left."""
    if home is None:
        from analytics.settings import load_settings

        home = load_settings().home
    work = [Path(place) for place in os.environ.get("SPARK_LOCAL_DIRS", "").split(",") if place]
    places = dict.fromkeys([home, *work, Path(tempfile.gettempdir())])
    return [(place, shutil.disk_usage(place).free) for place in places if place.exists()]
