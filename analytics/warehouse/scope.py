"""The warehouse as somebody with limits sees it: every table they can name shows their contacts alone.

A limited query runs with a search path of one schema, kept in memory, in which each published table and view stands
again under its own name, cut by the rules of `analytics.warehouse.scope_rules`. The published tables themselves have no
name that such a query may say: one with a catalogue or a schema is refused, and so is everything but a SELECT.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import duckdb

from analytics.access.limits import Limits
from analytics.errors import KeshengError
from analytics.warehouse.scope_rules import RULES

_TABLE_FUNCTIONS = {"unnest", "range", "generate_series"}
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_PARSED_STATEMENTS = 4096


class ScopeError(KeshengError):
    """A limited query names what it may not: a fault of ours, not of whoever looks."""

    exit_code = 1


@dataclass(frozen=True)
class _Shown:
    """A table or view as it stands in the limited schema."""

    sql: str
    kept: bool


class Scope:
    """What one set of limits shows of one open warehouse; tables are made when a query first names them.

    Parameters
    ----------
    connection : DuckDBPyConnection
        Connection that the warehouse is attached to.
    catalog : str
        Name it is attached under.
    limits : Limits
        What may be seen.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, catalog: str, limits: Limits) -> None:
        text = repr((limits.channels, limits.products, limits.teams))
        self._schema = f'memory."limited_{hashlib.sha256(text.encode()).hexdigest()[:16]}"'
        self._lock = threading.Lock()
        self._made: set[str] = set()
        with connection.cursor() as cursor:
            self._shown = {**_tables(cursor, catalog, limits), **_views(cursor, catalog, limits)}
            cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {self._schema}")

    def enter(self, cursor: duckdb.DuckDBPyConnection, sql: str) -> None:
        """Make `cursor` see the limited tables alone, and refuse a statement that names anything else.

        Raises
        ------
        ScopeError
            If the statement is no SELECT, or names a catalogue, a schema or a function that reads tables.
        """
        named = named_tables(sql)
        cursor.execute(f"USE {self._schema}")
        for name in named:
            self._make(cursor, name)

    def _make(self, cursor: duckdb.DuckDBPyConnection, name: str) -> None:
        if name in self._made or name not in self._shown:
            return
        with self._lock:
            self._make_locked(cursor, name)

    def _make_locked(self, cursor: duckdb.DuckDBPyConnection, name: str) -> None:
        if name in self._made or name not in self._shown:
            return
        shown = self._shown[name]
        for other in _names(_parsed(shown.sql)):
            if other != name:
                self._make_locked(cursor, other)
        cursor.execute(f'CREATE {"TABLE" if shown.kept else "VIEW"} {self._schema}."{name}" AS {shown.sql}')
        self._made.add(name)


@lru_cache(_PARSED_STATEMENTS)
def named_tables(sql: str) -> tuple[str, ...]:
    """Return the tables a statement names, all without a catalogue; raise `ScopeError` if it names anything else.

    Examples
    --------
    >>> named_tables("SELECT count(*) FROM contact WHERE contact_id IN (SELECT unnest(contact_ids) FROM spike)")
    ('contact', 'spike')
    """
    found = []
    for node in _nodes(_parsed(sql)):
        if node.get("type") == "BASE_TABLE":
            if node.get("catalog_name") or node.get("schema_name") or not _NAME.fullmatch(str(node["table_name"])):
                raise ScopeError("a limited query may name tables only: no catalogue, no schema, no file")
            found.append(str(node["table_name"]).lower())
        elif node.get("type") == "TABLE_FUNCTION":
            name = str(node.get("function", {}).get("function_name"))
            if name not in _TABLE_FUNCTIONS:
                raise ScopeError(f"a limited query may not call the table function {name}")
        elif node.get("type") == "SHOW_REF":
            raise ScopeError("a limited query may not list or describe tables")
    return tuple(sorted(set(found)))


def _parsed(sql: str) -> Any:
    """Return DuckDB's own parse tree of a SELECT, so that quoting, comments and nesting cannot hide a name."""
    with _parser().cursor() as cursor:
        ((text,),) = cursor.execute("SELECT json_serialize_sql(?)", [sql]).fetchall()
    tree = json.loads(text)
    if tree["error"] or len(tree["statements"]) != 1:
        # A parser's complaint quotes the statement, which may hold what a viewer typed.
        raise ScopeError(f"a limited query must be one SELECT; the parser says: {tree.get('error_type', 'several')}")
    return tree


@cache
def _parser() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(":memory:")


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    if isinstance(tree, dict):
        yield tree
        tree = list(tree.values())
    if isinstance(tree, list):
        for part in tree:
            yield from _nodes(part)


def _names(tree: Any) -> list[str]:
    """Return the tables without a catalogue that a definition of ours names."""
    return [
        str(node["table_name"]).lower()
        for node in _nodes(tree)
        if node.get("type") == "BASE_TABLE" and not node.get("catalog_name")
    ]


def _tables(cursor: duckdb.DuckDBPyConnection, catalog: str, limits: Limits) -> dict[str, _Shown]:
    names = cursor.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = ?", [catalog]).fetchall()
    return {name: _cut(catalog, name, limits) for (name,) in names}


def _views(cursor: duckdb.DuckDBPyConnection, catalog: str, limits: Limits) -> dict[str, _Shown]:
    """Return the published views, made again over the limited tables; those with a rule, as tables are.

    A view that reads files, or names tables with a catalogue, would get round the limits: it is empty.
    """
    rows = cursor.execute(
        "SELECT view_name, sql FROM duckdb_views() WHERE database_name = ? AND NOT internal", [catalog]
    ).fetchall()
    found = {}
    for name, sql in rows:
        select = sql.split(" AS ", 1)[1].rstrip().removesuffix(";")
        plain = name not in RULES and _names_only_tables(select)
        found[name] = _Shown(select, kept=False) if plain else _cut(catalog, name, limits)
    return found


def _cut(catalog: str, name: str, limits: Limits) -> _Shown:
    source, rule = f'"{catalog}".main."{name}"', RULES.get(name)
    if rule is None:
        return _Shown(f"SELECT * FROM {source} WHERE false", kept=False)
    return _Shown(rule.cut(source, limits), kept=rule.kept)


def _names_only_tables(select: str) -> bool:
    try:
        return bool(named_tables(select))
    except ScopeError:
        return False
