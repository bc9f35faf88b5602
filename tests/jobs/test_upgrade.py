"""A lake, an inbox and a warehouse of before: what is said of them, what is done, and that nothing is lost."""

from __future__ import annotations

import datetime as dt
import importlib.util
import json
from pathlib import Path
from types import ModuleType

import duckdb
import pyarrow.parquet as pq
import pytest

from analytics.errors import SchemaError
from analytics.inbox import Inbox
from analytics.inbox.database import missing_steps
from analytics.settings import Settings
from analytics.warehouse import lake_tables, publish, table_hash
from analytics.warehouse.lake_files import file_version, lake_files, select_sql
from jobs import upgrade as upgrading
from jobs.lake_version import FILE, claim, older_files
from jobs.run_log import recorded
from jobs.window import Window

DAYS = dt.date(2026, 9, 20), dt.date(2026, 9, 21)
BEFORE = ("n_transfers", "tier")


def _small_lake() -> ModuleType:
    spec = importlib.util.spec_from_file_location("small_lake", Path(__file__).parents[1] / "small_lake.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _spike(day: dt.date) -> dict[str, object]:
    return {
        "day": day,
        "spike_id": f"s{day}",
        "kind": "keyword",
        "key": "极速退",
        "channel": "*",
        "short_history": False,
    }


def _write(lake: Path, *, drop: tuple[str, ...] = (), of: tuple[dt.date, ...] = DAYS) -> None:
    """Write contacts and spikes of the days; with `drop`, as code without these columns did."""
    small = _small_lake()
    for day in of:
        small.write(lake, "contact", small.contacts(3, day), drop=[name for name in drop if name in BEFORE])
        small.write(lake, "spike", [_spike(day)], drop=[name for name in drop if name not in BEFORE])


def test_a_lake_of_before_gives_the_same_tables(tmp_path: Path) -> None:
    for name in ("new", "old"):
        _write(tmp_path / name)
    _write(tmp_path / "old", drop=(*BEFORE, "short_history"), of=DAYS[:1])
    for name in ("new", "old"):
        publish(lake_tables(tmp_path / name), tmp_path / f"{name}.duckdb")
    with duckdb.connect(str(tmp_path / "new.duckdb")) as new, duckdb.connect(str(tmp_path / "old.duckdb")) as old:
        for table in ("contact", "spike"):
            assert table_hash(old, table) == table_hash(new, table)


def test_columns_that_no_file_has_are_there_with_what_was_declared(tmp_path: Path) -> None:
    _write(tmp_path, drop=(*BEFORE, "short_history"))
    for table, column, value in (("contact", "tier", None), ("spike", "short_history", False)):
        rows = duckdb.sql(select_sql(table, lake_files(tmp_path, table))).select(f'"{column}"')
        assert set(rows.fetchall()) == {(value,)}


def test_the_days_of_before_are_known_by_their_columns(tmp_path: Path) -> None:
    _write(tmp_path, drop=("tier",), of=DAYS[:1])
    _write(tmp_path, of=DAYS[1:])
    (found,) = older_files(tmp_path)
    assert (found.change.table, found.change.version, found.n_files, found.days) == ("contact", 3, 1, DAYS[:1])


def test_a_file_of_a_later_version_is_refused(tmp_path: Path) -> None:
    _write(tmp_path, of=DAYS[:1])
    (file,) = (tmp_path / "contact").rglob("*.parquet")
    rows = pq.read_table(file, partitioning=None)
    pq.write_table(rows.replace_schema_metadata({"kesheng.version": "99"}), file)
    assert file_version(file, "contact") == 99
    with pytest.raises(SchemaError, match="expected version 3 of table contact or before, got version 99"):
        publish(lake_tables(tmp_path), tmp_path / "voc.duckdb")


def test_no_job_writes_a_lake_of_a_later_version(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    claim(lake)
    noted = json.loads((lake / FILE).read_text())
    noted["tables"] |= {"contact": 99, "a_table_of_later": 2}
    (lake / FILE).write_text(json.dumps(noted))
    refused = pytest.raises(SchemaError, match=r"got contact 99: a later Kesheng wrote it\. Install that one")
    with refused, recorded("segment", Window(DAYS[0], DAYS[0]), lake):
        raise AssertionError("not reached")
    assert not (lake / "run").exists()


@pytest.fixture
def site(tmp_path: Path) -> Settings:
    """A home of before: contacts without a tier, an inbox without a version, a warehouse without a table."""
    settings = Settings(home=tmp_path)
    _write(settings.lake, drop=("tier",))
    publish(lake_tables(settings.lake), settings.warehouse)
    Inbox(settings.inbox_url).close()
    import sqlite3

    with sqlite3.connect(tmp_path / "inbox.db") as connection:
        connection.execute("DROP TABLE inbox_version")
    with duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute("ALTER TABLE contact DROP COLUMN tier")
    return settings


def test_upgrade_says_first_and_does_then(
    site: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    done: list[str] = []
    monkeypatch.setattr(upgrading.publish, "run", lambda settings: done.append("publish"))
    monkeypatch.setattr(upgrading.console, "width", 200)
    upgrading.upgrade(site, dry_run=True)
    said = capsys.readouterr().err
    assert "收件箱：缺一步 0001" in said and "contact 第 3 版" in said and "contact.tier" in said
    assert missing_steps(site.inbox_url) and not done and not (site.lake / FILE).exists()
    upgrading.upgrade(site)
    assert missing_steps(site.inbox_url) == [] and done == ["publish"] and (site.lake / FILE).exists()


def test_an_empty_home_needs_nothing(tmp_path: Path) -> None:
    upgrading.upgrade(Settings(home=tmp_path / "var"))
    assert not (tmp_path / "var").exists()
