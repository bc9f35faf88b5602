"""What is wrong with a published warehouse: the file, and the Parquet parts beside it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from analytics.schema import TABLES
from analytics.warehouse.beside import FOLDER_VARIABLE, TABLES_BESIDE, parts_folder, version_of


@dataclass(frozen=True)
class WarehouseDamage:
    """Why the file cannot be used ('' where it can), and the parts beside it that cannot be read."""

    file: str = ""
    parts: tuple[Path, ...] = ()


WHOLE = WarehouseDamage()


def warehouse_damage(file: Path, *, deep: bool = False) -> WarehouseDamage:
    """Return what is damaged of a warehouse; every column of the tables inside is read.

    Parameters
    ----------
    deep : bool
        Read the parts beside whole, too, and not only their ends.
    """
    if not file.exists():
        return WarehouseDamage("还没有发布，或文件丢失")
    try:
        with duckdb.connect(str(file), read_only=True) as connection:
            return _of_opened(connection, file, deep=deep)
    except duckdb.Error as error:
        return WarehouseDamage(f"读不出（{type(error).__name__}）")


def is_readable(file: Path, *, deep: bool) -> bool:
    """Return whether a Parquet file can be read: its end, or with `deep` every row of it."""
    try:
        with pq.ParquetFile(file, page_checksum_verification=True) as parquet:
            for _ in parquet.iter_batches() if deep else ():
                pass
    except (pa.ArrowException, OSError, ValueError):
        return False
    return True


def _of_opened(connection: duckdb.DuckDBPyConnection, file: Path, *, deep: bool) -> WarehouseDamage:
    tables = [name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
    views = {name for (name,) in connection.execute("SELECT view_name FROM duckdb_views()").fetchall()}
    beside = sorted(views & set(TABLES_BESIDE))
    missing = sorted(name for name, table in TABLES.items() if table.published and name not in {*tables, *beside})
    for name in tables:
        connection.execute(f'SELECT count(COLUMNS(*)) FROM "{name}"').fetchall()
    version = version_of(connection, file.stem)
    found = sorted((parts_folder(file) / version).rglob("*.parquet")) if version else []
    parts = tuple(part for part in found if not is_readable(part, deep=deep))
    if missing:
        return WarehouseDamage(f"缺少表 {', '.join(missing)}", parts)
    if parts:
        return WarehouseDamage(f"旁边的 {len(parts)} 个文件读不出", parts)
    try:  # a part that is gone is among no files: only the view knows of it
        connection.execute(
            f"SET VARIABLE {FOLDER_VARIABLE} = '{str(file.parent.resolve()).replace(chr(39), chr(39) * 2)}'"
        )
        for name in beside:
            connection.execute(f'SELECT count(*) FROM "{name}"').fetchall()
    except duckdb.IOException:
        return WarehouseDamage("旁边的文件丢失")
    return WHOLE
