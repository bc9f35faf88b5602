"""Views for people: one file each, with a comment for the view and for each of its columns.

A file is comments and one SELECT. The comment it begins with says what a row is; a line `-- @name: …` says what a
column means. A column that is not told of means what it means in the first table that is read.
"""

from __future__ import annotations

import re
from pathlib import Path
from string import Template

import duckdb

from analytics.errors import SchemaError
from analytics.schema import TABLES
from analytics.warehouse.lake_files import quoted

_COLUMN = re.compile(r"^-- @(\w+): (.+)$")
_READ = re.compile(r"\b(?:FROM|JOIN)\s+(\w+)")


def create_views(connection: duckdb.DuckDBPyConnection, folder: Path, timezone: str) -> None:
    """Make the views of a folder's `NAME.sql` files, in order of name, with their comments.

    Raises
    ------
    SchemaError
        If a file is not one SELECT over published tables, or tells of a column that its view has not.
    """
    for file in sorted(folder.glob("*.sql")):
        _create(connection, file, timezone)


def _create(connection: duckdb.DuckDBPyConnection, file: Path, timezone: str) -> None:
    text = file.read_text(encoding="utf-8")
    select = Template(text).substitute(timezone=quoted(timezone))
    try:
        connection.execute(f'CREATE VIEW "{file.stem}" AS {select}')
    except duckdb.Error as error:
        raise SchemaError(f"view {file}: expected one SELECT over published tables; DuckDB says: {error}") from error
    said, told = _comments(text)
    columns = [row[0] for row in connection.execute(f'DESCRIBE "{file.stem}"').fetchall()]
    if unknown := sorted(set(told) - set(columns)):
        raise SchemaError(f"view {file}: tells of {', '.join(unknown)}; expected columns of it: {', '.join(columns)}")
    meant = {**_meanings(select), **told}
    comments = [f'COMMENT ON VIEW "{file.stem}" IS {quoted(said)}']
    comments += [
        f'COMMENT ON COLUMN "{file.stem}"."{name}" IS {quoted(meant[name])}' for name in columns if name in meant
    ]
    connection.execute("; ".join(comments))


def _comments(text: str) -> tuple[str, dict[str, str]]:
    r"""Return what a row is, and what columns mean.

    Examples
    --------
    >>> _comments("-- One day.\n-- @n: contacts\nSELECT 1 AS n")
    ('One day.', {'n': 'contacts'})
    """
    lines = [line for line in text.splitlines() if line.startswith("--")]
    told = {match[1]: match[2] for line in lines if (match := _COLUMN.match(line))}
    return " ".join(line.removeprefix("--").strip() for line in lines if not _COLUMN.match(line)), told


def _meanings(select: str) -> dict[str, str]:
    """Return what columns of the tables that are read mean, those of the table named first before the others'."""
    tables = [name for name in _READ.findall(select) if name in TABLES]
    return {c.name: c.doc for name in reversed([*tables, "contact"]) for c in TABLES[name].columns}
