"""What a day of contacts costs, from exports to messages: time by job, memory, disk, and how it grows.

``python -m benchmarks.scale [SIZE ...] [--plain] [--keep DIR]`` simulates a day of each size (10000 100000 1200000 by
default), runs `kesheng collect` and `kesheng run` on it as anybody would, and prints Markdown. With ``--plain`` the
same 10,000 contacts go through pandas, jieba, SnowNLP and BERTopic as they come (`benchmarks.scale_plain`). Growth is
the exponent b of seconds = a · n^b over the two largest sizes.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.measured import Measured, measured

SIZES = (10_000, 100_000, 1_200_000)
PLAIN = 10_000
DAY = "2026-03-02"
KESHENG = (sys.executable, "-m", "jobs.cli")


@dataclass
class Size:
    """What a size took."""

    n: int
    n_turns: int
    collect: Measured
    run: Measured
    jobs: dict[str, float]
    landing: float
    lake: float
    warehouse: float

    @property
    def seconds(self) -> float:
        """Collect and run together."""
        return self.collect.seconds + self.run.seconds

    @property
    def memory(self) -> float:
        """The most memory of both, in GB."""
        return max(self.collect.memory, self.run.memory)


def one_size(n: int, folder: Path) -> Size:
    """Simulate a day of `n` contacts, and take it from collect to notify."""
    home = folder / "var"
    environment = {**os.environ, "KESHENG_HOME": str(home), "SPARK_MASTER": "local[2]"}
    log = folder / "log.txt"
    simulate = [
        "simulate",
        "--out",
        str(home / "demo"),
        "--contacts-per-day",
        str(n),
        "--days",
        "1",
        "--first-day",
        DAY,
    ]
    measured([*KESHENG, *simulate], environment, log)
    collect = Measured()
    for source in ("calls", "chats", "orders"):
        part = measured([*KESHENG, "collect", source], environment, log)
        collect.seconds += part.seconds
        collect.processor_seconds += part.processor_seconds
        collect.memory = max(collect.memory, part.memory)
    run = measured([*KESHENG, "run", "--day", DAY], environment, log)
    with duckdb.connect(str(home / "warehouse" / "voc.duckdb"), read_only=True) as warehouse:
        jobs = dict(warehouse.execute("SELECT job, sum(seconds) FROM run GROUP BY job").fetchall())
        (turns,) = warehouse.execute("SELECT sum(n_turns) FROM contact").fetchone() or (0,)
    disk = [_gigabytes(home / name) for name in ("landing", "lake", "warehouse")]
    return Size(n, int(turns), collect, run, jobs, *disk)


def exponent(sizes: list[Size], fixed: float) -> float:
    """Return b of seconds = a · n^b between the two largest sizes, `fixed` seconds taken off each."""
    first, second = sorted(sizes, key=lambda size: size.n)[-2:]
    return math.log((second.seconds - fixed) / (first.seconds - fixed)) / math.log(second.n / first.n)


def _gigabytes(folder: Path) -> float:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1024**3


def _print(sizes: list[Size]) -> None:
    print("| contacts | turns | collect s | run s | turns/s | CPU s | GB (JVM + Python) | landing, lake, warehouse |")
    print("|---|---|---|---|---|---|---|---|")
    for size in sizes:
        processor = size.collect.processor_seconds + size.run.processor_seconds
        print(
            f"| {size.n:,} | {size.n_turns:,} | {size.collect.seconds:.0f} | {size.run.seconds:.0f} |"
            f" {size.n_turns / size.seconds:,.0f} | {processor:.0f} |"
            f" {size.memory:.1f} ({size.run.memory_java:.1f} + {size.run.memory_python:.1f}) |"
            f" {size.landing:.2f}, {size.lake:.2f}, {size.warehouse:.2f} |"
        )
    jobs = list(sizes[-1].jobs)
    jobs.sort(key=lambda job: -sizes[-1].jobs[job])
    print("\n| job, seconds | " + " | ".join(f"{size.n:,}" for size in sizes) + " |")
    print("|---|" + "---|" * len(sizes))
    for job in jobs:
        print(f"| {job} | " + " | ".join(f"{size.jobs.get(job, math.nan):.1f}" for size in sizes) + " |")
    if len(sizes) > 1:
        fixed = min(sizes, key=lambda size: size.n).seconds
        print(f"\ngrowth between the two largest: n^{exponent(sizes, 0):.2f};", end=" ")
        print(
            f"with the {fixed:.0f} s of the smallest taken off: n^{exponent(sizes, fixed):.2f}"
            if len(sizes) > 2
            else ""
        )


def _against_the_plain(sizes: list[Size], root: Path) -> dict[str, float]:
    """Run the plain stack on a day of `PLAIN` contacts, print the ratios, and return its figures."""
    folder = root / str(PLAIN)
    folder.mkdir(exist_ok=True)
    ours = next((size for size in sizes if size.n == PLAIN), None) or one_size(PLAIN, folder)
    command = [sys.executable, "-m", "benchmarks.scale_plain", str(folder / "var" / "demo")]
    plain = measured(command, os.environ, folder / "log.txt")
    best = sizes[-1]
    print(f"\nplain stack on {PLAIN:,}: {plain.seconds:.0f} s, {plain.memory:.1f} GB;", end=" ")
    print(f"ours on the same {ours.seconds:.0f} s: {plain.seconds / ours.seconds:.1f} ×;", end=" ")
    ratio = (plain.seconds / PLAIN) / (best.seconds / best.n)
    print(f"a contact, ours on {best.n:,}: {ratio:.0f} ×")
    return {"n": PLAIN, "seconds": plain.seconds, "memory": plain.memory}


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=list(SIZES))
    parser.add_argument("--plain", action="store_true", help="the plain stack on 10,000 contacts too")
    parser.add_argument("--json", type=Path, help="file for the figures, to be drawn by benchmarks.scale_plot")
    parser.add_argument("--keep", type=Path, help="folder for what is made; it is not removed")
    given = parser.parse_args()
    root = given.keep or Path(tempfile.mkdtemp(prefix="kesheng-scale-"))
    try:
        sizes = []
        for n in sorted(given.sizes):
            (root / str(n)).mkdir(parents=True, exist_ok=True)
            sizes.append(one_size(n, root / str(n)))
            print(f"{n:,} contacts: {sizes[-1].seconds:.0f} s", file=sys.stderr)
        _print(sizes)
        kept: dict[str, Any] = {
            "sizes": [{"n": one.n, "turns": one.n_turns, "seconds": one.seconds, "memory": one.memory} for one in sizes]
        }
        if given.plain:
            kept["plain"] = _against_the_plain(sizes, root)
        if given.json:
            given.json.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    finally:
        if given.keep is None:
            shutil.rmtree(root, ignore_errors=True)


if __name__ == "__main__":
    main()
