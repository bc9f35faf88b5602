"""A small home that faults are tried on: how it is made, how two of them are compared, and where one goes back to."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from analytics.inbox.dump import dumped
from analytics.schema import TABLES
from analytics.settings import Settings
from analytics.warehouse import lake_files
from jobs.sources.manifest import manifest

LEFT_OUT = {"run", "quality"}
"""Tables that say when something ran: two runs are two rows."""
_TIMES = ("_at", "seconds", "token", "delivery_id", "run_id")


@dataclass(frozen=True)
class Content:
    """What a home holds: each table's and place's rows, by their hash, as often as they occur."""

    rows: dict[str, Counter[str]]

    def lost(self, expected: Content) -> int:
        """Return how many rows that are expected are not there."""
        return sum(sum((rows - self.rows.get(name, Counter())).values()) for name, rows in expected.rows.items())

    def doubled(self, expected: Content) -> int:
        """Return how many rows are there beyond those expected."""
        return sum(sum((rows - expected.rows.get(name, Counter())).values()) for name, rows in self.rows.items())

    def where(self, expected: Content) -> list[str]:
        """Return the names of what differs."""
        return sorted(name for name in {*self.rows, *expected.rows} if self.rows.get(name) != expected.rows.get(name))


def content_of(settings: Settings, *, warehouse: bool = False) -> Content:
    """Return what landing, lake and inbox hold; with `warehouse`, what was published too."""
    rows: dict[str, Counter[str]] = {"landing": _landing(settings)}
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        for name in sorted(set(TABLES) - LEFT_OUT):
            if files := lake_files(settings.lake, name):
                named = ", ".join(f"'{file}'" for file in files)
                rows[f"lake/{name}"] = _hashed(connection, f"read_parquet([{named}], hive_partitioning = true)")
        if warehouse and settings.warehouse.exists():
            connection.execute(f"ATTACH '{settings.warehouse}' AS voc (READ_ONLY)")
            published = sorted(name for name, table in TABLES.items() if table.published)
            for name in sorted(set(published) - LEFT_OUT - {"landed_file", "alert"}):
                rows[f"warehouse/{name}"] = _hashed(connection, f'voc."{name}"')
    rows |= {f"inbox/{name}": Counter(map(_without_times, lines)) for name, lines in dumped(settings.inbox_url).items()}
    return Content({name: found for name, found in rows.items() if found})


def go_back(state: Path, home: Path) -> None:
    """Make `home` what `state` holds."""
    home.mkdir(parents=True, exist_ok=True)
    for left in home.iterdir():
        if left.is_dir():
            shutil.rmtree(left)
        else:
            left.unlink()
    shutil.copytree(state, home, dirs_exist_ok=True)


def listing(settings: Settings) -> dict[str, tuple[int, int]]:
    """Return the files of a home, each with what changes when it is written: inode and size."""
    found = {}
    for file in settings.home.rglob("*"):
        try:
            if file.is_file() and ".lock" not in file.name and "lineage" not in file.parts:
                status = file.stat()
                found[str(file)] = (status.st_ino, status.st_size)
        except FileNotFoundError:
            continue
    return found


def _hashed(connection: duckdb.DuckDBPyConnection, source: str) -> Counter[str]:
    found = connection.execute(f"SELECT md5(to_json(t)::VARCHAR), count(*) FROM {source} AS t GROUP BY 1").fetchall()
    return Counter({str(key): int(n) for key, n in found})


def _landing(settings: Settings) -> Counter[str]:
    files = [replace(file, collected_at=file.collected_at.replace(year=2000, month=1, day=1, hour=0, minute=0, second=0,
             microsecond=0)) for file in manifest(settings.landing)]  # fmt: skip
    content = [(settings.landing / file.file).read_bytes() for file in files]
    return Counter(
        hashlib.sha256(file.to_json().encode() + data).hexdigest() for file, data in zip(files, content, strict=True)
    )


def _without_times(line: str) -> str:
    row = json.loads(line)
    return json.dumps({name: value for name, value in row.items() if not name.endswith(_TIMES)}, sort_keys=True)
