"""Small SQL expressions over the columns of a contact: what an indicator's declaration may say, and nothing else.

An expression is parsed, not matched by pattern: comparisons, AND, OR, NOT, CASE, IN, BETWEEN, arithmetic and the
functions of `FUNCTIONS`. It can neither read a file or a table nor change anything, because there is no subquery and no
other function, so that a site's own declarations may run in the warehouse.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import duckdb

FUNCTIONS = frozenset(
    {"abs", "coalesce", "contains", "ends_with", "epoch", "greatest", "least", "length", "lower", "nullif", "round"}
    | {"starts_with", "upper", "+", "-", "*", "/", "%", "~~", "!~~"}
)
"""Functions and operators that an expression may use; `~~` is LIKE."""

_CLASSES = frozenset({"BETWEEN", "CASE", "COLUMN_REF", "COMPARISON", "CONJUNCTION", "CONSTANT", "FUNCTION", "OPERATOR"})
_NUMBERS = re.compile(r"DOUBLE|FLOAT|DECIMAL\(.*\)|U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER")
_EMPTY_PARTS = ("where_clause", "having", "qualify", "sample", "group_expressions", "modifiers")


class ExpressionError(ValueError):
    """An expression is not one that may be used; the message says what was expected and got."""


class ExpressionReader:
    """Reads expressions over `columns`.

    Parameters
    ----------
    columns : mapping of str to str
        Name to DuckDB type.

    Examples
    --------
    >>> reader = ExpressionReader({"kind": "VARCHAR", "rating": "DOUBLE"})
    >>> reader.columns("kind = 'call' AND rating >= 4"), reader.kind("rating >= 4")
    (('kind', 'rating'), 'truth')
    >>> reader.columns("(SELECT max(rating) FROM contact)")
    Traceback (most recent call last):
        ...
    analytics.kpi_expressions.ExpressionError: expected comparisons, CASE and arithmetic, got SUBQUERY
    """

    def __init__(self, columns: Mapping[str, str]) -> None:
        self._known = tuple(columns)
        self._connection = duckdb.connect(config={"enable_external_access": "false", "threads": 1})
        declared = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
        self._connection.execute(f"CREATE TABLE contact ({declared})")
        self._read: dict[str, tuple[str, ...]] = {}

    def columns(self, expression: str) -> tuple[str, ...]:
        """Return the columns that an expression reads, in order of name; raise `ExpressionError` if it is not one."""
        if expression not in self._read:
            self._read[expression] = self._checked(expression)
        return self._read[expression]

    def _checked(self, expression: str) -> tuple[str, ...]:
        found = set()
        for node in _nodes(self._tree(expression)):
            if node["class"] not in _CLASSES:
                raise ExpressionError(f"expected comparisons, CASE and arithmetic, got {node['class']}")
            if node["class"] == "FUNCTION" and (node["function_name"] not in FUNCTIONS or node["schema"]):
                allowed = ", ".join(sorted(name for name in FUNCTIONS if name.isidentifier()))
                raise ExpressionError(f"expected one of the functions {allowed}, got {node['function_name']}")
            if node["class"] == "COLUMN_REF":
                found.add(".".join(node["column_names"]))
        unknown = sorted(found - set(self._known))
        if unknown:
            raise ExpressionError(f"expected columns out of {', '.join(self._known)}; got {', '.join(unknown)}")
        return tuple(sorted(found))

    def kind(self, expression: str) -> str:
        """Return `truth` or `number`, or DuckDB's name of another type; raise `ExpressionError` if types do not fit."""
        self.columns(expression)
        try:
            rows = self._connection.execute(f"DESCRIBE SELECT (\n{expression}\n) AS value FROM contact").fetchall()
        except duckdb.Error as error:
            raise ExpressionError(f"expected types that fit, {_first_line(error)}") from error
        name = str(rows[0][1])
        return "truth" if name == "BOOLEAN" else "number" if _NUMBERS.fullmatch(name) else name

    def _tree(self, expression: str) -> dict[str, Any]:
        """Return DuckDB's syntax tree of the expression; whatever would leave its brackets is refused."""
        statement = f"SELECT (\n{expression}\n)"
        try:
            said = self._connection.execute("SELECT json_serialize_sql(?::VARCHAR)", [statement]).fetchall()
        except duckdb.Error as error:
            raise ExpressionError(f"expected an expression of SQL, {_first_line(error)}") from error
        parsed: dict[str, Any] = json.loads(said[0][0])
        if parsed["error"]:
            raise ExpressionError(f"expected an expression of SQL, {parsed['error_message']}")
        nodes = [one["node"] for one in parsed["statements"]]
        if len(nodes) != 1 or not _is_bare(nodes[0]):
            raise ExpressionError("expected one expression, got more than that")
        tree: dict[str, Any] = nodes[0]["select_list"][0]
        return tree


def _is_bare(node: dict[str, Any]) -> bool:
    if node["type"] != "SELECT_NODE" or len(node["select_list"]) != 1 or node["from_table"]["type"] != "EMPTY":
        return False
    return not any(node.get(part) for part in _EMPTY_PARTS) and not node["cte_map"]["map"]


def _nodes(tree: object) -> Iterator[dict[str, Any]]:
    if isinstance(tree, dict):
        if "class" in tree:
            yield tree
        for part in tree.values():
            yield from _nodes(part)
    elif isinstance(tree, list):
        for part in tree:
            yield from _nodes(part)


def _first_line(error: duckdb.Error) -> str:
    return str(error).splitlines()[0].removeprefix("Parser Error: ").removeprefix("Binder Error: ")
