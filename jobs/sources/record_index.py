"""Which record came in which file: one small Parquet file beside each landing file.

A record that comes again (a newer version, the rest of a chat session, a deletion) concerns the days on which older
files have it. Looking for its key in the index of those files is how `collect` knows these days. The index holds hashes
of ids and days, no text; it can be made again from landing.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from jobs.sources.durable import INCOMING, put

FOLDER = "index"
_TYPES: dict[str, pa.DataType] = {"key": pa.binary(), "day": pa.date32()}
_SCHEMA = pa.schema(_TYPES)
_KEY_BYTES = 16


@dataclass(frozen=True)
class Links:
    """Names of earlier index files that hold some of the same records, and the days these have them on."""

    names: tuple[str, ...] = ()
    days: tuple[dt.date, ...] = ()


def index_table(ids: Sequence[str], days: Sequence[dt.date]) -> pa.Table:
    """Return the index of a file: one row a record, its key and the local day it has in this file."""
    keys = [hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=_KEY_BYTES).digest() for name in ids]
    rows = pa.table([pa.array(keys, pa.binary()), pa.array(list(days), pa.date32())], schema=_SCHEMA)
    return rows.group_by(["key", "day"]).aggregate([]).select(["key", "day"]).cast(_SCHEMA)


def links_of(index: pa.Table, folder: Path, names: Sequence[str]) -> Links:
    """Return where earlier files have records of `index`.

    Parameters
    ----------
    index : pyarrow.Table
        Of the new file, as `index_table` makes it.
    folder : Path
        The source's folder in landing.
    names : sequence of str
        Names of the earlier landing files; those without an index have no records with ids.
    """
    paths = {str(path): name for name in names if (path := index_path(folder, name)).exists()}
    if not paths or not index.num_rows:
        return Links()
    with duckdb.connect() as connection:
        connection.register("fresh", index)
        found = connection.execute(
            "SELECT DISTINCT filename, day FROM read_parquet(?, filename = true)"
            " WHERE key IN (SELECT key FROM fresh) ORDER BY ALL",
            [list(paths)],
        ).fetchall()
    return Links(
        tuple(dict.fromkeys(paths[path] for path, _ in found)),
        tuple(sorted({day for _, day in found})),
    )


def write_index(index: pa.Table, folder: Path, name: str) -> None:
    """Write the index of a landing file; none where its records have no ids."""
    if not index.num_rows:
        return
    (folder / FOLDER).mkdir(mode=0o700, exist_ok=True)
    private = folder / FOLDER / f"{INCOMING}{name}"
    pq.write_table(index, private)
    private.chmod(0o600)
    put(private, index_path(folder, name))


def index_path(folder: Path, name: str) -> Path:
    """Return where the index of a landing file is."""
    return folder / FOLDER / f"{name}.parquet"
