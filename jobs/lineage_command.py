"""`kesheng lineage TABLE`: where a table comes from, or what is made from it, as the last runs had it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.tree import Tree

from analytics.errors import ConfigError


@dataclass(frozen=True)
class Made:
    """How a data set was last made by one job."""

    job: str
    at: str
    inputs: tuple[str, ...]
    columns: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)


Lineage = dict[str, list[Made]]
"""Data set → how it was last made by each job that writes it."""


def read_lineage(folder: Path) -> Lineage:
    """Return what the newest event of each job says of each data set it wrote.

    Raises
    ------
    ConfigError
        If no job has run yet, or a line is no event.
    """
    found: dict[tuple[str, str], Made] = {}
    for event in _events(folder):
        inputs = tuple(part["name"] for part in event.get("inputs", ()))
        for output in event.get("outputs", ()):
            key = (output["name"], event["job"]["name"])
            if key not in found:
                found[key] = Made(event["job"]["name"], event["eventTime"], inputs, _columns(output))
    if not found:
        raise ConfigError(f"lineage: expected events of jobs in {folder}, found none; run `kesheng run` first")
    lineage: Lineage = {}
    for (table, _), made in sorted(found.items()):
        lineage.setdefault(table, []).append(made)
    return lineage


def tree_of(lineage: Lineage, table: str, *, down: bool = False) -> Tree:
    """Return the tree of what a table is made from; with `down`, of what is made from it.

    Raises
    ------
    ConfigError
        If the table is not known.
    """
    known = set(lineage) | {name for makers in lineage.values() for made in makers for name in made.inputs}
    if table not in known:
        raise ConfigError(f"lineage: expected one of {', '.join(sorted(known))}, got {table!r}")
    tree = Tree(table)
    _grow(tree, lineage, table, {table}, down=down)
    return tree


def column_lines(lineage: Lineage, table: str, column: str) -> list[str]:
    """Return, for one column, what it is made from: `table.column  (job)`.

    Raises
    ------
    ConfigError
        If nothing is known of the column.
    """
    makers = lineage.get(table, [])
    found = [f"{source}.{name}  ({made.job})" for made in makers for source, name in made.columns.get(column, ())]
    if found:
        return found
    known = sorted({name for made in makers for name in made.columns})
    said = f"expected one of {', '.join(known)}" if known else "expected columns that Spark knows, there are none"
    raise ConfigError(f"lineage: {table}: {said}, got {column!r}; what the job read: kesheng lineage {table}")


def _grow(branch: Tree, lineage: Lineage, table: str, above: set[str], *, down: bool) -> None:
    for job, at, names in _down(lineage, table) if down else _up(lineage, table):
        twig = branch.add(f"[dim]{job}  {at[:16].replace('T', ' ')} UTC[/dim]")
        for name in names:
            leaf = twig.add(name if name not in above else f"{name} [dim]…[/dim]")
            if name not in above:
                _grow(leaf, lineage, name, above | {name}, down=down)


def _up(lineage: Lineage, table: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for made in lineage.get(table, []):
        yield made.job, made.at, tuple(name for name in made.inputs if name != table)


def _down(lineage: Lineage, table: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    jobs: dict[str, tuple[str, list[str]]] = {}
    for name, makers in lineage.items():
        for made in makers:
            if table in made.inputs and name != table:
                jobs.setdefault(made.job, (made.at, []))[1].append(name)
    for job, (at, names) in jobs.items():
        yield job, at, tuple(names)


def _events(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield events of jobs that ended well, the newest first."""
    for file in sorted(folder.glob("*.ndjson"), reverse=True):
        for number, line in reversed(list(enumerate(file.read_text("utf-8").splitlines(), start=1))):
            try:
                event: dict[str, Any] = json.loads(line)
            except ValueError as error:
                if not line.endswith("}"):  # cut off: the machine stopped while it was written
                    continue
                raise ConfigError(f"lineage: {file}, line {number}: expected JSON; remove the line") from error
            if event.get("eventType") == "COMPLETE":
                yield event


def _columns(output: dict[str, Any]) -> dict[str, tuple[tuple[str, str], ...]]:
    fields = output.get("facets", {}).get("columnLineage", {}).get("fields", {})
    return {
        column: tuple((source["name"], source["field"]) for source in made["inputFields"])
        for column, made in fields.items()
    }
