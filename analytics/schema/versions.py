"""What each version of a table brought, so that a lake of before can be read, and a lake of later is not.

A table is of version 1 until a change is declared here. Every Parquet file of the lake says of which version it is
(`MARK`); files of before marks are known by their columns. Whoever adds, drops or redefines a column adds a `Change`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

MARK = "kesheng.version"
"""Key of the version in what Parquet keeps of a column (Spark), or of the file (pyarrow)."""
_SPARK_KEY = b"org.apache.spark.sql.parquet.row.metadata"

Plain = bool | int | float | str | None


@dataclass(frozen=True)
class Change:
    """One step of a table.

    Attributes
    ----------
    table : str
        Its name.
    version : int
        The version that the step leads to; the first step of a table leads to 2.
    what : str
        What changed, in a few words.
    added : mapping of str to bool, int, float, str or None
        New columns, each with the value that rows of before have; None for unknown. A column with another value than
        None is never null in new rows.
    removed : tuple of str
        Columns that are read no more; files of before may have them.
    again : str
        Whose numbers of before are not right, or not there: the job from which on their days are to be run again.
        Empty where what is stored can stay.
    """

    table: str
    version: int
    what: str
    added: Mapping[str, Plain] = field(default_factory=lambda: MappingProxyType({}))
    removed: tuple[str, ...] = ()
    again: str = ""


CHANGES: tuple[Change, ...] = (
    Change("topic_day", 2, "interval of the mood", {"sentiment_low": None, "sentiment_high": None}, again="topics"),
    Change("dip", 2, "interval of the fall", {"drop_low": None, "drop_high": None}, again="dip"),
    Change("spike", 2, "whether its history was short", {"short_history": False}),
    Change("contact", 2, "transfers, where a source counts them", {"n_transfers": None}),
    Change("contact", 3, "tier of the customer, where a source says it", {"tier": None}),
)
"""All steps, those of a table in order."""


def version_of(table: str, changes: Iterable[Change] = CHANGES) -> int:
    """Return the version in which this code writes a table.

    Examples
    --------
    >>> version_of("contact"), version_of("rejected")
    (3, 1)
    """
    return max((change.version for change in changes if change.table == table), default=1)


def steps_from(table: str, version: int, changes: Iterable[Change] = CHANGES) -> list[Change]:
    """Return the changes that came after a version of a table, in order.

    Examples
    --------
    >>> [tuple(change.added) for change in steps_from("contact", 2)]
    [('tier',)]
    """
    return [change for change in changes if change.table == table and change.version > version]


def stored_version(
    table: str,
    columns: Collection[str],
    metadata: Mapping[bytes, bytes] | None,
    changes: Iterable[Change] = CHANGES,
) -> int:
    """Return the version of a Parquet file, by its mark; without one, by the columns it has.

    Parameters
    ----------
    table : str
        Whose file it is.
    columns : collection of str
        Its columns.
    metadata : mapping of bytes to bytes, optional
        What its footer says beside.

    Examples
    --------
    >>> stored_version("contact", ["contact_id", "n_transfers"], None)
    2
    >>> stored_version("contact", ["contact_id"], {b"kesheng.version": b"3"})
    3
    """
    marked = _marked(metadata or {})
    if marked is not None:
        return marked
    version = 1
    for change in steps_from(table, 1, changes):
        if not change.added or not set(change.added) <= set(columns):
            break
        version = change.version
    return version


def marked_file(table: str) -> dict[bytes, bytes]:
    """Return what pyarrow writes into the footer of a table's file.

    Examples
    --------
    >>> marked_file("rejected")
    {b'kesheng.version': b'1'}
    """
    return {MARK.encode(): str(version_of(table)).encode()}


def _marked(metadata: Mapping[bytes, bytes]) -> int | None:
    if MARK.encode() in metadata:
        return int(metadata[MARK.encode()])
    fields = json.loads(metadata.get(_SPARK_KEY, b"{}")).get("fields", [])
    found = [field["metadata"][MARK] for field in fields if MARK in field.get("metadata", {})]
    return int(found[0]) if found else None
