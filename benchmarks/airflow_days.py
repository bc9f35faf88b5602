"""A real scheduler through several days of a simulated centre: late records, a source that is down, a backfill.

    python -m benchmarks.airflow_days [--days 3] [--contacts 120] [--folder /tmp/kesheng-airflow] [--port 8089]

Starts Airflow as `make airflow` does, on an empty home, collecting every two minutes. Each simulated day comes as its
files come; the first day's work orders come with the last day's, and one source cannot be read at first. Then the days
are done again by `airflow backfill create --dag-id daily`, and once more without Airflow by `kesheng run` in another
home with the same landing and models. Prints a Markdown table: runs by DAG and state, what the inbox had and what was
sent, and whether the tables are equal.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from analytics.inbox import Alert, Inbox
from analytics.settings import PROJECT
from analytics.simulate import Plan, simulate
from benchmarks.cluster_runs import same_tables

SOURCES = {"calls": ("call", "jsonl"), "chats": ("chat", "csv"), "orders": ("work_order", "csv")}
DOWN, LATE = "calls", "orders"
"""The source that cannot be read at first, and the one of which the first day comes late."""
PATIENCE_SECONDS = 3600.0
ENDED = ("success", "failed")
QUICK = {"KESHENG_SCHEDULE__COLLECT": "*/2 * * * *", "KESHENG_SCHEDULE__DAILY_AFTER_HOURS": "0"}
Row = tuple[str, str]


class Site:
    """A home with its settings, its sources' folders, and Airflow's database."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port
        self.home = folder / "homes" / "airflow"
        self.settings = folder / "settings.toml"
        self.home.mkdir(parents=True)
        for name in SOURCES:
            (folder / "in" / name).mkdir(parents=True)
        self._write_settings()

    def _write_settings(self) -> None:
        given = (PROJECT / "settings.toml").read_text(encoding="utf-8").replace("{home}/demo", str(self.folder / "in"))
        self.settings.write_text(given, encoding="utf-8")

    def environment(self, home: Path | None = None) -> dict[str, str]:
        """Return the variables under which everything of this benchmark runs."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW", "KESHENG"))}
        where = {"KESHENG_HOME": str(home or self.home), "KESHENG_SETTINGS": str(self.settings)}
        return {**kept, **where, **QUICK}

    def rows(self, query: str) -> list[tuple[str, ...]]:
        """Return what Airflow's database answers; nothing while it is being made."""
        database = self.home / "airflow" / "airflow.db"
        if not database.exists():
            return []
        connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=30)
        try:
            return connection.execute(query).fetchall()
        except sqlite3.OperationalError:
            return []
        finally:
            connection.close()

    def unfinished(self) -> list[str]:
        """Return the days that are still to be worked through."""
        done = self.python("jobs.unfinished")
        days: list[str] = json.loads(done.stdout)["days"]
        return days

    def python(self, module: str, *arguments: str, home: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run a module to its end; raise if it fails."""
        command = [sys.executable, "-m", module, *arguments]
        done = subprocess.run(
            command, cwd=PROJECT, env=self.environment(home), capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"{module} {' '.join(arguments)}: {done.returncode}: {done.stderr[-2000:]}")
        return done


@contextmanager
def airflow(site: Site) -> Iterator[None]:
    """Run Airflow until the block ends."""
    command = [sys.executable, "-m", "dags.standalone", "--port", str(site.port)]
    with (site.folder / "airflow.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=PROJECT, env=site.environment(), stdout=log, stderr=log)
    try:
        yield
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=120)


def wait(what: str, is_true: Callable[[], bool]) -> None:
    """Wait until something is so; raise `TimeoutError` after an hour."""
    began = time.monotonic()
    sys.stderr.write(f"{dt.datetime.now():%H:%M:%S} {what} …\n")
    while not is_true():
        if time.monotonic() - began > PATIENCE_SECONDS:
            raise TimeoutError(f"{what}: not so after {PATIENCE_SECONDS:.0f} s")
        time.sleep(5)


def bring(site: Site, exports: Path, day: dt.date, names: tuple[str, ...]) -> None:
    """Put a day's files of some sources where they are collected from."""
    for name in names:
        for file in sorted((exports / name).glob(f"*{day.isoformat()}*")):
            shutil.copyfile(file, site.folder / "in" / name / f"_{file.name}.part")
            (site.folder / "in" / name / f"_{file.name}.part").replace(site.folder / "in" / name / file.name)


def live_through(site: Site, exports: Path, days: list[dt.date]) -> None:
    """Let the days come one after the other, each worked through before the next."""
    others = tuple(name for name in SOURCES if name not in (DOWN, LATE))
    bring(site, exports, days[0], others)
    wait("the source that is down is in the inbox", lambda: system_alert(site, "collect") == "open")
    wait(f"{days[0]} worked through without it", lambda: is_through(site, days[0]))
    bring(site, exports, days[0], (DOWN,))
    for day in days[1:]:
        bring(site, exports, day, tuple(SOURCES))
        if day == days[-1]:
            bring(site, exports, days[0], (LATE,))
        wait(f"{day} worked through", lambda day=day: is_through(site, day))  # type: ignore[misc]
    wait("the return of the source ended its alert", lambda: system_alert(site, "collect") == "resolved")
    wait("nothing left", lambda: not site.unfinished() and not active(site, "analyze"))


def backfill(site: Site, days: list[dt.date]) -> None:
    """Do the days again from the command line, and wait for their end."""
    site.python(
        "dags.airflow_cli", "backfill", "create", "--dag-id", "daily", "--from-date", days[0].isoformat(),
        "--to-date", days[-1].isoformat(), "--max-active-runs", "1", "--reprocess-behavior", "completed",
    )  # fmt: skip
    ended = f"SELECT run_id FROM dag_run WHERE dag_id = 'daily' AND run_type = 'backfill' AND state IN {ENDED}"
    wait(f"backfill of {len(days)} days", lambda: len(site.rows(ended)) == len(days))


def active(site: Site, dag_id: str) -> bool:
    """Return whether a DAG has a run that has not ended."""
    return bool(site.rows(f"SELECT 1 FROM dag_run WHERE dag_id = '{dag_id}' AND state NOT IN {ENDED}"))


def is_through(site: Site, day: dt.date) -> bool:
    """Return whether a day has something in landing, and all of it went to the inbox."""
    there = (site.home / "landing").exists() and day.isoformat() not in site.unfinished()
    return there and (site.home / "lake" / "contact" / f"day={day.isoformat()}").exists()


def system_alert(site: Site, dag_id: str) -> str:
    """Return the state of a DAG's alert; '' without one. There is to be one at most."""
    if not (site.home / "inbox.db").exists():
        return ""
    found = [alert for alert in alerts(site.home) if alert.kind == "system" and alert.key == dag_id]
    return found[0].state if found else ""


def alerts(home: Path) -> list[Alert]:
    """Return what the inbox has."""
    inbox = Inbox(f"sqlite:///{home / 'inbox.db'}")
    try:
        return inbox.alerts()
    finally:
        inbox.close()


def messages(home: Path) -> tuple[int, int]:
    """Return how many messages there are, and how many of them still wait."""
    connection = sqlite3.connect(home / "inbox.db")
    try:
        states = [state for (state,) in connection.execute("SELECT state FROM delivery")]
    finally:
        connection.close()
    return len(states), states.count("pending")


def again_without_airflow(site: Site, days: list[dt.date]) -> tuple[int, list[str]]:
    """Run the days by `kesheng run` on the same landing and models; return tables compared and those that differ."""
    other = site.home.parent / "by_hand"
    for name in ("landing", "models"):
        shutil.copytree(site.home / name, other / name)
    for day in days:
        arguments = ("run", "--day", day.isoformat(), "--to", day.isoformat(), "--no-send")
        site.python("jobs.cli", *arguments, home=other)
    return same_tables(site.home.parent, "airflow", "by_hand")


def report(site: Site, before: tuple[int, int], tables: tuple[int, list[str]]) -> list[Row]:
    """Return the table's rows."""
    runs = site.rows("SELECT dag_id, run_type, state, count(*) FROM dag_run GROUP BY 1, 2, 3 ORDER BY 1, 2, 3")
    late = site.rows("SELECT state, count(*) FROM callback WHERE type = 'executor' GROUP BY 1")
    kinds: dict[str, int] = {}
    for alert in alerts(site.home):
        kinds[f"{alert.kind} {alert.state}"] = kinds.get(f"{alert.kind} {alert.state}", 0) + 1
    after = messages(site.home)
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return [
        *((f"runs of `{dag}`, {kind}, {state}", n) for dag, kind, state, n in runs),
        ("deadlines missed", ", ".join(f"{state} {n}" for state, n in late) or "0"),
        ("alerts in the inbox", ", ".join(f"{name} {n}" for name, n in sorted(kinds.items())) or "0"),
        ("messages before and after the backfill", f"{before[0]}, {after[0]} ({after[1]} wait)"),
        ("tables of the lake compared with `kesheng run`", str(tables[0])),
        ("of these differ", ", ".join(tables[1]) or "0"),
        ("processor seconds", f"{usage.ru_utime + usage.ru_stime:,.0f}"),
    ]  # type: ignore[list-item]


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description="A real scheduler through simulated days.")
    parser.add_argument("--days", type=int, default=3, help="simulated days, ending yesterday")
    parser.add_argument("--contacts", type=int, default=120, help="contacts a day")
    parser.add_argument("--folder", type=Path, help="where to work; a new temporary folder if not given")
    parser.add_argument("--port", type=int, default=8089, help="where Airflow's pages are served meanwhile")
    given = parser.parse_args()
    folder: Path = given.folder or Path(tempfile.mkdtemp(prefix="kesheng-airflow-days-"))
    first = dt.datetime.now(dt.UTC).date() - dt.timedelta(days=given.days)
    simulate(Plan(first_day=first, days=given.days, contacts_per_day=given.contacts, seed=7), folder / "exports")
    days = [first + dt.timedelta(days=n) for n in range(given.days)]
    site = Site(folder, given.port)
    with airflow(site):
        live_through(site, folder / "exports", days)
        before = messages(site.home)
        backfill(site, days)
    rows = report(site, before, again_without_airflow(site, days))
    show(rows, {"days": given.days, "contacts a day": given.contacts})
    return 0


def show(rows: list[Row], asked: Mapping[str, int]) -> None:
    """Print the table."""
    sys.stdout.write(f"| {', '.join(f'{name} {n:,}' for name, n in asked.items())} | |\n|---|---|\n")
    sys.stdout.writelines(f"| {name} | {value} |\n" for name, value in rows)


if __name__ == "__main__":
    sys.exit(main())
