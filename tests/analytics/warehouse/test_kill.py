"""Publishers are killed wherever they stand while another process reads: nobody sees a torn or locked warehouse."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType

import pytest

from analytics.schema import TABLES
from analytics.warehouse import lake_tables, open_reader, publish, table_hash

N_KILLS = 12
SIZES = {"small": 2_000, "large": 6_000}
"""Contacts of the two lakes that are published in turn; each contact has two turns."""

PUBLISHERS = """
import os, sys
from pathlib import Path
from analytics.warehouse import lake_tables, publish
*lakes, target = map(Path, sys.argv[1:])
print("ready", flush=True)
for _ in sys.stdin:  # a line starts a publisher, which never ends by itself; then its pid and how it ended are told
    pid = os.fork()
    while pid == 0:
        for lake in lakes:
            publish(lake_tables(lake), target)
    print(pid, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
"""
READER = """
import json
import sys
import time
from pathlib import Path
from analytics.warehouse import open_reader
seen = {}
reader = open_reader(Path(sys.argv[1]))
stop = Path(sys.argv[2])
print("ready", flush=True)
while not stop.exists():
    row = reader.query(
        "SELECT (SELECT count(*) FROM contact) AS c, (SELECT count(*) FROM utterance) AS u,"
        " (SELECT count(*) FROM utterance WHERE sentiment_label IS NOT NULL) AS m"
    ).iloc[0]
    assert row.u == 2 * row.c == 2 * row.m, f"torn: {row.c} contacts, {row.u} turns, {row.m} moods"
    time.sleep(0.002)
    seen[int(row.c)] = seen.get(int(row.c), 0) + 1
print(json.dumps(seen))
"""


@pytest.fixture
def lakes(tmp_path: Path, small_lake: ModuleType) -> dict[str, Path]:
    made = {}
    for name, size in SIZES.items():
        lake = tmp_path / name
        contacts = small_lake.contacts(size)
        small_lake.write(lake, "contact", contacts)
        small_lake.write(lake, "utterance", small_lake.turns(contacts, ["物流三天没动了", "可以开发票吗"]))
        moods = small_lake.moods(contacts, ["negative", "neutral"])
        small_lake.write(lake, "contact_mood", moods)
        small_lake.write(lake, "turn_mood", [row | {"turn": 0} for row in moods])
        made[name] = lake
    return made


def _started(code: str, *arguments: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[3],
    )
    _expect(process, "ready")
    return process


def _told(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def _expect(process: subprocess.Popen[str], line: str) -> None:
    assert _told(process) == line


def _start_publisher(publishers: subprocess.Popen[str]) -> int:
    assert publishers.stdin is not None
    publishers.stdin.write("\n")
    publishers.stdin.flush()
    return int(_told(publishers))


def _kill(publishers: subprocess.Popen[str], pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    _expect(publishers, str(-signal.SIGKILL))  # and it had not failed before


@pytest.mark.slow
def test_readers_never_notice_publishers_that_are_killed(lakes: dict[str, Path], tmp_path: Path) -> None:
    folder = tmp_path / "warehouse"
    target, stop = folder / "voc.duckdb", tmp_path / "stop"
    began = time.monotonic()
    publish(lake_tables(lakes["large"]), target)
    one_publication = time.monotonic() - began
    hashes = {name: table_hash(target, name) for name, table in TABLES.items() if table.published}
    chance = random.Random(20260920)
    reader = _started(READER, target, stop)
    publishers = _started(PUBLISHERS, lakes["small"], lakes["large"], target)
    n_left_behind = 0
    try:
        for _ in range(N_KILLS):
            pid = _start_publisher(publishers)
            time.sleep(chance.uniform(0, 3 * one_publication))
            _kill(publishers, pid)
            n_left_behind += bool(list(folder.glob(".*.private*")))
    finally:
        stop.touch()
        said, complaint = reader.communicate(timeout=60)
        publishers.communicate()
    assert reader.returncode == 0, complaint
    assert sorted(json.loads(said)) == sorted(map(str, SIZES.values())), "the reader saw both warehouses"
    assert n_left_behind > 0, "no kill hit a publication under way"

    publish(lake_tables(lakes["large"]), target)
    assert {name: table_hash(target, name) for name in hashes} == hashes
    assert sorted(path.name for path in folder.iterdir()) == [".voc.duckdb.lock", "voc.duckdb"]


@pytest.mark.slow
def test_two_publishers_at_once_take_turns(lakes: dict[str, Path], tmp_path: Path) -> None:
    target = tmp_path / "warehouse" / "voc.duckdb"
    both = [_started(PUBLISHERS, lakes["small"], target) for _ in range(2)]
    pids = [_start_publisher(publishers) for publishers in both]
    time.sleep(3)
    for publishers, pid in zip(both, pids, strict=True):
        _kill(publishers, pid)
        publishers.communicate()
    publish(lake_tables(lakes["small"]), target)
    with open_reader(target) as reader:
        assert reader.query("SELECT count(*) AS n FROM contact")["n"][0] == SIZES["small"]
