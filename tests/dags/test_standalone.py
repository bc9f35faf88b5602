"""The start and the end of the processes, with an `airflow` that only sleeps or fails."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

PROJECT = Path(__file__).resolve().parents[2]
FAKE = """
import os, pathlib, socket, subprocess, sys, time
if sys.argv[1] in ("db", "pools"):
    sys.exit(int(os.environ.get("MIGRATE", "0")))
if sys.argv[1] == "api-server":
    pages = socket.create_server(("127.0.0.1", int(os.environ["AIRFLOW__API__PORT"])))
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
pathlib.Path(os.environ["PIDS"], sys.argv[1]).write_text(f"{os.getpid()} {child.pid}")
if sys.argv[1] == os.environ.get("FAILS"):
    sys.exit(3)
time.sleep(60)
"""


def start(folder: Path, **variables: str) -> subprocess.Popen[str]:
    package = folder / "fake" / "airflow"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text(FAKE, encoding="utf-8")
    (folder / "pids").mkdir()
    environment = {
        **os.environ,
        "PYTHONPATH": str(package.parent),
        "PIDS": str(folder / "pids"),
        "KESHENG_HOME": str(folder / "var"),
        **variables,
    }
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return subprocess.Popen(
        [sys.executable, "-m", "dags.standalone", "--port", str(port)],
        cwd=PROJECT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def started_pids(folder: Path, n_parts: int) -> list[int]:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        texts = [file.read_text() for file in (folder / "pids").iterdir()]
        if len(texts) == n_parts and all(len(text.split()) == 2 for text in texts):
            return [int(pid) for text in texts for pid in text.split()]
        time.sleep(0.05)
    raise AssertionError("the processes did not start within 20 s")


def runs(pid: int) -> bool:
    """Return whether a process runs; one that ended and was not reaped yet does not."""
    stat = Path(f"/proc/{pid}/stat")
    try:
        return stat.read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_every_process_and_their_workers(tmp_path: Path, number: signal.Signals) -> None:
    process = start(tmp_path)
    pids = started_pids(tmp_path, n_parts=3)
    process.send_signal(number)
    out, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "http://127.0.0.1:" in out and out.endswith("ending\n")
    assert [pid for pid in pids if runs(pid)] == []


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_when_one_process_fails_all_end_and_its_log_is_named(tmp_path: Path) -> None:
    process = start(tmp_path, FAILS="scheduler")
    _, err = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "airflow scheduler: ended with exit code 3" in err and "scheduler.log" in err and "Traceback" not in err
    assert [pid for pid in started_pids(tmp_path, n_parts=3) if runs(pid)] == []


def test_a_database_that_cannot_be_prepared_is_one_sentence(tmp_path: Path) -> None:
    process = start(tmp_path, MIGRATE="1")
    _, err = process.communicate(timeout=30)
    assert process.returncode == 1
    assert err.startswith("kesheng: airflow db migrate: ended with exit code 1")
