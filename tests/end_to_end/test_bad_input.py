"""What a user can get wrong is answered by one sentence that says what to do, exit code 2, and no traceback."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.slow


def kesheng(*arguments: object, **variables: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "jobs.cli", *map(str, arguments)]
    environment = {**os.environ, **variables}
    return subprocess.run(
        command, cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=280, check=False
    )


def refused(done: subprocess.CompletedProcess[str], *words: str) -> None:
    assert done.returncode == 2, (done.returncode, done.stderr)
    assert "Traceback" not in done.stderr
    said = done.stderr.strip().splitlines()
    assert said[-1].startswith("kesheng: "), said
    for word in words:
        assert word in said[-1], said[-1]


@pytest.fixture
def reviews(tmp_path):
    file = tmp_path / "reviews.csv"
    file.write_text("内容\n物流很快，包装很好\n客服一直不回复，太差了\n", encoding="utf-8")
    return file


def test_a_missing_file(tmp_path):
    refused(kesheng("analyze", tmp_path / "nothing.csv", "--out", tmp_path / "out"), "nothing.csv")


def test_an_empty_file(tmp_path):
    (tmp_path / "empty.csv").touch()
    refused(kesheng("analyze", tmp_path / "empty.csv", "--out", tmp_path / "out"), "empty")


def test_a_binary_file(tmp_path):
    (tmp_path / "photo.csv").write_bytes(bytes(range(256)) * 40)
    refused(kesheng("analyze", tmp_path / "photo.csv", "--out", tmp_path / "out"), "photo.csv")


def test_a_table_without_text(tmp_path):
    (tmp_path / "numbers.csv").write_text("a,b\n1,2\n3,4\n5,6\n", encoding="utf-8")
    refused(kesheng("analyze", tmp_path / "numbers.csv", "--out", tmp_path / "out"), "--text")


def test_a_column_that_is_not_there(tmp_path, reviews):
    refused(kesheng("analyze", reviews, "--text", "正文", "--out", tmp_path / "out"), "正文", "内容")


def test_a_folder_that_cannot_be_written(tmp_path, reviews):
    (tmp_path / "file").touch()  # a folder below a file cannot be made, whoever asks
    refused(kesheng("analyze", reviews, "--out", tmp_path / "file" / "out"), "cannot be written")


def test_a_port_that_is_taken(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused(kesheng("serve", "--port", port, KESHENG_HOME=str(tmp_path)), str(port), "--port")


def test_java_missing(tmp_path, reviews):
    # Java is looked for in its usual folders too; here there are none.
    script = "import sys; from jobs import java, cli; java.find_java.__kwdefaults__['places'] = (); cli.main()"
    command = [sys.executable, "-c", script, "analyze", str(reviews), "--out", str(tmp_path / "out")]
    (tmp_path / "apt-get").touch(mode=0o755)
    environment = {**os.environ, "PATH": str(tmp_path), "JAVA_HOME": ""}
    done = subprocess.run(
        command, cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=280, check=False
    )
    refused(done, "Java", "apt-get install")


def test_a_day_that_is_none(tmp_path):
    refused(kesheng("run", "--day", "yesterday", KESHENG_HOME=str(tmp_path)), "yesterday")


def test_a_source_that_is_not_configured(tmp_path):
    refused(kesheng("collect", "reviews", KESHENG_HOME=str(tmp_path)), "reviews", "calls")


def test_a_setting_out_of_range(tmp_path):
    refused(kesheng("run", "--day", "2026-03-01", KESHENG_SPIKES__Q="3"), "spikes.q")


def test_a_misspelt_variable(tmp_path):
    refused(kesheng("doctor", KESHENG_TOPIKS__SEED="3"), "KESHENG_TOPIKS__SEED")
