"""One run of the demo for all tests of this folder: the real command, in a home of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from analytics.warehouse import WarehouseReader, open_reader

PROJECT = Path(__file__).resolve().parents[2]
LAST_WEEK, LAST_DAY = "2026-05-25", "2026-05-31"
"""Fixed, so that every run of the tests sees the same weeks."""


@dataclass(frozen=True)
class Centre:
    """The home of the demo, what it printed, its planted truth, and a reader of what was published."""

    home: Path
    printed: str
    truth: dict[str, Any]
    reader: WarehouseReader

    def planted(self, kind: str) -> dict[str, Any]:
        """Return the planted event of a kind."""
        return next(event for event in self.truth["events"] if event["kind"] == kind)

    def run_again(self) -> subprocess.CompletedProcess[str]:
        """Run the whole way over its last week once more, as a window of its own and without Airflow."""
        return kesheng("run", "--day", LAST_WEEK, "--to", LAST_DAY, home=self.home)


def kesheng(*arguments: str, home: Path, timeout_seconds: int = 2400) -> subprocess.CompletedProcess[str]:
    """Run the kesheng command in a home of its own."""
    command = [sys.executable, "-m", "jobs.cli", *arguments]
    environment = {**os.environ, "KESHENG_HOME": str(home)}
    return subprocess.run(
        command, cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=timeout_seconds, check=False
    )


@pytest.fixture(scope="session")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    home = tmp_path_factory.mktemp("centre")
    done = kesheng("demo", "--last-day", LAST_DAY, home=home)
    assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
    truth = json.loads((home / "demo" / "truth.json").read_text(encoding="utf-8"))
    with open_reader(home / "warehouse" / "voc.duckdb") as reader:
        yield Centre(home, done.stdout + done.stderr, truth, reader)
