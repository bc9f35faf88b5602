"""The rows of all tables that conforming gives in one Arrow table, as Spark carries them from reading to the lake."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd
import pyarrow as pa

from analytics.conform.merge import Tagged, settle
from analytics.conform.outcome import GONE_COLUMNS, Conformed
from analytics.schema import TABLES

WRITES = ("contact", "utterance", "rejected", "contact_identifier")
"""Tables of the lake that conforming writes."""
TABLE_COLUMN = "_table"

_TAGS: dict[str, pa.DataType] = {
    TABLE_COLUMN: pa.string(),
    "_order": pa.int64(),
    "_hash": pa.string(),
    "_message": pa.string(),
    "_version": pa.float64(),
}
_BATCH_ROWS = 5000


def union_schema() -> pa.Schema:
    """Return the columns of all four tables, and: which table, order of collection, hash of the file, keys."""
    types: dict[str, pa.DataType] = dict(_TAGS)
    for table in WRITES:
        types |= {field.name: field.type for field in TABLES[table].arrow()}
    return pa.schema(list(types.items()))


def tagged_rows(done: Conformed, *, order: int, raw_hash: str) -> Iterator[pa.RecordBatch]:
    """Return the rows of a conformed file, in batches of `union_schema`."""
    keys = {
        "contact": {"_version": done.contact_keys["version"]},
        "utterance": {"_version": done.turn_keys["version"], "_message": done.turn_keys["message"]},
    }
    tables = done.to_arrow()
    for name, rows in tables.items():
        own = {column: _array(cells, column) for column, cells in keys.get(name, {}).items()}
        yield from _widened(name, rows, own, order, raw_hash).to_batches(max_chunksize=_BATCH_ROWS)
    if len(done.gone):
        yield from _widened("gone", *_gone(done.gone), order, raw_hash).to_batches()


def _gone(gone: pd.DataFrame) -> tuple[pa.Table, dict[str, Any]]:
    contact, message, version = (gone[name] for name in GONE_COLUMNS)
    own = {"_message": _array(message, "_message"), "_version": _array(version, "_version")}
    return pa.table({"contact_id": _array(contact, "_message")}), own


def _array(cells: pd.Series[Any], column: str) -> Any:
    return pa.array([None if pd.isna(cell) else cell for cell in cells], _TAGS[column])


def _widened(name: str, rows: pa.Table, own: dict[str, Any], order: int, raw_hash: str) -> pa.Table:
    """Return the rows with all columns of the union: tags repeated, others null."""
    n_rows = rows.num_rows
    tags = {TABLE_COLUMN: name, "_order": order, "_hash": raw_hash}
    columns = []
    for field in (schema := union_schema()):
        if field.name in tags:
            columns.append(pa.repeat(pa.scalar(tags[field.name], field.type), n_rows))
        elif field.name in own:
            columns.append(own[field.name])
        elif field.name in rows.schema.names:
            columns.append(rows.column(field.name).cast(field.type))
        else:
            columns.append(pa.nulls(n_rows, field.type))
    return pa.table(columns, schema=schema)


def settled(rows: pa.Table, zone: str) -> pa.Table:
    """Settle all rows of some contacts (`analytics.conform.merge.settle`); rows and result are of `union_schema`."""
    frame = rows.to_pandas()
    tags = {"_order": "order", "_hash": "hash", "_message": "message", "_version": "version"}
    parts = {name: _part(frame, name).rename(columns=tags) for name in (*WRITES, "gone")}
    found = settle(
        Tagged(
            parts["contact"],
            parts["utterance"],
            parts["contact_identifier"],
            parts["gone"],
            parts["rejected"],
        ),
        zone,
    )
    left = {
        "contact": found.contacts,
        "utterance": found.utterances,
        "contact_identifier": found.identifiers,
        "rejected": found.rejected,
    }
    return pa.concat_tables([_back(name, part) for name, part in left.items()])


def _part(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    own = ["contact_id", "position"] if name == "gone" else TABLES[name].arrow().names
    tags = [tag for tag in _TAGS if tag != TABLE_COLUMN]
    return frame.loc[frame[TABLE_COLUMN] == name, [*own, *tags]].reset_index(drop=True)


def _back(name: str, part: pd.DataFrame) -> pa.Table:
    schema = TABLES[name].arrow()
    table = pa.Table.from_pandas(part[schema.names], schema=schema, preserve_index=False)
    return _widened(name, table, {}, 0, "")
