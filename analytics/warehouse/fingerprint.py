"""Say whether two tables hold the same rows, whatever their order."""

from __future__ import annotations

from pathlib import Path

import duckdb

from analytics.errors import ConfigError


def table_hash(warehouse: Path | duckdb.DuckDBPyConnection, table: str) -> str:
    """Return a text that is equal for equal rows in any order, and tells every changed, lost or doubled row.

    The sum (modulo nothing) of 64 bits of each row's MD5, next to the number of rows. Good against mistakes, not
    against an adversary. Column names count; floats count with all their digits.

    Raises
    ------
    ConfigError
        If there is no such file.
    """
    if isinstance(warehouse, duckdb.DuckDBPyConnection):
        return _hash(warehouse, table)
    if not warehouse.is_file():
        raise ConfigError(f"warehouse: expected a published file at {warehouse}, found none")
    # Attached, not connected to: see analytics.warehouse.reader.
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"ATTACH '{str(warehouse).replace(chr(39), chr(39) * 2)}' AS voc (READ_ONLY)")
        connection.execute("USE voc")
        return _hash(connection, table)


def _hash(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    connection.execute("SET TimeZone = 'UTC'")
    ((n_rows, total),) = connection.execute(
        f'SELECT count(*), coalesce(sum(md5_number_lower(to_json(t)::VARCHAR)), 0) FROM "{table}" AS t'
    ).fetchall()
    return f"{n_rows}-{int(total):x}"
