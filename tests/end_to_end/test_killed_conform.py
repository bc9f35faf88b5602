"""conform is killed midway and run again: the same tables as if nothing had happened."""

from __future__ import annotations

import datetime as dt
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from analytics.settings import load_settings
from analytics.simulate import Plan, simulate
from analytics.warehouse import lake_files, select_sql
from jobs.collect import collect_source

pytestmark = [pytest.mark.spark, pytest.mark.slow, pytest.mark.timeout(1800)]

PROJECT = Path(__file__).resolve().parents[2]
FIRST_DAY = dt.date(2026, 3, 2)
N_DAYS = 3
N_KILLS = 3
MAX_RUNS = 10
TABLES = ("contact", "utterance", "rejected")


@pytest.fixture(scope="module")
def landing(tmp_path_factory):
    """A home with three days in landing, some lines of them broken."""
    home = tmp_path_factory.mktemp("landed")
    simulate(Plan(FIRST_DAY, days=N_DAYS, contacts_per_day=150), home / "demo")
    with (home / "demo" / "calls" / f"{FIRST_DAY}.jsonl").open("a", encoding="utf-8") as calls:
        calls.write("{broken\n")
    settings = load_settings(home=home)
    collect_source("all", settings)
    return home


def conform(home: Path) -> subprocess.Popen[bytes]:
    last = FIRST_DAY + dt.timedelta(days=N_DAYS - 1)
    command = [sys.executable, "-m", "jobs.conform", "--day", str(FIRST_DAY), "--to", str(last)]
    environment = {**os.environ, "KESHENG_HOME": str(home)}
    # A session of its own, so that Spark's JVM and workers die with it.
    return subprocess.Popen(command, cwd=PROJECT, env=environment, stderr=subprocess.PIPE, start_new_session=True)


def fingerprints(home: Path) -> dict[str, tuple[int, int]]:
    """Return rows and an order-independent hash of each table."""
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    found = {}
    for table in TABLES:
        rows = f"({select_sql(table, lake_files(home / 'lake', table))}) AS rows"
        found[table] = connection.execute(
            f"SELECT count(*), coalesce(sum(hash(rows)::HUGEINT), 0) FROM {rows}"
        ).fetchall()[0]
    return found


def test_killed_at_random_points_and_run_again_it_gives_the_same_tables(landing, tmp_path):
    began = time.monotonic()
    assert conform(landing).wait(timeout=600) == 0
    seconds = time.monotonic() - began
    expected = fingerprints(landing)
    assert expected["contact"][0] > 300
    assert expected["rejected"][0] == 1
    draw = random.Random(20260302)
    n_killed = 0
    for _ in range(MAX_RUNS):
        running = conform(landing)
        time.sleep(seconds * draw.uniform(0.35, 0.8))
        if running.poll() is None:
            os.killpg(running.pid, signal.SIGKILL)
            n_killed += 1
        else:  # The first run was a slow one: the machine had more to do then.
            seconds *= 0.7
        running.wait()
        if n_killed == N_KILLS:
            break
    assert n_killed == N_KILLS
    assert conform(landing).wait(timeout=600) == 0
    assert fingerprints(landing) == expected
