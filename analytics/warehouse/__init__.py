"""The warehouse: one DuckDB file, built whole from the lake and swapped whole; read by many, written by nobody."""

from analytics.warehouse.fingerprint import table_hash
from analytics.warehouse.lake_files import lake_files, of_days, select_sql
from analytics.warehouse.publish import lake_tables, publish
from analytics.warehouse.reader import WarehouseReader, open_reader

__all__ = [
    "WarehouseReader",
    "lake_files",
    "lake_tables",
    "of_days",
    "open_reader",
    "publish",
    "select_sql",
    "table_hash",
]
