"""Of which version the lake is: what code wrote it last, and which of its days are of before.

`_schema.json` in the lake's folder has the highest version in which each table was ever written, so that a job of an
older Kesheng stops before it mixes its rows in; each Parquet file says its own version besides (`jobs.lake`).
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from analytics.errors import SchemaError
from analytics.schema import TABLES
from analytics.schema.versions import Change, steps_from, version_of
from analytics.warehouse.lake_files import day_of, file_version, lake_files

FILE = "_schema.json"


@dataclass(frozen=True)
class Older:
    """A change that some files of a table came before: how many, and the days of those with days."""

    change: Change
    n_files: int
    days: tuple[dt.date, ...]


def claim(lake: Path) -> None:
    """Note that this code writes the lake from now on.

    Raises
    ------
    SchemaError
        If a later version wrote it, which knows more than this code would keep.
    """
    noted = _noted(lake)
    refuse_later(lake, noted)
    ours = {name: version_of(name) for name in TABLES}
    if noted == ours:
        return
    lake.mkdir(parents=True, exist_ok=True)
    private = lake / f"_{os.getpid()}{FILE}"
    private.write_text(json.dumps({"tables": {**noted, **ours}}, indent=1) + "\n", encoding="utf-8")
    private.replace(lake / FILE)


def refuse_later(lake: Path, noted: Mapping[str, int] | None = None) -> None:
    """Raise `SchemaError` where a later version wrote the lake."""
    found = _noted(lake) if noted is None else noted
    later = [f"{name} {version}" for name, version in found.items() if name in TABLES and version > version_of(name)]
    if later:
        first = later[0].split()[0]
        raise SchemaError(
            f"lake {lake}: expected tables of this version or before ({first} {version_of(first)}), got"
            f" {', '.join(later)}: a later Kesheng wrote it. Install that one, or name another home;"
            " see docs/upgrades.md"
        )


def older_files(lake: Path) -> list[Older]:
    """Return the changes that files of the lake came before, table by table; looks at the end of every file.

    Raises
    ------
    SchemaError
        If a file cannot be read.
    """
    found = []
    for table in TABLES:
        if not steps_from(table, 1):
            continue
        versions = {file: file_version(file, table) for file in lake_files(lake, table)}
        for change in steps_from(table, 1):
            files = [file for file, version in versions.items() if version < change.version]
            days = sorted({dt.date.fromisoformat(day) for file in files if (day := day_of(file))})
            if files:
                found.append(Older(change, len(files), tuple(days)))
    return found


def _noted(lake: Path) -> dict[str, int]:
    try:
        found: dict[str, int] = json.loads((lake / FILE).read_text("utf-8"))["tables"]
    except FileNotFoundError:
        return {}
    except (ValueError, KeyError) as error:
        raise SchemaError(
            f"{lake / FILE}: expected the versions of the tables, got something else; remove the file"
        ) from error
    return found
