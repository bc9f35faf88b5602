"""The warehouse: one DuckDB file, built whole from the lake and swapped whole; read by many, written by nobody."""

from analytics.warehouse.reader import WarehouseReader, open_reader

__all__ = ["WarehouseReader", "open_reader"]
