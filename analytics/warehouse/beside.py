"""Big tables as Parquet beside the warehouse: a folder a version, a file a day, days that are the same shared by links.

    warehouse/voc.duckdb                                   the tables that people count with, and views over the rest
    warehouse/voc.parts/VERSION/utterance/day=D/KEY.parquet

A version belongs to one publication and is never changed. KEY tells what a day's file was made of: a day whose lake
files are the same is linked from the version before (copied where the disk has no links), only the others are written.
When the new warehouse is in its place the old version goes at once, so that nothing erased lives on in it; a query
that was reading it is asked again by `analytics.warehouse.reader`.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from analytics.errors import SchemaError
from analytics.schema import Table
from analytics.warehouse.lake_files import day_of, quoted, sql_type

TABLES_BESIDE = ("utterance", "kpi_cube")
"""Tables with many rows a contact, which pages read by the day or not at all."""

FOLDER_VARIABLE = "voc_folder"
"""DuckDB variable that names the folder of a warehouse that was moved after it was published."""

_LAYOUT = 1
"""Part of every KEY; one more when files are written another way."""
_ROW_GROUP = 20_480
Files = Mapping[str, Sequence[Path]]
"""Table → Parquet files."""
Days = Mapping[str, Files]
RowsOf = Callable[[Files], str]

_VERSION = re.compile(r"/([0-9a-f]{12})/\w+/")


def parts_folder(warehouse: Path) -> Path:
    """Return the folder of a warehouse's versions.

    Examples
    --------
    >>> parts_folder(Path("var/warehouse/voc.duckdb")).as_posix()
    'var/warehouse/voc.parts'
    """
    return warehouse.with_suffix(".parts")


@contextmanager
def new_version(warehouse: Path) -> Iterator[Version]:
    """Yield a version to write; it goes if the block fails. Only the holder of the warehouse's lock may.

    What a killed publisher left is swept first.
    """
    folder = parts_folder(warehouse)
    old = current_version(warehouse)
    remove_versions(folder, keep=old)
    version = Version(folder / uuid.uuid4().hex[:12], None if old is None else folder / old)
    is_whole = False
    try:
        yield version
        version.sync()
        is_whole = True
    finally:
        if not is_whole:
            shutil.rmtree(version.folder, ignore_errors=True)


def current_version(warehouse: Path) -> str | None:
    """Return the version that the published warehouse shows; None without a warehouse, or with all inside."""
    if not warehouse.is_file():
        return None
    with duckdb.connect(":memory:") as connection:
        try:
            connection.execute(f"ATTACH {quoted(str(warehouse))} AS voc (READ_ONLY)")
        except duckdb.Error:
            return None  # what is there is no warehouse, and about to be replaced
        return version_of(connection, "voc")


def version_of(connection: duckdb.DuckDBPyConnection, catalog: str) -> str | None:
    """Return the version that an attached warehouse shows."""
    found = connection.execute(
        "SELECT sql FROM duckdb_views() WHERE database_name = ? AND list_contains(?, view_name)",
        [catalog, list(TABLES_BESIDE)],
    ).fetchall()
    versions = [match[1] for (sql,) in found if (match := _VERSION.search(sql))]
    return versions[0] if versions else None


def remove_versions(folder: Path, *, keep: str | None) -> None:
    """Remove every version but one, and the folder if it is empty then."""
    if not folder.is_dir():
        return
    for version in folder.iterdir():
        if version.name != keep:
            shutil.rmtree(version, ignore_errors=True)
    if keep is None:
        shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True)
class Version:
    """One publication's folder, and the one before to link from."""

    folder: Path
    before: Path | None

    def add(self, connection: duckdb.DuckDBPyConnection, table: Table, days: Days, rows_of: RowsOf) -> int:
        """Write a table's days, make its view, and return its rows.

        Parameters
        ----------
        days : mapping of str to mapping of str to sequence of Path
            ISO day → table → files that the day's rows are made of, those of side tables included.
        rows_of : callable
            Returns the query of a day's rows.

        Raises
        ------
        SchemaError
            If a key occurs twice.
        """
        written = [day for day in sorted(days) if self._put(connection, table, day, days[day], rows_of)]
        files = sorted((self.folder / table.name).glob("*/*.parquet"))
        connection.execute(_view(table, self.folder.parent.parent, files))
        if written and "day" not in table.key:
            _check_across_days(connection, table, written)
        return sum(pq.read_metadata(file).num_rows for file in files)

    def sync(self) -> None:
        """Have the folders on disk: a link is no file's content."""
        for folder, _, _ in os.walk(self.folder):
            _sync(Path(folder))

    def _put(
        self, connection: duckdb.DuckDBPyConnection, table: Table, day: str, files: Files, rows_of: RowsOf
    ) -> bool:
        """Put one day's file into the version; return whether it had to be written."""
        place = Path(table.name) / f"day={day}" / f"{key_of(table, files)}.parquet"
        target = self.folder / place
        target.parent.mkdir(parents=True)
        if self.before is not None and _linked(self.before / place, target):
            return False
        order = ", ".join(f'"{name}"' for name in table.key)
        columns = ", ".join(f'"{c.name}"' for c in table.columns if c.name != "day")
        connection.execute(
            f"COPY (SELECT {columns} FROM ({rows_of(files)}) ORDER BY {order}) TO {quoted(str(target))}"
            f" (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {_ROW_GROUP})"
        )
        _sync(target)
        _check_day(connection, table, target)
        return True


