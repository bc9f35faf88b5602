"""The gate before a publication: what is damaged is held back, what a person accepts is published and kept."""

from __future__ import annotations

import datetime as dt
import importlib.util
import shutil
import sys
from pathlib import Path
from types import ModuleType

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analytics.errors import ConfigError, QualityError
from analytics.quality.held import read_held
from analytics.settings import Settings
from analytics.warehouse import open_reader
from jobs import publish
from jobs.quality import check, days_to_look_at
from jobs.quality_command import print_quality


def _small_lake() -> ModuleType:
    spec = importlib.util.spec_from_file_location("small_lake", Path(__file__).parents[1] / "small_lake.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["small_lake"] = module
    spec.loader.exec_module(module)
    return module


SMALL = _small_lake()
LAST = dt.date(2026, 9, 20)
DAYS = [LAST - dt.timedelta(days=i) for i in reversed(range(29))]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("quality") / "home"
    everybody = [one for day in DAYS for channel in ("app", "web") for one in _of(day, channel)]
    SMALL.write(home / "lake", "contact", everybody)
    SMALL.write(home / "lake", "utterance", SMALL.turns(everybody, ["快递没到"]))
    SMALL.write(home / "lake", "contact_mood", SMALL.moods(everybody, ["negative", "neutral", "positive"]))
    cube = {"indicator": "n_contacts", "channel": "", "product": "", "team": "", "topic_id": ""}
    SMALL.write(home / "lake", "kpi_cube", [{**cube, "day": day, "n": 120, "numerator": 120.0} for day in DAYS])
    return home


def _of(day: dt.date, channel: str) -> list[dict[str, object]]:
    return [{**one, "contact_id": f"{channel}{one['contact_id']}"} for one in SMALL.contacts(60, day, channel)]


@pytest.fixture
def settings(made: Path, tmp_path: Path) -> Settings:
    shutil.copytree(made, tmp_path / "home")
    return Settings(home=tmp_path / "home")


def _failed(settings: Settings) -> set[str]:
    return {one.result.expectation.name for one in check(settings, [LAST]) if one.holds}


def _rewrite(settings: Settings, table: str, change) -> None:
    file = settings.lake / table / f"day={LAST}" / "part-0.parquet"
    pq.write_table(change(pq.read_table(file, partitioning=None)), file)


def _with(name: str, value: object):
    def change(rows: pa.Table) -> pa.Table:
        at = rows.schema.get_field_index(name)
        return rows.set_column(at, rows.schema.field(at), pa.array([value] * len(rows), rows.schema.field(at).type))

    return change


DAMAGES = {
    "half a day and a channel gone": (
        {"contact": [lambda rows: rows.slice(0, len(rows) // 3)]},
        {"contact_rows", "contact_channel_rows", "utterance_whole", "kpi_cube_whole"},
    ),
    "a partition twice, columns empty, mood constant": (
        {
            "contact": [
                _with("channel", None),
                _with("started_at", None),
                _with("kind", "fax"),
                lambda rows: pa.concat_tables([rows, rows]),
            ],
            "contact_mood": [_with("sentiment_score", 0.25), _with("sentiment_label", "glad")],
        },
        {
            "contact_unique",
            "contact_channel_empty",
            "contact_start_empty",
            "contact_kind",
            "mood_spread",
            "mood_values",
        },
    ),
    "not scored, and counted by half": (
        {"contact_mood": [_with("sentiment_score", None)], "kpi_cube": [lambda rows: rows.slice(1)]},
        {"mood_empty", "kpi_cube_whole"},
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_found(settings: Settings, damage: str) -> None:
    changes, expected = DAMAGES[damage]
    for table, steps in changes.items():
        for change in steps:
            _rewrite(settings, table, change)
    assert _failed(settings) >= expected


def test_the_good_warehouse_stays_until_it_is_mended_or_accepted(settings: Settings, capsys) -> None:
    publish.run(settings)
    with open_reader(settings.warehouse) as reader:
        found = reader.query("SELECT status, count(*) AS n FROM quality GROUP BY 1").set_index("status")["n"]
    assert found["failed"] == 1  # the made-up days are long past: contact_fresh, a warning
    assert found["passed"] > 100
    assert days_to_look_at(settings) == [LAST]  # the others were not written since
    before = settings.warehouse.stat().st_mtime_ns
    _rewrite(settings, "contact", lambda rows: rows.slice(0, 30))
    with pytest.raises(QualityError, match=r"(?s)contact_rows .*应不少于 .*实为 30.*accept-quality"):
        publish.run(settings)
    assert settings.warehouse.stat().st_mtime_ns == before
    held = read_held(settings.warehouse)
    assert held is not None
    assert {one.expectation for one in held.failures} >= {"contact_rows", "utterance_whole"}
    assert print_quality(settings) == 2
    assert "停止发布" in capsys.readouterr().out
    publish.run(settings, is_gated=False)  # what is erased must go; what is held stays held
    assert read_held(settings.warehouse) is not None
    publish.run(settings, accept="店休")
    assert read_held(settings.warehouse) is None
    with open_reader(settings.warehouse) as reader:
        kept = reader.query("SELECT DISTINCT accepted FROM quality WHERE status = 'failed' AND severity = 'stop'")
    assert kept["accepted"].tolist() == ["店休"]
    assert not any(one.holds for one in check(settings, [LAST]))  # what was accepted is not asked again


def test_sql_that_cannot_be_run_is_told_with_its_name(settings: Settings) -> None:
    (settings.home / "quality").mkdir()
    text = '[[expectation]]\nname = "contact_kind"\nmeasure = "nope(1)"\n'
    (settings.home / "quality" / "ours.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match="contact_kind"):
        check(settings, [LAST])
