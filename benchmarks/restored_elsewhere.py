"""A site kept, and brought back on another machine: what it publishes must be the same.

    .venv/bin/python -m benchmarks.restored_elsewhere --contacts-per-day 200 --days 14

A simulated centre is collected and run in one home, and kept by `kesheng backup`. In a second home, with settings of
its own, the backup is restored, `landing` put beside it, and `kesheng run` works through it. All published tables
are compared by their content; `run` is left out, which says when and how long.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from analytics.schema import TABLES
from analytics.warehouse import table_hash

ROOT = Path(__file__).parents[1]
LEFT_OUT = {"run", "quality"}


def kesheng(machine: Path, *arguments: str) -> float:
    """Run the command for a machine; return the seconds it took."""
    environ = os.environ | {"KESHENG_HOME": str(machine / "var"), "KESHENG_SETTINGS": str(machine / "settings.toml")}
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "jobs.cli", *arguments],
        env=environ,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"kesheng {' '.join(arguments)}: exit code {done.returncode}\n{done.stderr[-2000:]}")
    return time.monotonic() - began


def hashes(machine: Path) -> dict[str, str]:
    """Return what each published table holds, as a hash."""
    with duckdb.connect(str(machine / "var" / "warehouse" / "voc.duckdb"), read_only=True) as connection:
        return {
            name: table_hash(connection, name)
            for name, table in TABLES.items()
            if table.published and name not in LEFT_OUT
        }


def main() -> int:
    """Go there and back, and print what differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contacts-per-day", type=int, default=200)
    parser.add_argument("--days", type=int, default=14)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        old, new = Path(folder) / "old", Path(folder) / "new"
        for machine in (old, new):
            machine.mkdir()
            shutil.copy(ROOT / "settings.toml", machine)
        (new / "settings.toml").write_text("# a fresh machine's\n", "utf-8")
        size = ["--contacts-per-day", str(given.contacts_per_day), "--days", str(given.days)]
        kesheng(old, "simulate", "--out", str(old / "var" / "demo"), *size)
        kesheng(old, "collect", "all")
        kesheng(old, "run")
        kesheng(old, "backup", str(Path(folder) / "kept.tar.gz"))
        n_bytes = (Path(folder) / "kept.tar.gz").stat().st_size
        kesheng(new, "restore", str(Path(folder) / "kept.tar.gz"))
        shutil.copytree(old / "var" / "landing", new / "var" / "landing")
        kesheng(new, "run")
        was, now = hashes(old), hashes(new)
    differing = sorted(name for name in was if was[name] != now[name])
    print(f"| {given.contacts_per_day} contacts a day, {given.days} days | seen |\n|---|---|")
    print(f"| bytes of the backup | {n_bytes:,} |")
    print(f"| published tables the same | {len(was) - len(differing)} of {len(was)} |")
    print(f"| tables that differ | {', '.join(differing) or 'none'} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
