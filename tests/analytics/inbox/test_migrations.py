"""The steps of the inbox's schema: they end where the declared tables are, keep what is there, and go one way only."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

from analytics.errors import ConfigError
from analytics.inbox.database import Base, open_database
from analytics.inbox.dump import dumped, restore
from analytics.inbox.migrations import HEAD, VERSION_TABLE, version_of
from analytics.inbox.migrations.steps import FOLDER

ROWS = {
    "alert": [
        '{"alert_id": "a", "spike_id": "s", "kind": "keyword", "key": "极速退", "state": "false_alarm", '
        '"severity": "high", "owner": "lin", "channel": "*", "title": "「极速退」", "body": "一", "n_contacts": 9, '
        '"n_windows": 2, "started_at": "2026-09-20T04:00:00+00:00", "created_at": "2026-09-20T05:00:00+00:00"}'
    ],
    "alert_event": [
        '{"event_id": 7, "alert_id": "a", "at": "2026-09-20T06:00:00+00:00", "what": "false_alarm", "by": "lin", '
        '"detail": ""}'
    ],
    "topic_label": [
        '{"label_id": 3, "contact_id": "c1", "topic_id": "t2", "was": "t1", "made_by": "lin", '
        '"made_at": "2026-09-20T06:00:00+00:00"}'
    ],
}


def differences(url: str) -> list[object]:
    """What alembic would have to do to make the database what the code declares."""
    engine = open_database(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        found = list(compare_metadata(context, Base.metadata))
    engine.dispose()
    return found


def fill_as_without_versions(url: str) -> dict[str, list[str]]:
    """Leave a database as the last code without versions did: all tables, with decisions in them; return its rows."""
    restore(url, ROWS)
    engine = open_database(url)
    with engine.begin() as connection:
        connection.execute(text(f"DROP TABLE {VERSION_TABLE}"))
    engine.dispose()
    return dumped(url)


def check_rows_stay(url: str) -> None:
    """A database without versions opens with every row, the schema that is declared, and its version."""
    fill_as_without_versions(url)
    engine = open_database(url)
    with engine.connect() as connection:
        assert version_of(connection) == HEAD
    engine.dispose()
    after = {table: rows for table, rows in dumped(url).items() if rows}
    assert {table: len(rows) for table, rows in after.items()} == {table: 1 for table in ROWS}
    assert '"state": "false_alarm"' in after["alert"][0]
    assert differences(url) == []


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'inbox.db'}"


def test_the_steps_end_where_the_declared_tables_are(url: str) -> None:
    assert differences(url) == []
    assert ScriptDirectory(str(FOLDER)).get_heads() == [HEAD]


def test_a_database_without_versions_keeps_its_rows(url: str) -> None:
    check_rows_stay(url)


def test_an_index_that_an_old_table_lacks_is_made(url: str) -> None:
    fill_as_without_versions(url)
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(f"DROP TABLE {VERSION_TABLE}"))
        connection.execute(text("DROP INDEX ix_alert_key"))
    engine.dispose()
    assert differences(url) == []


def test_a_database_of_a_later_version_is_refused_and_stays_as_it_is(url: str) -> None:
    open_database(url).dispose()
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '0099'"))
    with pytest.raises(ConfigError, match=rf"version {HEAD} or before, got one of version 0099: a later Kesheng made"):
        open_database(url)
    with engine.connect() as connection:
        assert version_of(connection) == "0099"
    engine.dispose()


def test_several_that_start_at_once_take_each_step_once(url: str) -> None:
    def start(_: int) -> None:
        open_database(url).dispose()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(start, range(4)))
    assert differences(url) == []


def test_alembic_is_not_asked_where_nothing_is_to_be_done(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    open_database(url).dispose()
    monkeypatch.setitem(sys.modules, "analytics.inbox.migrations.steps", None)
    open_database(url).dispose()
