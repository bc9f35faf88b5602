"""Whether two incidents are of the same contacts, told by a few hashes of each instead of thousands of ids."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

N_HASHES = 64
"""Hashes kept of an incident: a share of one half is then known to about ± 0.12 (two standard errors), if not cut."""

Sketch = tuple[int, ...]


def sketch_of(contact_ids: Iterable[str]) -> Sketch:
    """Return the `N_HASHES` smallest hashes of the ids [1]_, ascending; no id can be read from them.

    References
    ----------
    .. [1] A. Z. Broder, "On the resemblance and containment of documents", SEQUENCES 1997 (bottom-k sketch).

    Examples
    --------
    >>> len(sketch_of(f"c{n}" for n in range(500))), len(sketch_of(["c1", "c1", "c2"]))
    (64, 2)
    """
    hashes = {int.from_bytes(hashlib.blake2b(one.encode(), digest_size=6).digest(), "big") for one in contact_ids}
    return tuple(sorted(hashes)[:N_HASHES])


def share_in_common(one: Sketch, other: Sketch) -> float:
    """Return which share (0 to 1) of the smaller incident's contacts the other has, too; 0 where one is empty.

    Only hashes that both sketches could hold are compared, so an incident that grew tenfold still has all it had.

    Examples
    --------
    >>> few, many = sketch_of(f"c{n}" for n in range(60)), sketch_of(f"c{n}" for n in range(600))
    >>> share_in_common(few, many), share_in_common(many, sketch_of(["x", "y"]))
    (1.0, 0.0)
    """
    if not one or not other:
        return 0.0
    limit = min(_last(one), _last(other))
    first, second = ({number for number in sketch if number <= limit} for sketch in (one, other))
    smallest = min(len(first), len(second))
    return len(first & second) / smallest if smallest else 0.0


def to_text(sketch: Sketch) -> str:
    """Return a sketch as the database keeps it.

    Examples
    --------
    >>> to_text((10, 255)), from_text("a ff"), from_text("")
    ('a ff', (10, 255), ())
    """
    return " ".join(f"{number:x}" for number in sketch)


def from_text(text: str) -> Sketch:
    """Return the sketch of a text that `to_text` made."""
    return tuple(int(number, 16) for number in text.split())


def _last(sketch: Sketch) -> int:
    """Return up to which hash a sketch is complete: all, where it holds every contact."""
    return sketch[-1] if len(sketch) == N_HASHES else 2**48
