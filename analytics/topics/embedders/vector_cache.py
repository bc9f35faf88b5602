"""Vectors that were computed before, in one SQLite file that many processes may use at once.

A row's key is a hash of the encoder and the text; no text is in the file. What cannot be read or written (another
process holds it too long, the disk is full) is computed instead: the cache saves time and decides nothing.
"""

from __future__ import annotations

import hashlib
import logging
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

MAX_VECTORS = 500_000
"""Some 400 MB with 384 dimensions of two bytes: the different texts of about a year of a centre of 2,000 contacts a
day. The oldest go first."""
_WAIT_SECONDS = 30.0
_KEYS_A_QUERY = 500

Halves = NDArray[np.float16]
_LOG = logging.getLogger(__name__)


class VectorCache:
    """Vectors of one encoder.

    Parameters
    ----------
    folder : Path
        Made if it is not there, readable by its owner only.
    encoder : str
        Name and version; vectors of others are not seen.
    max_vectors : int
        Upper bound of rows, of all encoders together.

    Examples
    --------
    >>> import tempfile
    >>> cache = VectorCache(Path(tempfile.mkdtemp()), "toy 1")
    >>> cache.put({"快递": np.ones(3, np.float16)})
    >>> cache.get(["快递", "退款"])
    {'快递': array([1., 1., 1.], dtype=float16)}
    """

    def __init__(self, folder: Path, encoder: str, *, max_vectors: int = MAX_VECTORS) -> None:
        self._file = folder / "vectors.sqlite"
        self._encoder = encoder
        self._max_vectors = max_vectors
        self._broken = False

    def get(self, texts: Sequence[str]) -> dict[str, Halves]:
        """Return the vectors of those texts that are known."""
        text_of = {self._key(text): text for text in texts}
        keys, found = list(text_of), {}

        def read(base: sqlite3.Connection) -> None:
            for start in range(0, len(keys), _KEYS_A_QUERY):
                some = keys[start : start + _KEYS_A_QUERY]
                marks = ",".join("?" * len(some))
                for key, vector in base.execute(f"SELECT key, vector FROM vector WHERE key IN ({marks})", some):
                    found[text_of[key]] = np.frombuffer(vector, np.float16)

        self._with_base(read)
        return found

    def put(self, vectors: Mapping[str, Halves]) -> None:
        """Keep vectors; where there are too many, the oldest go."""
        rows = [(self._key(text), vector.astype(np.float16).tobytes()) for text, vector in vectors.items()]

        def write(base: sqlite3.Connection) -> None:
            base.execute("BEGIN IMMEDIATE")
            base.executemany("INSERT OR IGNORE INTO vector (key, vector) VALUES (?, ?)", rows)
            newest = "(SELECT max(place) FROM vector)"
            base.execute(f"DELETE FROM vector WHERE place <= {newest} - ?", (self._max_vectors,))
            base.execute("COMMIT")

        self._with_base(write)

    def _key(self, text: str) -> bytes:
        return hashlib.blake2b(f"{self._encoder}\0{text}".encode("utf-8", "replace"), digest_size=16).digest()

    def _with_base(self, do: Callable[[sqlite3.Connection], None]) -> None:
        """Open for a moment, as a connection does not survive the fork of a worker; never open what failed again."""
        if self._broken:
            return
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with closing(sqlite3.connect(self._file, timeout=_WAIT_SECONDS, isolation_level=None)) as base:
                # No write-ahead log: switching to it fails at once where another process has the file open.
                base.execute("PRAGMA synchronous=NORMAL")
                base.execute(
                    "CREATE TABLE IF NOT EXISTS vector (place INTEGER PRIMARY KEY, key BLOB UNIQUE, vector BLOB)"
                )
                do(base)
        except (sqlite3.Error, OSError) as error:
            self._broken = True
            _LOG.warning("topics: vectors are computed without their cache %s (%s)", self._file, error)
