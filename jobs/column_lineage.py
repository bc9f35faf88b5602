"""From which columns of the lake the columns of a frame are made, read from Spark's own plan.

Spark numbers every expression (`exprId`). An alias names a new one made from others; a table of the lake is known by
the alias that `Lake.read` gives it. What a Python function makes of a batch Spark cannot see into: there each column
that comes out is said to be made of all that went in.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pyspark.sql import DataFrame

ALIAS = "lake_"
"""Before the name of a table in the alias of its frame."""

Source = tuple[str, str]
_Node = dict[str, Any]
_OPAQUE = ("MapInArrow", "MapInPandas", "FlatMapGroupsInArrow", "FlatMapGroupsInPandas", "FlatMapCoGroupsInArrow",
           "FlatMapCoGroupsInPandas", "PythonMapInArrow")  # fmt: skip


def columns_of(frame: DataFrame) -> dict[str, frozenset[Source]]:
    """Return column → the (table, column) it was made from, of each column of the frame."""
    text = frame._jdf.queryExecution().analyzed().toJSON()
    return columns_of_plan(json.loads(text))


def columns_of_plan(nodes: list[_Node]) -> dict[str, frozenset[Source]]:
    """Return the same from the nodes of an analysed plan, parents before children, as `toJSON` writes them."""
    plan = _Plan()
    output = plan.read(iter(nodes))
    return {name: frozenset(plan.sources(number)) for number, name in output}


@dataclass
class _Plan:
    """What is known of each numbered expression."""

    made_of: dict[int, set[int]] = field(default_factory=dict)
    leaf: dict[int, Source] = field(default_factory=dict)

    def read(self, nodes: Iterator[_Node]) -> list[tuple[int, str]]:
        """Take a node and all below it; return its output: (number, name) of each column, in order."""
        node = next(nodes)
        kind = node["class"].rsplit(".", 1)[-1]
        below = [self.read(nodes) for _ in range(int(node["num-children"]))]
        through = [column for output in below for column in output]
        if kind == "SubqueryAlias":
            self._name(node["identifier"]["name"], through)
        elif kind in ("Project", "Aggregate"):
            return self._made(node["projectList" if kind == "Project" else "aggregateExpressions"])
        elif kind == "Window":
            return through + self._made(node["windowExpressions"])
        elif kind == "Union":
            return self._union(below)
        elif kind == "Generate":
            return through + self._from(node["generatorOutput"], _numbers(node["generator"]))
        elif kind in _OPAQUE:
            return self._from(node["output"], {number for number, _ in through})
        elif not below:
            return [_named(expression) for expression in node.get("output") or ()]
        elif "Semi" in str(node.get("joinType")) or "Anti" in str(node.get("joinType")):
            return below[0]
        return through

    def sources(self, number: int) -> set[Source]:
        """Return the columns of the lake that an expression comes from."""
        seen, to_do, found = set(), [number], set()
        while to_do:
            here = to_do.pop()
            if here in seen:
                continue
            seen.add(here)
            if here in self.leaf:
                found.add(self.leaf[here])
            else:
                to_do.extend(self.made_of.get(here, ()))
        return found

    def _name(self, alias: str, columns: list[tuple[int, str]]) -> None:
        if alias.startswith(ALIAS):
            self.leaf |= {number: (alias.removeprefix(ALIAS), name) for number, name in columns}

    def _made(self, expressions: list[list[_Node]]) -> list[tuple[int, str]]:
        output = []
        for expression in expressions:
            number, name = _named(expression)
            if expression[0]["class"].endswith(".Alias"):
                self.made_of.setdefault(number, set()).update(_numbers(expression[1:]))
            output.append((number, name))
        return output

    def _from(self, outputs: list[list[_Node]], numbers: set[int]) -> list[tuple[int, str]]:
        columns = [_named(output) for output in outputs]
        for number, _ in columns:
            self.made_of.setdefault(number, set()).update(numbers)
        return columns

    def _union(self, below: list[list[tuple[int, str]]]) -> list[tuple[int, str]]:
        first, *rest = below
        for other in rest:
            for (number, _), (like, _) in zip(first, other, strict=False):
                if number != like:
                    # A column of the lake that others are added to is no longer that column alone.
                    own = self.leaf.get(number)
                    if own is not None:
                        number = self._beside(number, own)
                    self.made_of.setdefault(number, set()).add(like)
        return first

    def _beside(self, number: int, own: Source) -> int:
        """Let a numbered column of the lake be made of itself and others."""
        del self.leaf[number]
        itself = -number - 1
        self.leaf[itself] = own
        self.made_of.setdefault(number, set()).add(itself)
        return number


def _named(expression: list[_Node]) -> tuple[int, str]:
    top = expression[0]
    return int(top["exprId"]["id"]), str(top["name"])


def _numbers(part: Any) -> set[int]:
    """Return the numbers of all attributes that stand anywhere in a part of a plan."""
    if isinstance(part, list):
        return {number for inner in part for number in _numbers(inner)}
    if not isinstance(part, dict):
        return set()
    if str(part.get("class", "")).endswith(".AttributeReference"):
        return {int(part["exprId"]["id"])}
    return {number for inner in part.values() if isinstance(inner, list | dict) for number in _numbers(inner)}
