"""What an hour's contacts cost, by job, with 7, 30 and 60 days of history: processor seconds and peak memory.

``python -m benchmarks.increment [--day 20000] [--hour 5000] [--history 7 30 60] [--keep DIR]`` makes a home with the
longest history and most of a day, and for each history copies it, lets the hour's exports arrive (with words nobody
had said before) and takes them from collect to notify in one session. The slope is seconds of the processor for a day
of history more, between the shortest and the longest. A folder kept by an earlier run
is measured on again.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import psutil

from benchmarks.increment_home import DAY, KESHENG, PLANTED, Sizes, arrive, make_home, with_history

HISTORIES = (7, 30, 60)
_EVERY_SECONDS = 1.0
_GIGA = 1024.0**3


@dataclass
class Steps:
    """What each step of this process and all below it took; memory in GB, the most at one moment (PSS)."""

    processor_seconds: dict[str, float] = field(default_factory=dict)
    memory: dict[str, float] = field(default_factory=dict)
    current: str = ""

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Measure a block."""
        began, outer = _processor_seconds(), self.current
        self.current = name
        yield
        self.current = outer
        self.processor_seconds[name] = self.processor_seconds.get(name, 0) + _processor_seconds() - began

    def watch(self) -> None:
        """Note the memory of the step that runs, for ever; for a thread of its own."""
        while True:
            used = 0.0
            for one in _family():
                try:
                    used += one.memory_full_info().pss / _GIGA
                except (psutil.NoSuchProcess, psutil.AccessDenied):
                    continue
            self.memory[self.current] = max(self.memory.get(self.current, 0.0), used)
            time.sleep(_EVERY_SECONDS)


def _family() -> list[psutil.Process]:
    own = psutil.Process()
    return [own, *own.children(recursive=True)]


def _processor_seconds() -> float:
    """Return the seconds of this process and all below it, those that have ended included."""
    spent = 0.0
    for one in _family():
        try:
            times = one.cpu_times()
        except psutil.NoSuchProcess:
            continue
        spent += times.user + times.system + times.children_user + times.children_system
    return spent


def take_in(*, first: str | None = None) -> None:
    """Take what arrived from collect to notify in this process, and print what each step took as JSON.

    Parameters
    ----------
    first : str, optional
        Leave out all before this job.
    """
    from analytics.settings import load_settings
    from jobs import alert, notify, publish
    from jobs.collect import collect_source
    from jobs.lake_lock import writing_lake
    from jobs.session import spark_session
    from jobs.stage import DAILY, run_jobs
    from jobs.window import Window

    settings, steps, window = load_settings(), Steps(), Window(DAY, DAY)
    threading.Thread(target=steps.watch, daemon=True).start()
    if first is None:
        with steps.step("collect"):
            sys.stderr.write(collect_source("all", settings) + "\n")
    with writing_lake(settings, "benchmark"):
        with steps.step("start Spark"):
            session = spark_session("benchmark", log=settings.spark_log)
            spark = session.__enter__()
        for job in DAILY[DAILY.index(first or DAILY[0]) :]:
            with steps.step(job):
                run_jobs(spark, (job,), settings, window)
        session.__exit__(None, None, None)
        with steps.step("alert"):
            alert.run(settings, DAY, DAY, send=True)
        with steps.step("publish"):
            publish.run(settings)
        with steps.step("notify"):
            notify.run(settings)
    sys.stdout.write(json.dumps({"processor_seconds": steps.processor_seconds, "memory": steps.memory}) + "\n")


def one_history(made: Path, home: Path, n_days: int) -> Steps:
    """Measure the hour's arrival in a copy of `made` with so many days."""
    with_history(made, home, n_days)
    _kesheng(home, f"run identity --day {DAY}")  # persons as they are with these days
    _kesheng(home, "run publish")
    arrive(home)
    with (home / "log.txt").open("ab") as log:
        command = [sys.executable, "-m", "benchmarks.increment", "--take-in"]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=log, env=_environment(home))
    return Steps(**json.loads(done.stdout.splitlines()[-1]))


def alerts_of(home: Path) -> list[str]:
    """Return the titles of the alerts that tell of the planted words."""
    with duckdb.connect(str(home / "warehouse" / "voc.duckdb"), read_only=True) as warehouse:
        titles = warehouse.execute("SELECT title FROM alert ORDER BY title").fetchall()
    return [title for (title,) in titles if any(PLANTED[at : at + 2] in title for at in range(len(PLANTED) - 1))]


def _environment(home: Path) -> dict[str, str]:
    return {**os.environ, "KESHENG_HOME": str(home), "SPARK_MASTER": os.environ.get("SPARK_MASTER", "local[2]")}


def _kesheng(home: Path, line: str) -> None:
    home.mkdir(parents=True, exist_ok=True)
    with (home / "log.txt").open("ab") as log:
        subprocess.run([*KESHENG, *line.split()], check=True, stdout=log, stderr=log, env=_environment(home))


def _print(found: dict[int, Steps]) -> None:
    days = sorted(found)
    spread = max(days[-1] - days[0], 1)
    print(f"| step, processor seconds | {' | '.join(f'{n} days' for n in days)} | a day more | GB |")
    print("|---|" + "---|" * (len(days) + 2))
    for name in (*found[days[-1]].processor_seconds, "all"):
        took = [sum(s.values()) if name == "all" else s.get(name, 0.0)
                for s in (found[n].processor_seconds for n in days)]  # fmt: skip
        memory = found[days[-1]].memory
        most = max(memory.values()) if name == "all" else memory.get(name, 0.0)
        cells = " | ".join(f"{seconds:.1f}" for seconds in took)
        print(f"| {name} | {cells} | {(took[-1] - took[0]) / spread:+.3f} | {most:.1f} |")


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--day", type=int, default=Sizes.day, help="contacts a day, and of the day before the hour")
    parser.add_argument("--hour", type=int, default=Sizes.hour, help="contacts that arrive")
    parser.add_argument("--history", type=int, nargs="+", default=list(HISTORIES), help="days before")
    parser.add_argument("--keep", type=Path, help="folder for what is made; it is not removed")
    parser.add_argument("--take-in", action="store_true", help="only the arrival, in KESHENG_HOME as it is")
    parser.add_argument("--first", help="with --take-in: leave out all before this job")
    given = parser.parse_args()
    if given.take_in:
        take_in(first=given.first)
        return
    root = given.keep or Path(tempfile.mkdtemp(prefix="kesheng-increment-"))
    try:
        made = root / "made"
        if not (made / "arrival").exists():
            shutil.rmtree(made, ignore_errors=True)
            made.mkdir(parents=True)
            make_home(made, Sizes(given.day, given.hour), max(given.history), lambda line: _kesheng(made, line))
        found = {}
        for n_days in sorted(given.history):
            home = root / f"history-{n_days}"
            shutil.rmtree(home, ignore_errors=True)
            found[n_days] = one_history(made, home, n_days)
            print(f"{n_days} days: alerts {alerts_of(home)}", file=sys.stderr)
        print(f"{given.hour:,} contacts on {given.day:,} of the same day\n")
        _print(found)
    finally:
        if given.keep is None:
            shutil.rmtree(root, ignore_errors=True)


if __name__ == "__main__":
    main()
