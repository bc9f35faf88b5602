"""Build the warehouse from the lake and put it in the place of the old one."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import duckdb
import pyarrow as pa

from analytics.errors import SchemaError
from analytics.schema import TABLES, Table
from analytics.warehouse.beside import TABLES_BESIDE, Days, Version, by_day, new_version, remove_versions, twice
from analytics.warehouse.lake_files import check_arrow, lake_files, quoted, select_sql, sql_type
from analytics.warehouse.standing import changed_days, days_inside, forget_standing, in_days, made_of
from analytics.warehouse.swap import swapped
from analytics.warehouse.views import create_views

SIDES = {
    "contact": ("contact_mood", "contact_topic", "contact_person", "contact_flag"),
    "utterance": ("turn_mood", "turn_template"),
}
"""Side tables whose columns the published table shows; joined on the day and the side table's key."""

Verbatims = Literal["inside", "beside", "auto"]

_LARGE_BYTES = 100_000_000
"""Of Parquet in the lake, some two million turns: from here on copying them takes longer than all the rest."""
_PLACES = """
CREATE TABLE contact_place AS SELECT md5_number_lower(contact_id) AS id_hash, day FROM contact ORDER BY id_hash;
COMMENT ON TABLE contact_place IS 'where to find a contact by its id alone: WHERE id_hash = md5_number_lower(id)';
COMMENT ON COLUMN contact_place.id_hash IS 'md5_number_lower(contact_id)';
COMMENT ON COLUMN contact_place.day IS 'local day';
"""
"""Ids of a day look alike in their first letters, so that nothing can be skipped by them; by hash one block is read."""
_OF_TOPICS = ("contact_topic", "topic_segment")

_log = logging.getLogger(__name__)


def lake_tables(lake: Path) -> dict[str, list[Path]]:
    """Return the files of every published table and side table in the lake.

    Raises
    ------
    SchemaError
        If a partition folder does not name a day.
    """
    sides = {side for names in SIDES.values() for side in names}
    return {name: lake_files(lake, name) for name, table in TABLES.items() if table.published or name in sides}


def publish(
    tables: Mapping[str, Sequence[Path] | pa.Table],
    target: Path,
    *,
    views: Path | None = None,
    timezone: str = "Asia/Shanghai",
    merged: Mapping[str, str] | None = None,
    verbatims: Verbatims = "inside",
) -> dict[str, int]:
    """Build a warehouse with every published table and swap it in.

    Rows are stored by day and key, so the same lake gives the same tables. A table that is not named, or has no
    file, exists and is empty.

    Parameters
    ----------
    tables : mapping of str to sequence of Path or pyarrow.Table
        Parquet files of the lake, or the full rows (with all `later` columns) of a published table.
    target : Path
        The DuckDB file.
    views : Path, optional
        Folder of `NAME.sql` files, each one SELECT with `$timezone` for the zone of local times (see
        `analytics.warehouse.views`).
    timezone : str
        Zone of local times in views.
    merged : mapping of str to str, optional
        Topic → the topic that somebody made it part of: contacts and their matters show that one.
    verbatims : {'inside', 'beside', 'auto'}
        Where the turns (and other tables of `beside.TABLES_BESIDE`) are kept: in the file itself, which then can be
        sent around; as Parquet in a folder beside it, so that a large centre's publication takes over the days that
        did not change; or by their size.

    Returns
    -------
    dict of str to int
        Rows of each published table.

    Raises
    ------
    SchemaError
        If a table is not declared, a file has other columns or types, or a key occurs twice. The old warehouse stays.
    """
    unknown = sorted(set(tables) - set(TABLES))
    if unknown:
        raise SchemaError(f"publish: expected tables of analytics.schema, got {', '.join(unknown)}")
    with swapped(target) as private, new_version(target) as version:
        build = _Build(tables, _days_beside(tables, verbatims), version)
        inside = days_inside(tables, SIDES) if build.beside else {}
        now = made_of(inside, merged or {})
        again = changed_days(target, version.before, now, _files(tables, "contact")) if inside else None
        if again is not None:
            shutil.copyfile(target, private)
        try:
            with duckdb.connect(str(private)) as connection:
                connection.execute("SET TimeZone = 'UTC'")
                connection.execute("BEGIN")  # one commit, one write to disk
                connection.execute("CREATE TEMP MACRO whole_topic(topic) AS " + _whole_topic(merged or {}))
                counts = build.anew(connection) if again is None else build.onto(connection, inside, again[0])
                if views:
                    create_views(connection, views, timezone)
                connection.execute("COMMIT")
                connection.execute("CHECKPOINT")
        except duckdb.Error:
            forget_standing(target)
            raise
        if version.folder.is_dir():  # with nothing beside there is none
            (now if again is None else again[1]).write(version.folder)
    remove_versions(version.folder.parent, keep=version.folder.name if build.beside else None)
    _log.info("published %d tables, %d rows, at %s", len(counts), sum(counts.values()), target)
    return counts


