"""Killed, out of room, in another zone, by another clock: run again it is as if nothing had happened."""

from __future__ import annotations

import datetime as dt
import errno
import importlib.util
import json
import os
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import duckdb
import pytest

from analytics.errors import DiskFullError
from analytics.inbox import Inbox
from analytics.inbox.dump import dumped
from analytics.inbox.labels import MoodLabel, MoodLabels
from analytics.settings import Settings, SourceSettings, load_settings
from analytics.warehouse import lake_tables, publish, table_hash
from jobs import cut_off, repair
from jobs import publish as publish_job
from jobs.backup import back_up, bring_back
from jobs.collect import collect_source
from jobs.full_disk import full_disk_named, is_full_disk
from jobs.lake_moves import Moves, finish_moves
from jobs.retention import forgotten_before
from jobs.run_log import recorded
from jobs.sources.manifest import manifest
from jobs.window import Window

FIRST, SECOND = dt.date(2026, 9, 20), dt.date(2026, 9, 21)


def _small_lake() -> ModuleType:
    spec = importlib.util.spec_from_file_location("small_lake", Path(__file__).parents[1] / "small_lake.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _forked(work: Callable[[], object]) -> int:
    """Do the work in a process of its own; return how that ended, 0 for well."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _killed_at(work: Callable[[], object], place: Path, point: int) -> bool:
    """Do the work, killed where it opens, renames or deletes something under `place` for the `point`-th time.

    Return whether it was killed: False where it has fewer such points, and was done.
    """
    seen = 0

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal seen
        if event in {"open", "os.rename", "os.remove", "os.mkdir", "os.link"} and str(place) in str(arguments[0]):
            seen += 1
            if seen == point:
                os.kill(os.getpid(), signal.SIGKILL)

    def watched() -> None:
        sys.addaudithook(hook)
        work()

    code = _forked(watched)
    assert code in (0, -signal.SIGKILL)
    return code != 0


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    small, root = _small_lake(), tmp_path / "lake"
    for day in (FIRST, SECOND):
        contacts = small.contacts(3, day)
        small.write(root, "contact", contacts)
        small.write(root, "utterance", small.turns(contacts, ["快递还没到"]))
    return root


@pytest.mark.parametrize("n_done", range(5))
def test_moves_that_were_cut_off_are_ended_by_the_next_writer(tmp_path: Path, n_done: int) -> None:
    table, staging = tmp_path / "kpi", tmp_path / "_staging" / "kpi-1"
    for folder, names in ((table, "abc"), (staging, "ab")):
        for name in names:
            (folder / f"day={name}").mkdir(parents=True)
            (folder / f"day={name}" / "part.parquet").write_text(folder.name)
    moves = Moves.of("kpi", ["day=a", "day=b", "day=c"], {"day=a", "day=b"})
    staging.with_name("kpi-1.moves").write_text(moves.to_json())
    steps: list[Callable[[], object]] = [
        lambda: (table / "day=a" / "part.parquet").unlink(),
        lambda: (table / "day=a").rmdir(),
        lambda: (staging / "day=a").rename(table / "day=a"),
        lambda: (table / "day=b" / "part.parquet").unlink(),
    ]
    for step in steps[:n_done]:
        step()
    assert finish_moves(tmp_path) == ["kpi"]
    assert {str(file.relative_to(table)): file.read_text() for file in table.rglob("*.parquet")} == {
        "day=a/part.parquet": "kpi-1",
        "day=b/part.parquet": "kpi-1",
    }
    assert not (tmp_path / "_staging").exists() and finish_moves(tmp_path) == []


def test_without_a_whole_note_the_table_stays_as_it_was(tmp_path: Path) -> None:
    for name in ("kpi", "_staging/kpi-1"):
        (tmp_path / name / "day=a").mkdir(parents=True)
    (tmp_path / "_staging" / "kpi-1.moves").write_text('{"table": "kpi", "come": ["day=')
    (tmp_path / "kpi" / "day=a" / "old").touch()
    assert finish_moves(tmp_path) == []
    assert (tmp_path / "kpi" / "day=a" / "old").exists() and not (tmp_path / "_staging").exists()


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    (tmp_path / "settings.toml").write_text('timezone = "Asia/Tokyo"\n')
    monkeypatch.setenv("KESHENG_SETTINGS", str(tmp_path / "settings.toml"))
    settings = load_settings(home=tmp_path / "var")
    for name in ("lexicons/words.txt", "kpis/own.toml", "models/topics/current"):
        (settings.home / name).parent.mkdir(parents=True, exist_ok=True)
        (settings.home / name).write_text(name * 50)
    Inbox(settings.inbox_url).close()
    labels = MoodLabels(settings.inbox_url)
    labels.make(MoodLabel(contact_id="c1", turn=1, label="positive", was_label="negative", was_score=-0.5,
                          made_by="lin", made_at=dt.datetime(2026, 3, 2, tzinfo=dt.UTC)))  # fmt: skip
    return settings


def test_a_restore_that_was_killed_anywhere_can_be_given_again(
    site: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    back_up(site, tmp_path / "keep.tar.gz")
    for point in (1, 3, 4, 6, 7, 9, 11, 14):
        folder = tmp_path / f"new{point}"
        folder.mkdir()
        (folder / "settings.toml").write_text("# a fresh clone's\n")
        monkeypatch.setenv("KESHENG_SETTINGS", str(folder / "settings.toml"))
        new = load_settings(home=folder / "var")
        if _killed_at(lambda new=new: bring_back(new, tmp_path / "keep.tar.gz"), folder, point):  # type: ignore[misc]
            bring_back(load_settings(home=folder / "var"), tmp_path / "keep.tar.gz")
        assert dumped(new.inbox_url) == dumped(site.inbox_url)
        assert (new.home / "kpis" / "own.toml").read_bytes() == (site.home / "kpis" / "own.toml").read_bytes()
        assert (folder / "settings.toml").read_text() == 'timezone = "Asia/Tokyo"\n'


def test_a_publication_that_was_killed_leaves_the_old_one_and_can_be_given_again(lake: Path, tmp_path: Path) -> None:
    target = tmp_path / "warehouse" / "voc.duckdb"
    publish(lake_tables(lake), target)
    old = table_hash(target, "contact")
    _small_lake().write(lake, "contact", _small_lake().contacts(5, SECOND))
    for point in (2, 4, 6):
        killed = _killed_at(lambda: publish(lake_tables(lake), target, verbatims="beside"), target.parent, point)
        assert not killed or table_hash(target, "contact") == old
    publish(lake_tables(lake), target, verbatims="beside")
    assert table_hash(target, "contact").startswith("8-")


def _without_room(work: Callable[[], object], n_bytes: int, said: Path) -> int:
    """Do the work where no file can become larger than `n_bytes`, which is how a full disk looks to a process."""

    def limited() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, n_bytes))
        try:
            with full_disk_named(said.parent):
                work()
        except DiskFullError as error:
            resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, n_bytes))
            said.write_text(str(error), encoding="utf-8")
            os._exit(error.exit_code)

    return _forked(limited)


def test_without_room_the_old_warehouse_stays_and_the_place_is_named(lake: Path, tmp_path: Path) -> None:
    target, said = tmp_path / "warehouse" / "voc.duckdb", tmp_path / "said"
    publish(lake_tables(lake), target)
    before = target.read_bytes()
    assert _without_room(lambda: publish(lake_tables(lake), target), 100_000, said) == 2
    assert target.read_bytes() == before and [file.name for file in target.parent.iterdir() if file.is_dir()] == []
    assert not list(target.parent.glob("*.private*"))
    assert "disk full" in said.read_text() and str(tmp_path) in said.read_text() and "again" in said.read_text()
    publish(lake_tables(lake), target)


def _collecting(home: Path, zone: str = "Asia/Shanghai", rows: str = "") -> Settings:
    exports = home.parent / "exports"
    exports.mkdir(exist_ok=True)
    if rows:
        (exports / "one.csv").write_text(f"id,time,text\n{rows}", encoding="utf-8")
    columns: dict[str, str | int] = {"id": "id", "time": "time", "text": "text"}
    source = SourceSettings(path=f"{exports}/*.csv", kind="review", columns=columns, settle_seconds=0)
    return load_settings(home=home, timezone=zone, sources={"reviews": source}, person_key="k" * 32)


def test_without_room_nothing_lands_and_with_room_all_of_it(tmp_path: Path) -> None:
    rows = "".join(f"r{i},2026-03-01 10:00:00,包裹第{i}次没有送到楼下\n" for i in range(3000))
    settings, said = _collecting(tmp_path / "var", rows=rows), tmp_path / "said"
    assert _without_room(lambda: collect_source("reviews", settings), 50_000, said) == 2
    assert manifest(settings.landing) == []
    collect_source("reviews", settings)
    (landed,) = manifest(settings.landing)
    assert landed.n_records == 3000


def test_a_full_disk_is_known_in_the_words_of_every_library() -> None:
    assert is_full_disk(OSError(errno.EDQUOT, "x"))
    assert is_full_disk(duckdb.IOException("Could not write all bytes: No space left on device"))
    outer = RuntimeError("job failed")
    outer.__context__ = ValueError("java.io.IOException: No space left on device")
    assert is_full_disk(outer) and not is_full_disk(RuntimeError("no space"))


def test_days_killed_between_two_jobs_and_a_warehouse_behind_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(home=tmp_path)
    monkeypatch.setattr(cut_off, "manifest", lambda landing: [type("File", (), {"days": (FIRST, SECOND)})])
    for job, window in (("conform", Window(FIRST, SECOND)), ("alert", Window(FIRST, FIRST))):
        with recorded(job, window, settings.lake):
            pass
    assert cut_off.cut_off_days(settings) == [SECOND]
    assert cut_off.is_publication_behind(settings)
    with recorded("publish", Window(FIRST, FIRST), settings.lake):
        pass
    assert not cut_off.is_publication_behind(settings)


@pytest.mark.parametrize("harm", ["cut", "gone"])
def test_a_bad_part_beside_the_warehouse_is_put_aside_and_made_again(
    lake: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, harm: str
) -> None:
    settings = Settings(home=tmp_path)
    publish(lake_tables(lake), settings.warehouse, verbatims="beside")
    monkeypatch.setattr(
        publish_job, "run", lambda found: publish(lake_tables(found.lake), found.warehouse, verbatims="beside")
    )
    Inbox(settings.inbox_url).close()
    whole = table_hash(settings.warehouse, "utterance")
    assert repair.find_damage(settings) == repair.Damage()
    part = sorted((tmp_path / "warehouse" / "voc.parts").rglob("*.parquet"))[0]
    if harm == "cut":
        part.write_bytes(part.read_bytes()[:-30])
    else:
        part.unlink()
    assert repair.find_damage(settings).warehouse.file
    repair.repair(settings)
    assert repair.find_damage(settings) == repair.Damage()
    assert table_hash(settings.warehouse, "utterance") == whole
    assert len(list((tmp_path / "damaged").rglob("*.parquet"))) == (harm == "cut")


def test_a_mark_of_forgotten_days_is_never_half_a_one(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    settings.landing.mkdir()
    (settings.landing / "forgotten.json").write_text(json.dumps({"chats": "2026-01-01"}))
    from jobs.retention import _mark

    assert _without_room(lambda: _mark(settings, "calls", dt.date(2026, 2, 1)), 10, tmp_path / "said") != 0
    assert forgotten_before(settings) == dt.date(2026, 1, 1)
