"""How fast records get from exports into the lake, beside pandas that only reads and masks them in one process.

    python -m benchmarks.conform [--utterances 1000000]

Both read the same simulated exports (calls as JSON Lines, chats and orders as CSV). Ours is the two whole commands,
`kesheng collect all` and the conform job on 2 cores, starting Python and the JVM included: it lands, finds days, reads
times, puts sessions together, hashes persons, masks, makes the simplified copy and writes Parquet. The plain one is one
Python process that reads the files with pandas and masks each text with the same rules, and throws the rest away. A
third runs the conform job's own functions over landing in one process, without Spark.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import duckdb

from analytics.simulate import Plan, simulate
from analytics.warehouse import lake_files, select_sql

PROJECT = Path(__file__).resolve().parents[1]
FIRST_DAY = dt.date(2026, 3, 2)
DAYS = 7
_TURNS_A_CONTACT = 11.8
_PLAIN = """
import json, sys, time
from pathlib import Path
import pandas as pd
from analytics.text.redact import redact
began = time.monotonic()
n = 0
for path in sorted(Path(sys.argv[1]).glob("c*/*")) + sorted(Path(sys.argv[1]).glob("orders/*")):
    if path.suffix == ".jsonl":
        frame = pd.read_json(path, lines=True)
        texts = frame["segments"].explode().map(lambda segment: segment["text"])
    else:
        frame = pd.read_csv(path, dtype=str)
        texts = frame["text"] if "text" in frame else pd.concat([frame[c] for c in ("title", "content", "reply")])
    n += len(texts.dropna().map(redact))
print(json.dumps({"texts": n, "seconds": time.monotonic() - began}))
"""
_SAME = """
import io, json, time
import pyarrow.parquet as pq
began = time.monotonic()
from analytics.settings import load_settings
from jobs.sources.conform_file import conform_landed
from jobs.sources.manifest import manifest
settings = load_settings()
for file in manifest(settings.landing):
    for table in conform_landed(file, settings).to_arrow().values():
        pq.write_table(table, io.BytesIO(), compression="zstd")
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--utterances", type=int, default=1_000_000)
    parser.add_argument("--cores", type=int, default=2)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="kesheng-bench-") as folder:
        home = Path(folder)
        per_day = max(50, round(given.utterances / _TURNS_A_CONTACT / DAYS))
        simulate(Plan(FIRST_DAY, days=DAYS, contacts_per_day=per_day), home / "demo")
        collect = _timed(home, given.cores, "-m", "jobs.cli", "collect", "all")
        last = FIRST_DAY + dt.timedelta(days=DAYS - 1)
        conform = _timed(home, given.cores, "-m", "jobs.conform", "--day", str(FIRST_DAY), "--to", str(last))
        n_turns = _rows(home, "utterance")
        same = _timed(home, 1, "-c", _SAME)
        plain = _timed(home, 1, "-c", _PLAIN, str(home / "demo"))
    print(f"{n_turns:,} utterances of {per_day:,} contacts a day over {DAYS} days")
    print(f"collect                      {collect:7.1f} s")
    print(f"conform, {given.cores} cores             {conform:7.1f} s")
    print(f"collect + conform            {collect + conform:7.1f} s  {n_turns / (collect + conform):9,.0f} rows/s")
    print(f"same functions, one process  {same:7.1f} s  (conform only, Parquet thrown away)")
    print(f"pandas: read and mask        {plain:7.1f} s  {n_turns / plain:9,.0f} rows/s")
    print(f"ours / pandas, rows/s        {plain / (collect + conform):7.2f}")
    return 0


def _timed(home: Path, cores: int, *arguments: str) -> float:
    environment = {**os.environ, "KESHENG_HOME": str(home), "SPARK_MASTER": f"local[{cores}]"}
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, *arguments], cwd=PROJECT, env=environment, capture_output=True, text=True, check=False
    )
    seconds = time.monotonic() - began
    if done.returncode:
        raise SystemExit(f"{arguments[1]} stopped: {done.stderr.strip()[-2000:]}")
    return seconds


def _rows(home: Path, table: str) -> int:
    with duckdb.connect() as connection:
        found = connection.execute(f"SELECT count(*) FROM ({select_sql(table, lake_files(home / 'lake', table))})")
        return int(found.fetchall()[0][0])


if __name__ == "__main__":
    sys.exit(main())
