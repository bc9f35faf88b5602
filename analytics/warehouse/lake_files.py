"""Find a table's Parquet files in the lake, check them against the declared columns, and say them in SQL."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from analytics.errors import SchemaError
from analytics.lineage import note_read
from analytics.schema import TABLES, Table
from analytics.schema.versions import Plain, steps_from, stored_version, version_of

_UTC_TIME = pa.timestamp("us", tz="UTC")
_SQL_TYPES = {
    pa.string(): "VARCHAR",
    pa.int64(): "BIGINT",
    pa.float64(): "DOUBLE",
    _UTC_TIME: "TIMESTAMPTZ",
    pa.date32(): "DATE",
    pa.bool_(): "BOOLEAN",
    pa.list_(pa.string()): "VARCHAR[]",
}
_PARTITION = "day="


def sql_type(arrow_type: pa.DataType) -> str:
    """Return DuckDB's name of a type the schema uses.

    Examples
    --------
    >>> sql_type(pa.list_(pa.string()))
    'VARCHAR[]'
    """
    return _SQL_TYPES[arrow_type]


def lake_files(lake: Path, table: str) -> list[Path]:
    """Return the Parquet files of a table, sorted; none if it has no folder yet.

    A table is kept in `day=YYYY-MM-DD` folders, or in one piece directly in its folder (tables without days, and all
    tables of a file analysed once). Files and folders that begin with `_` or `.` belong to a writer that has not
    finished, or never did, and are not data.

    Raises
    ------
    SchemaError
        If a partition folder does not name a day, or the table is there in both forms.
    """
    _declared(table)
    note_read(table)
    folder = Path(lake) / table
    whole = _visible(folder.glob("*.parquet"))
    days = _visible(folder.glob(f"{_PARTITION}*"))
    for day in days:
        _check_day(day)
    if whole and days:
        raise SchemaError(
            f"table {folder}: expected partitions by day or files in one piece, got both ({len(days)} days,"
            f" {len(whole)} files); remove the form that is older"
        )
    return whole or [file for day in days for file in _visible(day.glob("*.parquet"))]


def of_days(files: Sequence[Path], first_day: dt.date, last_day: dt.date) -> list[Path]:
    """Return the files that may hold rows of the days, both included: their partitions, or a table in one piece."""
    return [
        file
        for file in files
        if not _in_partitions([file])
        or first_day <= dt.date.fromisoformat(file.parent.name.removeprefix(_PARTITION)) <= last_day
    ]


def day_of(file: Path) -> str | None:
    """Return the ISO day of a partition's file; None for a table in one piece.

    Examples
    --------
    >>> day_of(Path("lake/contact/day=2026-09-20/part-0.parquet"))
    '2026-09-20'
    """
    name = file.parent.name
    return name.removeprefix(_PARTITION) if name.startswith(_PARTITION) else None


def select_sql(table: str, files: Sequence[Path]) -> str:
    """Return a SELECT of the lake's own columns of a table, in declared order and type; of no rows without files.

    It is for a connection whose TimeZone is UTC: that is the zone of the times Spark writes without one. Columns that
    came after a file was written (`analytics.schema.versions`) are read with the value declared for rows of before.

    Raises
    ------
    SchemaError
        If a file is of a later version, lacks a declared column, has one more, or has another type.
    """
    declared = _declared(table)
    schema = declared.arrow()
    before = [_check_columns(file, declared) for file in files]  # column → what rows of before it have
    if not files:
        nothing = ", ".join(f'NULL::{sql_type(field.type)} AS "{field.name}"' for field in schema)
        return f"SELECT {nothing} WHERE false"
    columns = ", ".join(
        f"{_value(field.name, [found for found in before if field.name in found], len(files))}::{sql_type(field.type)}"
        f' AS "{field.name}"'
        for field in schema
    )
    names = ", ".join(quoted(str(file)) for file in files)
    # The folder's day is read as text and cast below; DuckDB would guess a type from the names.
    hive = f"hive_partitioning = {_in_partitions(files)}, hive_types_autocast = false"
    return f"SELECT {columns} FROM read_parquet([{names}], {hive}, union_by_name = true)"


def check_arrow(table: str, found: pa.Table) -> pa.Table:
    """Return the Arrow table with the declared columns, all of them, in order and cast; raise `SchemaError` if not."""
    schema = _declared(table).arrow(later=True)
    _compare(f"table {table}", {field.name: field.type for field in schema}, found.schema)
    return found.select(schema.names).cast(schema)


def quoted(text: str) -> str:
    """Return a SQL string literal.

    Examples
    --------
    >>> quoted("it's")
    "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"


def _declared(table: str) -> Table:
    if table not in TABLES:
        raise SchemaError(
            f"table {table!r}: expected one of {', '.join(sorted(TABLES))}; declare it in analytics.schema"
        )
    return TABLES[table]


