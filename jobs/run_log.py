"""The table `run`: one row for each job over each window, whether it went well or not."""

from __future__ import annotations

import datetime as dt
import json
import os
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq

from analytics.schema import TABLES
from analytics.schema.versions import marked_file
from analytics.settings import Settings
from jobs.lake_version import claim
from jobs.lineage import traced
from jobs.window import Window


@dataclass
class Counts:
    """What a job counts while it runs; rows, and the hashes of dictionaries and models it used."""

    rows_in: int = 0
    rows_out: int = 0
    rows_rejected: int = 0
    inputs: dict[str, str] = field(default_factory=dict)


@contextmanager
def recorded(job: str, window: Window, lake: Path) -> Iterator[Counts]:
    """Write a row of `run` when the block ends: `done`, or `failed` when it raises (which it still does).

    What it read and wrote is kept as lineage, beside the lake.
    """
    with _recorded(job, window, window, lake) as counts:
        yield counts


@contextmanager
def recorded_whole(job: str, settings: Settings) -> Iterator[Counts]:
    """As `recorded`, for a job that works on everything there is: its window is the local day on which it ran."""
    today = dt.datetime.now(ZoneInfo(settings.timezone)).date()
    with _recorded(job, Window(today, today), None, settings.lake) as counts:
        yield counts


@contextmanager
def _recorded(job: str, window: Window, nominal: Window | None, lake: Path) -> Iterator[Counts]:
    counts, began, status = Counts(), time.monotonic(), "failed"
    run_id = uuid.uuid4()
    claim(lake)
    try:
        with traced(job, str(run_id), nominal, lake.parent / "lineage"):
            yield counts
        status = "done"
    finally:
        row = {"run_id": run_id.hex, **_row(job, window, counts, status)}
        # Of a job that failed on a full disk the job's own error is to be told, not that its row has no room either.
        with nullcontext() if status == "done" else suppress(OSError):
            _write(lake, row | {"seconds": time.monotonic() - began})


def code_version() -> str:
    """Return the version of Kesheng that runs."""
    try:
        return version("kesheng")
    except PackageNotFoundError:
        return "not installed"


def _row(job: str, window: Window, counts: Counts, status: str) -> dict[str, object]:
    return {
        "job": job,
        "window_start": window.first,
        "window_end": window.last,
        "status": status,
        "rows_in": counts.rows_in,
        "rows_out": counts.rows_out,
        "rows_rejected": counts.rows_rejected,
        "code_version": code_version(),
        "finished_at": dt.datetime.now(dt.UTC),
        "inputs": json.dumps(counts.inputs, sort_keys=True),
    }


def _write(lake: Path, row: dict[str, object]) -> None:
    folder = lake / "run"
    folder.mkdir(parents=True, exist_ok=True)
    final = folder / f"{row['run_id']}.parquet"
    private = folder / f"_{row['run_id']}.parquet"
    schema = TABLES["run"].arrow().with_metadata(marked_file("run"))
    pq.write_table(pa.Table.from_pylist([row], schema=schema), private)
    with private.open("rb") as written:
        os.fsync(written.fileno())  # a row that a power cut left empty would keep every later run from reading them
    private.replace(final)