@dataclass(frozen=True)
class _Build:
    """What is given, which tables go beside the file, and where they go."""

    tables: Mapping[str, Sequence[Path] | pa.Table]
    beside: Mapping[str, Days]
    version: Version

    def anew(self, connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
        """Fill an empty file; return the rows of each table."""
        counts = {name: self._table(connection, table) for name, table in TABLES.items() if table.published}
        connection.execute(_PLACES)
        return counts

    def onto(
        self, connection: duckdb.DuckDBPyConnection, inside: Mapping[str, Days], changed: Mapping[str, Sequence[str]]
    ) -> dict[str, int]:
        """Bring a copy of the last publication up to date: its `changed` days, and what is not kept by day."""
        for (view,) in connection.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall():
            connection.execute(f'DROP VIEW "{view}"')
        counts = {}
        for name, table in TABLES.items():
            if name in changed:
                counts[name] = _load_days(connection, table, inside[name], changed[name])
            elif table.published:
                connection.execute(f'DROP TABLE IF EXISTS "{name}"')
                counts[name] = self._table(connection, table)
        days = in_days(changed["contact"])
        connection.execute(f"DELETE FROM contact_place WHERE {days}")
        connection.execute(
            f"INSERT INTO contact_place SELECT md5_number_lower(contact_id) AS id_hash, day FROM contact WHERE {days}"
            " ORDER BY id_hash"
        )
        return counts

    def _table(self, connection: duckdb.DuckDBPyConnection, table: Table) -> int:
        if table.name in self.beside:
            return _put(connection, table, self.beside[table.name], self.version)
        return _load(connection, table, self.tables)


def _files(tables: Mapping[str, Sequence[Path] | pa.Table], name: str) -> Sequence[Path]:
    given = tables.get(name, ())
    return () if isinstance(given, pa.Table) else given


def _days_beside(tables: Mapping[str, Sequence[Path] | pa.Table], verbatims: Verbatims) -> dict[str, Days]:
    """Return the tables to be kept beside the file, and the files of each of their days."""
    if verbatims == "inside":
        return {}
    files = {name: given for name, given in tables.items() if not isinstance(given, pa.Table)}
    n_bytes = sum(file.stat().st_size for name in TABLES_BESIDE for file in files.get(name, ()))
    if verbatims == "auto" and n_bytes < _LARGE_BYTES:
        return {}
    found: dict[str, Days] = {}
    for name in TABLES_BESIDE:
        made_of = {part: files[part] for part in (name, *SIDES.get(name, ())) if part in files}
        days = by_day(made_of, name) if name in made_of else None
        if days is not None:
            found[name] = days
    return found


def _put(connection: duckdb.DuckDBPyConnection, table: Table, days: Days, version: Version) -> int:
    n_rows = version.add(connection, table, days, lambda files: _joined(table, files[table.name], files))
    _describe(connection, table, "VIEW")
    return n_rows


def _load(connection: duckdb.DuckDBPyConnection, table: Table, tables: Mapping[str, Sequence[Path] | pa.Table]) -> int:
    schema = table.arrow(later=True)
    columns = ", ".join(f'"{field.name}" {sql_type(field.type)}' for field in schema)
    connection.execute(f'CREATE TABLE "{table.name}" ({columns})')
    given = tables.get(table.name, ())
    if isinstance(given, pa.Table):
        connection.register("_given", check_arrow(table.name, given))
        rows = "SELECT * FROM _given"
    else:
        rows = _joined(table, given, tables)
    first = ["day"] if "day" in schema.names else []
    order = ", ".join(f'"{name}"' for name in dict.fromkeys((*first, *table.key)))
    connection.execute(f'INSERT INTO "{table.name}" BY NAME SELECT * FROM ({rows}) ORDER BY {order}')
    if isinstance(given, pa.Table):
        connection.unregister("_given")
    _describe(connection, table)
    return _check_key(connection, table)


def _load_days(connection: duckdb.DuckDBPyConnection, table: Table, days: Days, changed: Sequence[str]) -> int:
    """Load some days of a table that stands again; those without files are gone."""
    connection.execute(f'DELETE FROM "{table.name}" WHERE {in_days(changed)}')
    files: dict[str, list[Path]] = {table.name: []}
    for day in changed:
        for name, of_day in days.get(day, {}).items():
            files.setdefault(name, []).extend(of_day)
    if files[table.name]:
        order = ", ".join(f'"{name}"' for name in dict.fromkeys(("day", *table.key)))
        rows = _joined(table, files[table.name], files)
        connection.execute(f'INSERT INTO "{table.name}" BY NAME SELECT * FROM ({rows}) ORDER BY {order}')
        _check_days(connection, table, changed)
    ((n_rows,),) = connection.execute(f'SELECT count(*) FROM "{table.name}"').fetchall()
    return int(n_rows)


def _check_days(connection: duckdb.DuckDBPyConnection, table: Table, days: Sequence[str]) -> None:
    """Refuse a key that occurs twice, one of its rows on these days; the other days were checked when they came."""
    keys, first = ", ".join(f'"{name}"' for name in table.key), table.key[0]
    near = (
        f"WHERE {in_days(days)}"
        if "day" in table.key
        else f'SEMI JOIN (SELECT "{first}" FROM "{table.name}" WHERE {in_days(days)}) USING ("{first}")'
    )
    ((n_more,),) = connection.execute(
        f'SELECT count(*) - count(DISTINCT ({keys})) FROM "{table.name}" {near}'
    ).fetchall()
    if n_more:
        raise twice(table, int(n_more))


def _joined(table: Table, files: Sequence[Path], tables: Mapping[str, Sequence[Path] | pa.Table]) -> str:
    """Return a SELECT of the lake's rows with the `later` columns of their side tables, null where there is no row."""
    later = {column.name for column in table.columns if column.later}
    chosen, joins = ["base.*"], [f"({_select(table.name, files)}) AS base"]
    for side in SIDES.get(table.name, ()):
        given = tables.get(side, ())
        if isinstance(given, pa.Table):
            raise SchemaError(f"publish: expected files of side table {side}, got rows in memory")
        keys = ", ".join(f'"{name}"' for name in ("day", *TABLES[side].key))
        chosen += [f'{side}."{name}"' for name in TABLES[side].arrow().names if name in later]
        joins.append(f"LEFT JOIN ({_select(side, given)}) AS {side} USING ({keys})")
    return f"SELECT {', '.join(chosen)} FROM {' '.join(joins)}"


def _select(table: str, files: Sequence[Path]) -> str:
    rows = select_sql(table, files)
    return rows if table not in _OF_TOPICS else f"SELECT * REPLACE (whole_topic(topic_id) AS topic_id) FROM ({rows})"


def _whole_topic(merged: Mapping[str, str]) -> str:
    cases = " ".join(f"WHEN {quoted(topic)} THEN {quoted(whole)}" for topic, whole in sorted(merged.items()))
    return f"CASE topic {cases} ELSE topic END" if cases else "topic"


def _describe(connection: duckdb.DuckDBPyConnection, table: Table, kind: str = "TABLE") -> None:
    comments = [f'COMMENT ON {kind} "{table.name}" IS {quoted(table.grain)}']
    comments += [f'COMMENT ON COLUMN "{table.name}"."{c.name}" IS {quoted(c.doc)}' for c in table.columns]
    connection.execute("; ".join(comments))


def _check_key(connection: duckdb.DuckDBPyConnection, table: Table) -> int:
    keys = ", ".join(f'"{name}"' for name in table.key)
    ((n_rows,),) = connection.execute(f'SELECT count(*) FROM "{table.name}"').fetchall()
    ((n_keys,),) = connection.execute(f'SELECT count(*) FROM (SELECT DISTINCT {keys} FROM "{table.name}")').fetchall()
    if n_rows != n_keys:
        raise twice(table, n_rows - n_keys)
    return int(n_rows)