def by_day(files: Files, table: str) -> dict[str, dict[str, list[Path]]] | None:
    """Return day → table → files for the days of `table`, with those of its side tables; None if any is in one piece.

    Examples
    --------
    >>> file = Path("lake/utterance/day=2026-09-20/part-0.parquet")
    >>> by_day({"utterance": [file], "turn_mood": []}, "utterance") == {"2026-09-20": {"utterance": [file]}}
    True
    """
    found: dict[str, dict[str, list[Path]]] = {}
    for name in sorted(files, key=lambda name: name != table):
        for file in files[name]:
            day = day_of(file)
            if day is None:
                return None
            if name == table or day in found:
                found.setdefault(day, {}).setdefault(name, []).append(file)
    return found


def _view(table: Table, folder: Path, files: Sequence[Path]) -> str:
    columns = ", ".join(f'"{c.name}"::{sql_type(c.type)} AS "{c.name}"' for c in table.columns)
    if not files:
        nothing = ", ".join(f'NULL::{sql_type(c.type)} AS "{c.name}"' for c in table.columns)
        return f'CREATE VIEW "{table.name}" AS SELECT {nothing} WHERE false'
    place = f"coalesce(getvariable('{FOLDER_VARIABLE}')::VARCHAR, {quoted(str(folder.resolve()))})"
    # Named one by one: a pattern would match what is left of a version while it is removed, and count less in silence.
    named = ", ".join(quoted(f"/{file.relative_to(folder).as_posix()}") for file in files)
    return (
        f'CREATE VIEW "{table.name}" AS SELECT {columns} FROM read_parquet('
        f"list_transform([{named}], lambda file: {place} || file),"
        " hive_partitioning = true, hive_types = {'day': DATE})"
    )


def key_of(table: Table, files: Files) -> str:
    """Return a name for what a day is made of: a file that was replaced has another inode, time or size."""
    stats = [(name, file.name, file.stat()) for name in files for file in files[name]]
    made_of = [(name, file, s.st_ino, s.st_mtime_ns, s.st_size) for name, file, s in stats]
    columns = [(c.name, str(c.type)) for c in table.columns]
    return hashlib.sha256(repr((_LAYOUT, columns, sorted(made_of))).encode()).hexdigest()[:24]


def _linked(source: Path, target: Path) -> bool:
    if not source.is_file():
        return False
    try:
        os.link(source, target)
    except OSError:  # a disk without links, or too many of one file
        shutil.copyfile(source, target)
        _sync(target)
    return True


def _check_day(connection: duckdb.DuckDBPyConnection, table: Table, file: Path) -> None:
    keys = ", ".join(f'"{name}"' for name in table.key if name != "day")
    ((n_more,),) = connection.execute(
        f"SELECT count(*) - count(DISTINCT ({keys})) FROM read_parquet({quoted(str(file))})"
    ).fetchall()
    if n_more:
        raise twice(table, int(n_more))


def _check_across_days(connection: duckdb.DuckDBPyConnection, table: Table, days: Sequence[str]) -> None:
    """Refuse a key on two days; a day that was linked was checked when it was written."""
    keys = ", ".join(f'"{name}"' for name in table.key)
    first = table.key[0]
    written = ", ".join(f"DATE {quoted(day)}" for day in days)
    ((n_more,),) = connection.execute(
        f"""
        WITH suspect AS (SELECT "{first}" FROM "{table.name}" WHERE day IN ({written})),
        wanderer AS (
            SELECT "{first}"
            FROM (SELECT DISTINCT day, "{first}" FROM "{table.name}" SEMI JOIN suspect USING ("{first}"))
            GROUP BY 1 HAVING count(*) > 1
        )
        SELECT count(*) - count(DISTINCT ({keys})) FROM "{table.name}" SEMI JOIN wanderer USING ("{first}")
        """
    ).fetchall()
    if n_more:
        raise twice(table, int(n_more))


def twice(table: Table, n_more: int) -> SchemaError:
    """Return the error of a key that occurs twice."""
    return SchemaError(
        f"table {table.name}: expected one row for each {', '.join(table.key)}, got {n_more} rows more;"
        " some partition was written twice: run the jobs of those days again. The old warehouse stays"
    )


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
