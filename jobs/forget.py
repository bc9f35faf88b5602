"""Take contacts out of the lake: their rows of every table, and their ids where evidence is listed.

A row that says something of a person (`person_id` beside `contact_ids`) goes whole with the first of its contacts: of
somebody who asked to be forgotten nothing is kept, and of others the next run says it anew from what is left.

Works on the Parquet files themselves, without Spark: a person's contacts are few, and what is to be forgotten should be
gone in seconds.
"""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from analytics.schema import TABLES
from analytics.warehouse import lake_files

_ID, _LIST, _PERSON = "contact_id", "contact_ids", "person_id"


def forget_contacts(lake: Path, contact_ids: Collection[str]) -> dict[str, int]:
    """Delete the contacts from every table of the lake.

    Returns
    -------
    dict of str to int
        Table → rows deleted or shortened, for the tables that had any.
    """
    ids = pa.array(sorted(contact_ids), pa.string())
    found: dict[str, int] = {}
    for name, table in TABLES.items():
        column = next((column for column in (_ID, _LIST) if column in table.arrow().names), None)
        for path in lake_files(lake, name) if column else ():
            n_rows = _rewrite_without(path, ids, str(column), whole=_PERSON in table.arrow().names)
            if n_rows:
                found[name] = found.get(name, 0) + n_rows
    return found


def _rewrite_without(path: Path, ids: pa.StringArray, column: str, *, whole: bool) -> int:
    """Rewrite a file without the ids, or `whole` rows that list one; return the rows that changed."""
    file = pq.ParquetFile(path)
    named = file.read([column]).column(column)
    if column == _ID:
        changed = pc.is_in(named, ids)
    else:
        inside = pc.is_in(pc.list_flatten(named), ids)
        rows = pc.unique(pc.filter(pc.list_parent_indices(named), inside))
        changed = pc.is_in(pa.array(range(len(named)), pa.int64()), rows.cast(pa.int64()))
    n_changed = changed.to_pylist().count(True)
    if n_changed:
        table = file.read()
        left = table.filter(pc.invert(changed)) if column == _ID or whole else _shortened(table, ids)
        private = path.with_name(f".{path.name}.new")
        pq.write_table(left, private)
        # Spark keeps a checksum beside the file. It goes first: beside the new file no one could ever read it again.
        path.with_name(f".{path.name}.crc").unlink(missing_ok=True)
        os.replace(private, path)
    return n_changed


def _shortened(table: pa.Table, ids: pa.StringArray) -> pa.Table:
    gone = set(ids.to_pylist())
    lists = [
        None if cell is None else [name for name in cell if name not in gone]
        for cell in table.column(_LIST).to_pylist()
    ]
    field = table.schema.field(_LIST)
    return table.set_column(table.schema.get_field_index(_LIST), field, pa.array(lists, field.type))
