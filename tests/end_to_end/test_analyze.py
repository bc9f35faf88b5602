"""`kesheng analyze` on real files of four kinds, and on ours."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from analytics.warehouse import open_reader
from jobs.sources.files import read_rows

pytestmark = [pytest.mark.spark, pytest.mark.slow, pytest.mark.timeout(1200)]

PROJECT = Path(__file__).resolve().parents[2]
JDDC = ("--contact", "1", "--speaker", "3", "--agent", "1", "--text", "7", "--no-header")
REAL = {
    "app reviews": ("app_reviews/mijia.xlsx", ()),
    "takeaway reviews": ("sentiment/waimai_10k.csv", ()),
    "work orders": ("work_orders/car_complaints_gb18030.csv", ()),
    "chats": ("chats/jddc_chat.tsv", JDDC),
}


@pytest.fixture(scope="module")
def home(tmp_path_factory, mood_models):
    home = tmp_path_factory.mktemp("home")
    shutil.copytree(mood_models, home / "models")
    return home


def analyze(home: Path, file: Path, out: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "jobs.cli", "analyze", str(file), "--out", str(out), *options]

    environment = {**os.environ, "KESHENG_HOME": str(home)}
    return subprocess.run(
        command, cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=1000, check=False
    )


@pytest.mark.corpora
@pytest.mark.parametrize("kind", REAL)
def test_real_files_lose_no_row(home, corpora, tmp_path, kind):
    name, options = REAL[kind]
    done = analyze(home, corpora / name, tmp_path / "out", *options)
    assert done.returncode == 0, done.stderr[-3000:]
    n_rows = read_rows(corpora / name, header=False if options else None).n_rows_in
    reader = open_reader(tmp_path / "out" / "voc.duckdb")
    kept = "utterance" if kind == "chats" else "contact"
    counted = reader.query(f"SELECT (SELECT count(*) FROM {kept}) + (SELECT count(*) FROM rejected) AS n")["n"].iloc[0]
    assert counted == n_rows
    assert reader.query("SELECT count(*) AS n FROM topic")["n"].iloc[0] >= 3
    moods = reader.query("SELECT count(*) AS n FROM contact WHERE sentiment_label IS NULL AND n_customer_turns > 0")
    assert moods["n"].iloc[0] == 0
    report = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "<html" in report and "主题" in report
    if kind == "work orders":
        ids = set(read_rows(corpora / name).frame["id"])
        assert set(reader.query("SELECT contact_id FROM contact")["contact_id"]) == ids
    dated = kind in ("app reviews", "work orders")
    assert ("没有时间列" in done.stderr) != dated


def test_our_sample_with_named_columns(home, tmp_path):
    done = analyze(home, PROJECT / "data" / "sample" / "reviews.csv", tmp_path / "out", "--text", "内容")
    assert done.returncode == 0, done.stderr[-3000:]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["report.html", "voc.duckdb"]
    assert "主题" in done.stdout
