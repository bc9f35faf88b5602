"""What is damaged is found, put aside and computed again; what is whole is left alone."""

from __future__ import annotations

import datetime as dt
import importlib.util
import uuid
from pathlib import Path
from types import ModuleType

import pytest

from analytics.errors import ConfigError
from analytics.inbox import Inbox
from analytics.settings import Settings
from analytics.warehouse.publish import lake_tables, publish
from jobs import cut_off, repair
from jobs.lineage import traced
from jobs.window import Window

FIRST, SECOND = dt.date(2026, 9, 20), dt.date(2026, 9, 21)


def _small_lake() -> ModuleType:
    spec = importlib.util.spec_from_file_location("small_lake", Path(__file__).parents[1] / "small_lake.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    found, small = Settings(home=tmp_path), _small_lake()
    for day in (FIRST, SECOND):
        small.write(found.lake, "contact", small.contacts(3, day))
    publish(lake_tables(found.lake), found.warehouse)
    Inbox(found.inbox_url).close()
    landed = type("File", (), {"days": (FIRST, SECOND)})
    monkeypatch.setattr(cut_off, "manifest", lambda landing: [landed])
    return found


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What repair runs again: windows, or a publish."""
    found: list[object] = []
    monkeypatch.setattr(repair, "run_windows", lambda settings, windows, *, send: found.extend(windows))
    monkeypatch.setattr(repair.publish, "run", lambda settings: found.append("publish"))
    return found


def test_nothing_is_done_where_all_is_whole(settings: Settings, done: list[object]) -> None:
    repair.repair(settings, deep=True)
    assert done == []


def _part(settings: Settings) -> Path:
    return settings.lake / "contact" / f"day={SECOND}" / "part-0.parquet"


def test_a_file_cut_short_is_put_aside_and_its_day_run_again(settings: Settings, done: list[object]) -> None:
    part = _part(settings)
    part.write_bytes(part.read_bytes()[:-20])
    repair.repair(settings, dry_run=True)
    assert part.exists() and done == []
    repair.repair(settings)
    assert done == [Window(SECOND, SECOND)] and not part.exists()
    (aside,) = (settings.home / "damaged").rglob("*.parquet")
    assert aside.parent.name == f"day={SECOND}"


def test_a_bad_block_inside_of_a_file_is_found_when_all_is_read(settings: Settings, done: list[object]) -> None:
    part = _part(settings)
    data = bytearray(part.read_bytes())
    data[4:200] = b"\xff" * 196
    part.write_bytes(bytes(data))
    assert repair.find_damage(settings).files == ()
    assert repair.find_damage(settings, deep=True).files == (part,)


@pytest.mark.parametrize("harm", ["garbage", "gone"])
def test_a_broken_warehouse_is_published_again(settings: Settings, done: list[object], harm: str) -> None:
    if harm == "gone":
        settings.warehouse.unlink()
    else:
        settings.warehouse.write_bytes(b"no database" * 500)
    before = settings.warehouse.read_bytes() if settings.warehouse.exists() else b""
    repair.repair(settings)
    assert done == ["publish"]
    kept = list((settings.home / "damaged").rglob(settings.warehouse.name))
    assert [file.read_bytes() for file in kept] == ([before] if before else [])


def test_days_of_a_run_that_was_cut_off_are_run_again(settings: Settings, done: list[object]) -> None:
    folder = settings.home / "lineage"
    killed = traced("kpi", str(uuid.uuid4()), Window(FIRST, SECOND), folder)
    killed.__enter__()  # and never left
    assert repair.find_damage(settings).unfinished == (FIRST, SECOND)
    with traced("kpi", str(uuid.uuid4()), Window(FIRST, FIRST), folder):
        pass
    repair.repair(settings)
    assert done == [Window(SECOND, SECOND)]
    killed.gen.close()


def test_a_damaged_inbox_is_named_and_nothing_is_touched(settings: Settings, done: list[object]) -> None:
    inbox = settings.home / "inbox.db"
    data = bytearray(inbox.read_bytes())
    data[100:3000] = b"\xff" * 2900
    inbox.write_bytes(bytes(data))
    for log in settings.home.glob("inbox.db-*"):
        log.unlink()
    with pytest.raises(ConfigError, match="kesheng restore"):
        repair.repair(settings)
    assert done == []
