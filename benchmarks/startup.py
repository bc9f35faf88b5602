"""How long commands take to say something, and `kesheng analyze` on real text.

    python -m benchmarks.startup                      # every command: processor seconds, best of three
    python -m benchmarks.startup --rows 5000 200000   # also analyze so many reviews (minutes)

Processor seconds hold on a busy machine; wall seconds only where the load that is printed is low. Reviews are read in
place, put together anew until there are enough, and written to a temporary folder alone.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from analytics.settings import PROJECT
from benchmarks.command_line import corpora_parser, options_of

COMMANDS = (
    *("--help", "doctor", "alerts list", "alerts --help", "lineage contact", "kpis", "person show x", "person --help"),
    *("rules list", "rules --help", "topics list", "topics --help", "users list", "users roles", "words list"),
    *("report --week 2026-W37", "train --help", "run --help", "run nosuchjob", "run --day nonsense", "collect nosuch"),
    *(
        "analyze --help",
        "analyze nosuch.csv",
        "serve --help",
        "erase --help",
        "retention --dry-run",
        "repair --dry-run",
    ),
    *("backup --help", "restore nosuch.tar.gz", "simulate --help", "demo --help", "nosuchcommand"),
)
"""Each says its help, an answer out of an empty home, or what is wrong."""
BAR_SECONDS = 1.0
_TEXTS = (("sentiment/online_shopping_7_cats.csv", "review"), ("sentiment/waimai_10k.csv", "review"))
_N_JOINED = (1, 3)


class Cost(NamedTuple):
    """Processor and wall seconds of a command with all its processes, and its exit code."""

    processor: float
    wall: float
    code: int


def cost_of(arguments: Sequence[str], home: Path) -> Cost:
    """Run `kesheng` with `arguments` in a home folder; return what it cost."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    command = [sys.executable, "-m", "jobs.cli", *arguments]
    environment = {**os.environ, "KESHENG_HOME": str(home)}
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(used, time.monotonic() - began, done.returncode)


def print_commands(commands: Sequence[str], n_times: int) -> None:
    """Print a Markdown table of the cheapest of `n_times` runs of each command in an empty home."""
    print("| command | processor s | exit code | within the bar |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as home:
        for command in commands:
            best = min(cost_of(command.split(), Path(home)) for _ in range(n_times))
            is_in = "yes" if best.processor <= BAR_SECONDS else "no"
            print(f"| kesheng {command} | {best.processor:.2f} | {best.code} | {is_in} |", flush=True)


def reviews(corpora: Path, n_rows: int, *, seed: int = 8) -> Iterator[tuple[str, str, int]]:
    """Yield day, text and stars of `n_rows` made of real reviews: those as they are, then some joined by a seed."""
    rng = random.Random(seed)
    texts: list[tuple[str, int]] = []
    for name, column in _TEXTS:
        with (corpora / name).open(encoding="utf-8-sig", newline="") as file:
            texts += [(row[column], 5 if row["label"] == "1" else 1) for row in csv.DictReader(file) if row[column]]
    rng.shuffle(texts)
    for n in range(n_rows):
        chosen = [texts[n]] if n < len(texts) else rng.sample(texts, rng.randint(*_N_JOINED))
        day = f"2026-{1 + n % 6:02d}-{1 + n // 6 % 28:02d} {n % 24:02d}:00"
        yield day, "。".join(text for text, _ in chosen), chosen[0][1]


def print_analyze(corpora: Path, sizes: Sequence[int]) -> None:
    """Print a Markdown table of `kesheng analyze` on each number of reviews; the mood model is there already."""
    print("| reviews | processor s | wall s | load before | exit code |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        cost_of(["train", "sentiment"], home)
        for n_rows in sizes:
            file = Path(folder) / f"{n_rows}.csv"
            with file.open("w", encoding="utf-8", newline="") as out:
                csv.writer(out).writerows([("时间", "内容", "评分"), *reviews(corpora, n_rows)])
            load = os.getloadavg()[0]
            cost = cost_of(["analyze", str(file), "--out", str(Path(folder) / f"out-{n_rows}")], home)
            print(f"| {n_rows:,} | {cost.processor:.0f} | {cost.wall:.0f} | {load:.1f} | {cost.code} |", flush=True)


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line and print the tables."""
    parser = corpora_parser(__doc__)
    parser.add_argument("--rows", type=int, nargs="*", default=[], help="analyze so many reviews")
    parser.add_argument("--times", type=int, default=3, help="runs of each command, of which the cheapest counts")
    parser.add_argument("--only", nargs="*", default=list(COMMANDS), help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    print_commands(given.only, given.times)
    if given.rows:
        print_analyze(options_of(parser, arguments).corpora, given.rows)


if __name__ == "__main__":
    main()
