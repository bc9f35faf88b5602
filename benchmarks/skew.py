"""Days that are far from usual, against an even day of the same size: does each finish, and at what cost.

``python -m benchmarks.skew [--contacts N] [--only CASE ...]`` simulates a day, makes it uneven in one way, and takes it
through `kesheng collect` and `kesheng run` in local mode with the settings as they come. Prints Markdown: processor
seconds and the most memory, which depend little on who else uses the machine.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.measured import Measured, measured

DAY = "2026-03-02"
KESHENG = (sys.executable, "-m", "jobs.cli")
TEMPLATE = "家人们听我一句劝这家店的东西闭眼入真的不踩雷已经回购三次了一定要来试试看"
"""Long enough to be a burst of one text."""
Row = dict[str, Any]
Change = Callable[[int, Row], None]
"""Changes one row of an export in place; given the place of its contact."""


def one_template(place: int, row: Row) -> None:
    """Let the customer of three contacts in four say one text, whatever they said."""
    if place % 4 and row.get("speaker", "customer") == "customer":
        row["content" if "content" in row else "text"] = TEMPLATE


def one_channel(place: int, row: Row) -> None:
    """Put nine contacts in ten on one channel."""
    if place % 10:
        row["channel"] = "app"


def one_phone(place: int, row: Row) -> None:
    """Give every second contact one phone, as a company's switchboard does."""
    if place % 2:
        row["phone"] = "13800001111"


CASES: dict[str, Change | None] = {
    "even": None,
    "one template in 3 of 4 contacts": one_template,
    "one channel with 90 %": one_channel,
    "one phone on half of the contacts": one_phone,
}


def change_exports(folder: Path, change: Change) -> None:
    """Change every row of the exports under `folder`; rows of one contact get one place."""
    for file in sorted(folder.rglob("*.csv")):
        with file.open(encoding="utf-8", newline="") as given:
            rows = list(csv.DictReader(given))
        places: dict[str, int] = {}
        for row in rows:
            change(places.setdefault(next(iter(row.values())), len(places)), row)
        with file.open("w", encoding="utf-8", newline="") as target:
            writer = csv.DictWriter(target, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    for file in sorted((folder / "calls").glob("*.jsonl")):
        calls = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
        for place, call in enumerate(calls):
            spoken = {"channel": call["channel"], "phone": call.get("phone"), "text": "", "speaker": "nobody"}
            change(place, spoken)
            call.update(channel=spoken["channel"], phone=spoken["phone"])
            for segment in call["segments"]:
                change(place, segment)
        file.write_text("".join(json.dumps(call, ensure_ascii=False) + "\n" for call in calls), "utf-8")


def took(home: Path, n: int, change: Change | None) -> Measured:
    """Simulate a day of `n` contacts, change it, collect and run it; return what the run took."""
    environment, log = _environment(home), home.parent / f"{home.name}.log"
    days = ("--contacts-per-day", str(n), "--days", "1", "--first-day", DAY)
    measured([*KESHENG, "simulate", "--out", str(home / "demo"), *days], environment, log)
    if change:
        change_exports(home / "demo", change)
    measured([*KESHENG, "collect", "all"], environment, log)
    return measured([*KESHENG, "run", "--day", DAY], environment, log)


def nothing(home: Path) -> Measured:
    """Run a day of which landing has nothing, beside one that has."""
    return measured([*KESHENG, "run", "--day", "2026-03-03"], _environment(home), home.parent / "nothing.log")


def _environment(home: Path) -> dict[str, str]:
    return {**os.environ, "KESHENG_HOME": str(home), "SPARK_MASTER": "local[2]"}


def _seen(home: Path) -> str:
    with duckdb.connect(str(home / "warehouse" / "voc.duckdb"), read_only=True) as warehouse:
        (flagged,) = warehouse.execute("SELECT count(flag) FROM contact").fetchone() or (0,)
        (persons,) = warehouse.execute("SELECT count(DISTINCT person_id) FROM contact").fetchone() or (0,)
    return f"{flagged:,} flagged, {persons:,} persons"


def _row(name: str, n: int, found: Measured, even: Measured, remark: str) -> None:
    ratio = found.processor_seconds / even.processor_seconds
    print(
        f"| {name} | {n:,} | {found.processor_seconds:.0f} | {ratio:.2f} | {found.memory:.1f} | {remark} |", flush=True
    )


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contacts", type=int, default=30_000)
    parser.add_argument("--only", nargs="*", help="cases whose name begins so, beside the even day")
    given = parser.parse_args()
    root, n = Path(tempfile.mkdtemp(prefix="kesheng-skew-")), given.contacts

    def is_wanted(name: str) -> bool:
        return given.only is None or any(name.startswith(start) for start in given.only)

    try:
        print("| day | contacts | CPU s | of an even day | GB | what was found |\n|---|---|---|---|---|---|")
        # The even day is a fixed cost too: the models are learnt once, and each case takes the mood model from there.
        took(root / "first", 200, None)
        even = Measured()
        for place, (name, change) in enumerate(CASES.items()):
            if name != "even" and not is_wanted(name):
                continue
            home = root / str(place)
            shutil.copytree(root / "first" / "models" / "sentiment", home / "models" / "sentiment")
            found = took(home, n, change)
            even = even if name != "even" else found
            _row(name, n, found, even, _seen(home))
        if is_wanted("nothing"):
            _row("nothing", 0, nothing(root / "0"), even, "beside the even day")
        if is_wanted("ten times"):
            shutil.copytree(root / "first" / "models" / "sentiment", root / "ten" / "models" / "sentiment")
            _row("ten times the even day", 10 * n, took(root / "ten", 10 * n, None), even, _seen(root / "ten"))
    finally:
        shutil.rmtree(root, ignore_errors=True)


if __name__ == "__main__":
    main()