def _visible(paths: Iterable[Path]) -> list[Path]:
    return sorted(path for path in paths if not path.name.startswith(("_", ".")))


def _in_partitions(files: Sequence[Path]) -> bool:
    return any(file.parent.name.startswith(_PARTITION) for file in files)


def _check_day(folder: Path) -> None:
    try:
        dt.date.fromisoformat(folder.name.removeprefix(_PARTITION))
    except ValueError as error:
        raise SchemaError(
            f"partition {folder}: expected day=YYYY-MM-DD, got {folder.name}; run the job that writes"
            f" {folder.parent.name} again, or remove the folder"
        ) from error


def file_version(file: Path, table: str) -> int:
    """Return the version of its table that a file was written in.

    Raises
    ------
    SchemaError
        If it cannot be read.
    """
    found = _footer(file, _declared(table))
    return stored_version(table, found.names, found.metadata)


def _value(name: str, before: Sequence[dict[str, Plain]], n_files: int) -> str:
    """Return the SQL of a column that some files (those of `before`) do not have."""
    given = next((found[name] for found in before), None)
    plain = "NULL" if given is None else quoted(given) if isinstance(given, str) else str(given)
    if n_files == len(before):
        return plain
    return f'"{name}"' if given is None else f'coalesce("{name}", {plain})'


def _footer(file: Path, declared: Table) -> pa.Schema:
    try:
        return _stored_schema(file)
    except (pa.ArrowInvalid, OSError) as error:
        raise SchemaError(
            f"{file}: expected a Parquet file, cannot read its footer; run the job that writes {declared.name} again"
        ) from error


def _check_columns(file: Path, declared: Table) -> dict[str, Plain]:
    """Check a file; return the columns that it lacks because they came later, with the value of its rows."""
    found = _footer(file, declared)
    version, known = stored_version(declared.name, found.names, found.metadata), version_of(declared.name)
    if version > known:
        raise SchemaError(
            f"{file}: expected version {known} of table {declared.name} or before, got version {version}: a later"
            " Kesheng wrote it. Install that one, or run the day again with this one; see docs/upgrades.md"
        )
    later = steps_from(declared.name, version)
    added = {name: value for change in later for name, value in change.added.items() if name not in found.names}
    removed = {name for change in later for name in change.removed} & set(found.names)
    expected = {field.name: field.type for field in declared.arrow() if field.name not in added}
    if _in_partitions([file]):
        expected.pop("day", None)  # it is the folder's name
    _compare(str(file), expected, pa.schema([field for field in found if field.name not in removed]))
    return added


def _stored_schema(file: Path) -> pa.Schema:
    """Return the columns of a file; Spark's own kind of time (INT96, its default) is UTC by definition, and said so."""
    with pq.ParquetFile(file) as parquet:
        columns = [parquet.schema.column(i) for i in range(len(parquet.schema))]
        schema = parquet.schema_arrow
    old_times = {column.name for column in columns if column.physical_type == "INT96"}
    fields = [field.with_type(_UTC_TIME) if field.name in old_times else field for field in schema]
    return pa.schema(fields).with_metadata(schema.metadata)


def _compare(where: str, expected: dict[str, pa.DataType], found: pa.Schema) -> None:
    missing = sorted(set(expected) - set(found.names))
    more = sorted(set(found.names) - set(expected))
    wrong = [
        f"{name} {found.field(name).type} instead of {kind}"
        for name, kind in expected.items()
        if name in found.names and not _fits(found.field(name).type, kind)
    ]
    parts = [("lacks", missing), ("has undeclared", more), ("has", wrong)]
    if said := [f"{word} {', '.join(names)}" for word, names in parts if names]:
        raise SchemaError(
            f"{where}: expected the columns of analytics.schema, but it {'; it '.join(said)};"
            " run the job that writes it again with this version"
        )


def _fits(found: pa.DataType, expected: pa.DataType) -> bool:
    """Whether a stored type holds the same values as the declared one; a time without zone could mean any."""
    if pa.types.is_null(found):
        return True
    if isinstance(found, pa.DictionaryType):
        found = found.value_type
    if pa.types.is_string(expected):
        return bool(pa.types.is_string(found) or pa.types.is_large_string(found))
    if pa.types.is_integer(expected):
        return bool(pa.types.is_integer(found))
    if pa.types.is_floating(expected):
        return bool(pa.types.is_floating(found))
    if isinstance(expected, pa.TimestampType):
        return isinstance(found, pa.TimestampType) and found.tz is not None
    if isinstance(expected, pa.ListType):
        return isinstance(found, pa.ListType | pa.LargeListType) and _fits(found.value_type, expected.value_type)
    return bool(found == expected)
