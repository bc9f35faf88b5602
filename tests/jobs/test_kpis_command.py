from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from analytics.errors import ConfigError
from analytics.kpi_catalog import INDICATORS
from jobs.cli import app


@pytest.fixture
def home(tmp_path: Path, warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KESHENG_HOME", str(tmp_path))
    (tmp_path / "warehouse").mkdir()
    shutil.copy(warehouse, tmp_path / "warehouse" / "voc.duckdb")
    return tmp_path


def test_every_indicator_is_listed_with_its_numbers_or_why_it_has_none(home: Path) -> None:
    (home / "kpis").mkdir()
    (home / "kpis" / "negative_share.toml").write_text("target = 0.125", encoding="utf-8")
    said = CliRunner().invoke(app, ["kpis"]).output
    assert all(name in said and one.label in said for name, one in INDICATORS.items())
    lines = {line.split()[0]: line for line in said.splitlines() if line.strip()}
    assert "12.5%" in lines["negative_share"] and "越低越好" in lines["negative_share"]
    assert "没有 转接率（transferred_share）：联络里没有 n_transfers。来源没有转接次数这一列。" in said
    assert "2026-10-03" in CliRunner().invoke(app, ["kpis", "--day", "2026-10-03"]).output


def test_nothing_published_yet_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KESHENG_HOME", str(tmp_path))
    found = CliRunner().invoke(app, ["kpis"])
    assert isinstance(found.exception, ConfigError) and "kesheng run" in str(found.exception)
