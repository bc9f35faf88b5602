"""Texts that share most of their words, found without comparing all with all: shingles, min-hashes, bands.

Broder, A. (1997), "On the resemblance and containment of documents": the share of equal minima of random permutations
of two texts' shingles estimates their Jaccard. Texts that agree in a whole band of minima are compared, others never.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.uint64]

SHINGLE_LETTERS = 3
N_BANDS, BAND_ROWS = 12, 2
"""24 minima: two texts of Jaccard .5 meet in some band with probability .97, of .7 surely, of .1 with .11."""

_BATCH = 4096
_LETTER_FACTORS = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)
_MIX = (0xBF58476D1CE4E5B9, 0x94D049BB133111EB)  # Steele, Lea, Flood (2014), SplitMix64


def shingles(letters: str) -> Hashes:
    """Return the distinct hashes of every three letters in a row, sorted; none for fewer than three.

    Examples
    --------
    >>> len(shingles("好用好用好用")), len(shingles("好"))
    (2, 0)
    """
    if len(letters) < SHINGLE_LETTERS:
        return np.empty(0, dtype=np.uint64)
    return np.unique(_shingles(_code_points(letters)))


def bands(texts: Sequence[str]) -> Hashes:
    """Return the bands of each text, shape (len(texts), N_BANDS); texts need `SHINGLE_LETTERS` letters.

    Raises
    ------
    ValueError
        If a text is shorter.

    Examples
    --------
    >>> found = bands(["快递昨天已经送到楼下了", "快递昨天已经送到楼下了", "这款面膜敷完脸上很红"])
    >>> bool((found[0] == found[1]).all()), bool((found[0] == found[2]).any())
    (True, False)
    """
    batches = [_bands(texts[first : first + _BATCH]) for first in range(0, len(texts), _BATCH)]
    return np.concatenate(batches) if batches else np.empty((0, N_BANDS), dtype=np.uint64)


def jaccard(left: Hashes, right: Hashes) -> float:
    """Return the shared part of two sorted sets of shingles, 0 to 1.

    Examples
    --------
    >>> jaccard(shingles("一二三四"), shingles("一二三五"))
    0.3333333333333333
    """
    shared = len(np.intersect1d(left, right, assume_unique=True))
    return shared / max(len(left) + len(right) - shared, 1)


def _bands(texts: Sequence[str]) -> Hashes:
    lengths = np.array([len(text) for text in texts])
    if lengths.min() < SHINGLE_LETTERS:
        raise ValueError(f"bands: expected texts of at least {SHINGLE_LETTERS} letters, got {lengths.min()}")
    hashed = _shingles(_code_points("".join(texts)))
    ends = np.cumsum(lengths)
    keep = np.ones(len(hashed), dtype=bool)
    for overlap in range(1, SHINGLE_LETTERS):  # shingles that reach into the next text
        keep[ends[:-1] - overlap] = False
    starts = np.concatenate([[0], np.cumsum(lengths - SHINGLE_LETTERS + 1)[:-1]])
    hashed = hashed[keep]
    found = np.zeros((len(texts), N_BANDS), dtype=np.uint64)
    for row in range(N_BANDS * BAND_ROWS):
        minima = np.minimum.reduceat(_mixed(hashed + np.uint64((row + 1) * _LETTER_FACTORS[0] % 2**64)), starts)
        band = row // BAND_ROWS
        found[:, band] = _mixed(found[:, band] ^ minima)
    return found


def _code_points(text: str) -> Hashes:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)


def _shingles(points: Hashes) -> Hashes:
    n = len(points) - SHINGLE_LETTERS + 1
    total = np.zeros(n, dtype=np.uint64)
    for place, factor in enumerate(_LETTER_FACTORS):
        total = _mixed(total ^ (points[place : place + n] * np.uint64(factor)))
    return total


def _mixed(values: Hashes) -> Hashes:
    mixed = values
    for shift, factor in zip((30, 27), _MIX, strict=True):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    return np.asarray(mixed ^ (mixed >> np.uint64(31)), dtype=np.uint64)
