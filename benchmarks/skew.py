"""Days that are far from usual, against an even day of the same size: does each finish, and at what cost.

``python -m benchmarks.skew [--contacts N] [--only CASE ...]`` simulates a day, makes it uneven in one way, and takes it
through all Spark jobs of a day in local mode with the settings as they come. Prints Markdown: processor seconds and the
most memory of all processes, which depend little on who else uses the machine.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import json
import shutil
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import psutil
from pyspark.sql import SparkSession

from analytics.settings import Settings, load_settings
from analytics.simulate import Plan, simulate
from analytics.warehouse import lake_files, select_sql
from jobs.collect import collect_source
from jobs.session import spark_session
from jobs.stage import DAILY, run_jobs
from jobs.window import Window

DAY = "2026-03-02"
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


CASES: dict[str, Change] = {
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


@dataclass
class Session:
    """One Spark session for all days, so that what is measured is the days and not its start."""

    spark: SparkSession
    root: Path

    def took(self, name: str, n: int, change: Change | None) -> tuple[float, float, str]:
        """Simulate a day of `n` contacts, change it, collect and run it; return CPU seconds, GB and what was found."""
        settings = load_settings(home=self.root / name)
        first = dt.date.fromisoformat(DAY)
        simulate(Plan(first, days=1, contacts_per_day=n), settings.home / "demo")
        if change:
            change_exports(settings.home / "demo", change)
        collect_source("all", settings)
        models = self.root / "models"
        if models.is_dir():
            shutil.copytree(models, settings.models)
        seconds, memory = self.run(settings, Window(first, first))
        if not models.is_dir():
            shutil.copytree(settings.models / "sentiment", models / "sentiment")
        return seconds, memory, _seen(settings)

    def run(self, settings: Settings, window: Window) -> tuple[float, float]:
        """Run all jobs of a window; return the processor seconds of the whole family and its most memory in GB."""
        over, most = threading.Event(), [0.0]
        watch = threading.Thread(target=_watch, args=(over, most), daemon=True)
        began = _spent()
        watch.start()
        run_jobs(self.spark, DAILY, settings, window)
        over.set()
        watch.join()
        return _spent() - began, most[0]


def _family() -> list[psutil.Process]:
    own = psutil.Process()
    return [own, *own.children(recursive=True)]


def _spent() -> float:
    """Return the processor seconds of this process and all below it, those that ended too."""
    total = 0.0
    for one in _family():
        with suppress(psutil.NoSuchProcess):
            times = one.cpu_times()
            total += times.user + times.system + (times.children_user + times.children_system)
    return total


def _watch(over: threading.Event, most: list[float]) -> None:
    while not over.wait(1.0):
        total = 0.0
        for one in _family():
            with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
                total += one.memory_full_info().pss / 1024**3
        most[0] = max(most[0], total)


def _seen(settings: Settings) -> str:
    with duckdb.connect() as connection:
        of = {name: select_sql(name, lake_files(settings.lake, name)) for name in ("contact_flag", "contact_person")}
        (flagged,) = connection.execute(f"SELECT count(*) FROM ({of['contact_flag']})").fetchone() or (0,)
        asked = f"SELECT count(DISTINCT person_id) FROM ({of['contact_person']})"
        (persons,) = connection.execute(asked).fetchone() or (0,)
    return f"{flagged:,} flagged, {persons:,} persons"


def _row(name: str, n: int, found: tuple[float, float, str], even: float) -> None:
    seconds, memory, remark = found
    print(f"| {name} | {n:,} | {seconds:.0f} | {seconds / even:.2f} | {memory:.1f} | {remark} |", flush=True)


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
        with spark_session("kesheng skew", log=root / "spark.log") as spark:
            session = Session(spark, root)
            session.took("first", 300, None)  # code is compiled, the mood model learnt
            print("| day | contacts | CPU s | of an even day | GB | what was found |\n|---|---|---|---|---|---|")
            even = session.took("even", n, None)
            _row("even", n, even, even[0])
            for name in filter(is_wanted, CASES):
                _row(name, n, session.took(name.split()[1], n, CASES[name]), even[0])
            if is_wanted("nothing"):
                day = dt.date.fromisoformat(DAY) + dt.timedelta(days=1)
                found = session.run(load_settings(home=root / "even"), Window(day, day))
                _row("nothing, after the even day", 0, (*found, ""), even[0])
            if is_wanted("ten times"):
                _row("ten times as many", 10 * n, session.took("ten", 10 * n, None), even[0])
    finally:
        shutil.rmtree(root, ignore_errors=True)


if __name__ == "__main__":
    main()
