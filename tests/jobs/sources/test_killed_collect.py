"""The collector is killed at random points of its work on disk and run again: nothing lost, nothing twice."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow]

PROJECT = Path(__file__).resolve().parents[3]
N_KILLS = 28
_DRIVER = """
import json, os, signal, sys
from pathlib import Path
from analytics.source_settings import SourceSettings
from jobs.sources.fetched import Fetched
from jobs.sources.landing import collect_fetched, collect_files

exports, home = Path(sys.argv[1]), Path(sys.argv[2])
files = SourceSettings(path=str(exports), kind="review", settle_seconds=0)
rows = SourceSettings(sql=dict(url="sqlite://", table="t", cursor="c", key="k"), kind="work_order",
                      columns=dict(id="id", text="text", time="at"))


def fetch(cursor):
    for n in range((cursor or {"n": 0})["n"] + 1, 7):
        row = {"id": n, "text": f"第{n}单没到", "at": f"2026-01-0{n} 10:00"}
        yield Fetched("piece.jsonl", json.dumps(row, ensure_ascii=False).encode() + b"\\n", {"n": n})


def collect(landing):
    collect_files("files", files, landing, "Asia/Shanghai")
    collect_fetched("rows", rows, landing, "Asia/Shanghai", fetch)


def forked(work):
    child = os.fork()
    if child == 0:
        work()
        os._exit(0)
    return os.waitpid(child, 0)[1]


def counting(landing, after, report=None):
    # Opening, renaming and deleting files, and making them safe on disk: each a point at which the machine may die.
    seen = 0
    def hook(event, arguments):
        nonlocal seen
        if event in {"open", "os.rename", "os.remove", "os.mkdir", "os.listdir", "os.scandir"} \\
                and str(landing) in str(arguments[0]):
            seen += 1
            if seen == after:
                os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(hook)
    sync = os.fsync
    def counted(handle):
        hook("open", (str(landing),))
        sync(handle)
    os.fsync = counted
    collect(landing)
    if report:
        report.write_text(str(seen))


for line in sys.stdin:
    order = json.loads(line)
    landing = home / order["landing"]
    report = home / "points"
    ended = forked(lambda: counting(landing, order["after"], report))
    print(json.dumps({"killed": os.WIFSIGNALED(ended), "status": ended,
                      "points": int(report.read_text()) if report.exists() else 0}), flush=True)
"""


class _Driver:
    """A process that has imported everything and forks for each collection."""

    def __init__(self, exports: Path, home: Path) -> None:
        command = [sys.executable, "-c", _DRIVER, str(exports), str(home)]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=PROJECT, env={**os.environ}
        )

    def collect(self, landing: str, kill_at: int = -1) -> dict[str, int]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"landing": landing, "after": kill_at}) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        assert self._process.wait(30) == 0


@pytest.fixture
def driver(tmp_path: Path):
    exports = tmp_path / "exports"
    exports.mkdir()
    for number in range(1, 4):
        rows = "".join(f"a{number}{row},2026-01-0{number},太卡了{row}\n" for row in range(4))
        (exports / f"{number}.csv").write_text(f"编号,时间,内容\n{rows}", encoding="utf-8")
    (exports / "again.csv").write_bytes((exports / "1.csv").read_bytes())
    with zipfile.ZipFile(exports / "more.zip", "w") as archive:
        for number in (4, 5):
            archive.writestr(f"{number}.csv", f"编号,时间,内容\na10,2026-01-0{number},改了{number}\n")
    running = _Driver(exports, tmp_path)
    yield running
    running.close()


def landed(landing: Path) -> dict[str, list[tuple[str, tuple[str, ...], int, bytes]]]:
    """Return what is in landing: for each source the files with original name, days, records and content."""
    from jobs.sources.manifest import manifest

    found: dict[str, list[tuple[str, tuple[str, ...], int, bytes]]] = {}
    for file in manifest(landing):
        content = (landing / file.file).read_bytes()
        found.setdefault(file.source, []).append((file.original, tuple(map(str, file.days)), file.n_records, content))
    return found


def test_killed_at_random_points_it_loses_nothing_and_takes_nothing_twice(driver: _Driver, tmp_path: Path) -> None:
    whole = driver.collect("whole")
    assert not whole["killed"]
    expected = landed(tmp_path / "whole")
    assert [len(files) for files in expected.values()] == [5, 6]
    points = whole["points"]
    assert points > 100
    draw = random.Random(20260302)
    n_killed = 0
    for trial in range(N_KILLS):
        name = f"trial{trial % (N_KILLS // 2)}"  # every landing is hit twice: the second while the first is mended
        n_killed += driver.collect(name, draw.randrange(1, points))["killed"]
    for trial in range(N_KILLS // 2):
        name = f"trial{trial}"
        assert not driver.collect(name)["killed"]
        assert landed(tmp_path / name) == expected
        assert not list((tmp_path / name).rglob(".incoming-*"))
    assert not driver.collect(name)["killed"]
    assert landed(tmp_path / name) == expected
    assert n_killed >= 20
