"""One writer of the lake at a time, whatever becomes of the others."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from analytics.errors import ConfigError, StageError
from analytics.settings import Settings
from jobs.lake_lock import check_held, writing_lake

HOLD = textwrap.dedent(
    """
    import sys, time
    from pathlib import Path
    from analytics.settings import Settings
    from jobs.lake_lock import writing_lake
    with writing_lake(Settings(home=Path(sys.argv[1])), "the other run"):
        print("held", flush=True)
        time.sleep(60)
    """
)


@pytest.fixture
def other(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lake of tmp_path."""
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None and process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()


def test_a_second_writer_is_told_who_writes(
    other: subprocess.Popen[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = writing_lake(Settings(home=tmp_path), "mine", wait_seconds=0.1)
    with pytest.raises(ConfigError, match=f"the other run .process {other.pid} "), mine:
        pytest.fail("two writers at once")
    assert "waiting: the other run" in capsys.readouterr().err


def test_the_lock_ends_with_a_killed_process_and_what_it_left_is_swept(
    other: subprocess.Popen[str], tmp_path: Path
) -> None:
    left = tmp_path / "lake" / "_staging" / "contact-1" / "part.parquet"
    left.parent.mkdir(parents=True)
    left.write_text("half")
    other.send_signal(signal.SIGKILL)
    began = time.monotonic()
    with writing_lake(Settings(home=tmp_path), "mine", wait_seconds=30):
        assert not left.exists()
    assert time.monotonic() - began < 30


def test_a_block_inside_a_block_holds_it_already(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    with writing_lake(settings, "outer"):
        left = tmp_path / "lake" / "_staging" / "now"
        left.mkdir(parents=True)
        with writing_lake(settings, "inner", wait_seconds=0):
            assert left.exists()
        with writing_lake(Settings(home=tmp_path / "another"), "another home", wait_seconds=0):
            pass
    with writing_lake(settings, "later", wait_seconds=0):
        pass


ELSEWHERE = {"what": "run of the first", "pid": 7, "host": "first", "machine": "first 1", "since": "2026-03-01"}


def sign_elsewhere(home: Path, beat: int) -> None:
    file = home / ".lake.lock"
    file.touch()
    with file.open("r+") as signed:  # never empty in between
        signed.write(json.dumps({**ELSEWHERE, "token": "t", "beat": f"{beat:04d}"}))
        signed.truncate()


def test_another_machine_that_renews_its_signature_is_waited_for_though_its_lock_is_not_seen(tmp_path: Path) -> None:
    over = threading.Event()

    def renew() -> None:
        beat = 0
        while not over.wait(0.02):
            sign_elsewhere(tmp_path, beat := beat + 1)

    sign_elsewhere(tmp_path, 0)
    alive = threading.Thread(target=renew)
    alive.start()
    try:
        mine = writing_lake(Settings(home=tmp_path), "mine", wait_seconds=2.5, silent_seconds=2)
        with pytest.raises(ConfigError, match=r"run of the first \(process 7 on first"), mine:
            pytest.fail("two writers at once")
    finally:
        over.set()
        alive.join()


def test_another_machine_that_is_silent_is_dead(tmp_path: Path) -> None:
    sign_elsewhere(tmp_path, 0)
    with writing_lake(Settings(home=tmp_path), "mine", wait_seconds=30, silent_seconds=0.6):
        assert "mine" in (tmp_path / ".lake.lock").read_text()
        check_held(tmp_path)
    assert (tmp_path / ".lake.lock").read_text() == ""


def test_who_slept_until_another_machine_took_the_lake_writes_no_more(tmp_path: Path) -> None:
    with writing_lake(Settings(home=tmp_path), "mine"):
        sign_elsewhere(tmp_path, 0)
        with pytest.raises(StageError, match=r"another process has taken it .run of the first"):
            check_held(tmp_path)
    assert "run of the first" in (tmp_path / ".lake.lock").read_text()  # the other's signature stays
    check_held(tmp_path)  # who took no lock is asked nothing


def test_an_orphan_that_cannot_be_ended_is_known_to_the_next_retry_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    orphan = {"id": "app-1"}
    (tmp_path / ".lake.lock").write_text(json.dumps({"what": "killed", "token": "t", "application": orphan}))
    seen = []

    def stays(left: dict[str, object]) -> None:
        seen.append(left.get("application"))
        raise StageError("it still runs")

    monkeypatch.setattr("jobs.lake_lock.end_orphan", stays)
    for _ in range(2):
        with pytest.raises(StageError), writing_lake(Settings(home=tmp_path), "retry"):
            pytest.fail("beside an orphan")
    assert seen == [orphan, orphan]
