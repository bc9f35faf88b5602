"""SQLite: small tables, every rule. `test_sql_postgres.py` holds the same rules to a real server."""

import datetime as dt
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.errors import ConfigError
from analytics.source_settings import SqlSettings
from jobs.sources import sql_window
from jobs.sources.sql import fetch_sql

MAKE = "CREATE TABLE ticket (id INTEGER PRIMARY KEY, changed TEXT, body TEXT)"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "crm.db"
    change(path, MAKE)
    return path


def change(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def insert(path: Path, *rows: tuple[int, str]) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executemany("INSERT OR REPLACE INTO ticket VALUES (?, ?, 'x')", rows)


def source(path: Path, **values: Any) -> SqlSettings:
    wanted = {"cursor": "changed", "key": "id", "lag_rows": 0, **values}
    if "query" not in wanted:
        wanted.setdefault("table", "ticket")
    return SqlSettings(url=f"sqlite:///{path}", **wanted)


class Store:
    """What landing does: a piece and its cursor in one step."""

    def __init__(self) -> None:
        self.cursor: dict[str, Any] | None = None
        self.names: list[str] = []

    def collect(self, settings: SqlSettings, *, pieces: int | None = None) -> list[dict[str, Any]]:
        """Return the rows of the new pieces, of the first few only if so many are wanted: a crash behind them."""
        rows: list[dict[str, Any]] = []
        fetched: Iterator[Any] = fetch_sql(settings, self.cursor)
        with closing(fetched):  # type: ignore[type-var]
            for number, piece in enumerate(fetched, start=1):
                self.cursor = json.loads(json.dumps(piece.cursor))
                self.names.append(piece.name)
                rows += [json.loads(line) for line in piece.data.splitlines()]
                if number == pieces:
                    break
        return rows


def ids(rows: list[dict[str, Any]]) -> list[int]:
    return [row["id"] for row in rows]


def test_new_and_changed_rows_come_in_order_once(file: Path) -> None:
    store = Store()
    insert(file, (1, "2026-03-01 10:00"), (2, "2026-03-01 09:00"), (3, "2026-03-01 11:00"))
    assert ids(store.collect(source(file))) == [2, 1, 3]
    assert store.collect(source(file)) == []
    insert(file, (4, "2026-03-01 12:00"), (2, "2026-03-01 12:30"))
    assert ids(store.collect(source(file))) == [4, 2]
    assert store.names == ["000001.jsonl", "000002.jsonl"]


def test_rows_of_the_last_cursor_that_come_later_are_not_lost_though_their_key_is_smaller(file: Path) -> None:
    store = Store()
    insert(file, (5, "10:00"), (7, "10:00"))
    store.collect(source(file))
    insert(file, (6, "10:00"), (1, "10:00"))
    assert ids(store.collect(source(file))) == [1, 6]
    assert store.collect(source(file)) == []


def test_a_row_changed_again_within_the_same_cursor_comes_again(file: Path) -> None:
    store = Store()
    insert(file, (5, "10:00"), (7, "10:00"))
    store.collect(source(file))
    change(file, "UPDATE ticket SET body = 'y' WHERE id = 5")
    assert [(row["id"], row["body"]) for row in store.collect(source(file))] == [(5, "y")]


def test_a_late_commit_within_the_window_comes_and_one_before_it_does_not(file: Path) -> None:
    store = Store()
    insert(file, *((number, f"10:0{number}") for number in range(1, 8)))
    store.collect(source(file, lag_rows=3))
    insert(file, (90, "10:06"), (91, "10:01"), (92, "10:05"))
    assert ids(store.collect(source(file, lag_rows=3))) == [92, 90]
    assert store.collect(source(file, lag_rows=3)) == []


def test_pieces_are_of_batch_rows_and_a_crash_between_two_leaves_neither_gap_nor_repeat(file: Path) -> None:
    insert(file, *((number, f"10:{number // 4:02d}") for number in range(1, 31)))
    store, rows = Store(), []
    for _ in range(6):
        rows += store.collect(source(file, batch_rows=7), pieces=1)
    assert ids(rows) == list(range(1, 31))
    assert store.names == [f"{number:06d}.jsonl" for number in range(1, 6)]


def test_the_same_state_and_cursor_give_the_same_bytes(file: Path) -> None:
    insert(file, *((number, f"10:{number // 4:02d}") for number in range(1, 31)))
    once, again = ([piece for piece in fetch_sql(source(file, batch_rows=8), None)] for _ in range(2))
    assert once == again


@pytest.mark.parametrize("most", [0, 2, 100])
@given(data=st.data())
@settings(max_examples=15)
def test_whatever_changes_and_wherever_it_crashes_every_version_comes(
    tmp_path_factory: pytest.TempPathFactory, most: int, data: st.DataObject
) -> None:
    """Exactly once while the window is remembered row by row; at least once where only its sum is."""
    file = tmp_path_factory.mktemp("sql") / "crm.db"
    change(file, MAKE)
    store, wanted, got = Store(), {}, []
    wide = source(file, lag_rows=10_000, batch_rows=3)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sql_window, "MAX_REMEMBERED", most)
        for round_ in range(5):
            rows = data.draw(st.lists(st.tuples(st.integers(1, 12), st.sampled_from(["10:00", "10:01", "10:02"]))))
            with closing(sqlite3.connect(file)) as connection, connection:
                for number, (key, changed) in enumerate(rows):
                    body = f"{round_}-{number}"
                    connection.execute("INSERT OR REPLACE INTO ticket VALUES (?, ?, ?)", (key, changed, body))
                    wanted[key] = body
            got += [(row["id"], row["body"]) for row in store.collect(wide, pieces=data.draw(st.integers(1, 3)))]
        got += [(row["id"], row["body"]) for row in store.collect(wide)]
    assert set(wanted.items()) <= set(got)
    if most == 100:
        assert len(got) == len(set(got))


def test_a_window_too_large_to_remember_is_known_by_its_sum(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sql_window, "MAX_REMEMBERED", 5)
    insert(file, *((number, "10:00") for number in range(2, 22)))
    store, rows = Store(), []
    for _ in range(4):
        rows += store.collect(source(file, batch_rows=8), pieces=1)
        assert store.cursor is not None and store.cursor["remembered"] is None
    assert ids(rows) == list(range(2, 22))
    insert(file, (30, "10:01"))
    assert ids(store.collect(source(file))) == [30]
    insert(file, (31, "10:01"), (29, "10:01"))
    assert ids(store.collect(source(file))) == [29, 31]


def test_a_late_row_in_a_window_too_large_to_remember_brings_the_window_again(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sql_window, "MAX_REMEMBERED", 5)
    insert(file, *((number, "10:00") for number in range(2, 12)))
    store = Store()
    store.collect(source(file))
    insert(file, (1, "10:00"))
    assert ids(store.collect(source(file))) == list(range(1, 12))
    assert store.collect(source(file)) == []


def test_cursors_of_other_columns_or_another_table_start_anew(file: Path) -> None:
    store = Store()
    insert(file, (1, "10:00"))
    store.collect(source(file))
    assert ids(store.collect(source(file, cursor="id"))) == [1]
    change(file, "CREATE TABLE other AS SELECT * FROM ticket")
    assert ids(store.collect(source(file, table="other"))) == [1]


def test_a_query_stands_for_a_table_with_colons_and_percents_in_it(file: Path) -> None:
    insert(file, (1, "10:00"), (2, "11:00"))
    query = """
        SELECT id, coalesce(changed, 'never') AS "改 于", 'a :x 100%' AS body  -- of tickets
        FROM ticket WHERE body LIKE '%x%';
    """
    rows = Store().collect(source(file, query=query, cursor="改 于"))
    assert rows == [
        {"id": 1, "改 于": "10:00", "body": "a :x 100%"},
        {"id": 2, "改 于": "11:00", "body": "a :x 100%"},
    ]


def test_names_are_quoted(file: Path) -> None:
    make = 'CREATE TABLE "工单; drop" ("order" INTEGER, "a""b" TEXT)'
    change(file, make, """INSERT INTO "工单; drop" VALUES (1, 'x')""")
    assert Store().collect(source(file, table="工单; drop", cursor="order", key='a"b')) == [{"order": 1, 'a"b': "x"}]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"table": "tickets"}, "no table or view 'tickets' that this user can see; there are: ticket;"),
        ({"cursor": "updated_at"}, "no column 'updated_at' for sql.cursor; there are: id, changed, body"),
        ({"key": "nr"}, "no column 'nr' for sql.key; there are: id, changed, body"),
        ({"query": "SELECT * FROM nowhere"}, "the database refuses sql.query: no such table: nowhere"),
        ({"query": "DELETE FROM ticket"}, "the database refuses sql.query: "),
        ({"lag_seconds": 5}, "sql.lag_seconds needs a cursor of times, got values of type str"),
    ],
)
def test_what_is_wrong_in_the_settings_is_said(file: Path, values: dict[str, Any], message: str) -> None:
    insert(file, (1, "10:00"))
    with pytest.raises(ConfigError) as raised:
        Store().collect(source(file, **values))
    assert message in str(raised.value)


def test_rows_without_a_cursor_are_refused_not_left_out(file: Path) -> None:
    change(file, "INSERT INTO ticket VALUES (1, NULL, 'x')")
    with pytest.raises(ConfigError, match=r"rows without a value in 'changed'.* coalesce\(changed"):
        Store().collect(source(file))


def test_a_key_without_a_value_is_refused(file: Path) -> None:
    change(file, "CREATE TABLE loose (changed TEXT, id TEXT)", "INSERT INTO loose VALUES ('10:00', NULL)")
    with pytest.raises(ConfigError, match="cursor and key must be columns of"):
        Store().collect(source(file, table="loose"))


def test_a_file_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"no SQLite file at .*none\.db"):
        Store().collect(source(tmp_path / "none.db"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("postgresql+psycopg://kesheng:${CRM_PW}@127.0.0.1:1/crm", r"database 127\.0\.0\.1:1/crm cannot be reached: "),
        ("nodb://kesheng:${CRM_PW}@h/crm", "no driver for nodb is installed"),
        ("oracle+cx_oracle://kesheng:${CRM_PW}@h/crm", "no driver for oracle"),
        ("s3cret is no address", r"sql\.url is no address of a database"),
        ("postgresql+psycopg://kesheng:${NOT_SET}@h/crm", "needs the environment variable NOT_SET, which is not set"),
    ],
)
def test_addresses_that_lead_nowhere_are_said_without_the_password(url: str, message: str) -> None:
    wanted = SqlSettings(url=url, table="t", cursor="c", key="k")
    with pytest.raises(ConfigError, match=message) as raised:
        list(fetch_sql(wanted, None, environ={"CRM_PW": "s3cret"}))
    assert "s3cret" not in str(raised.value)


def test_a_cursor_of_times_keeps_its_type() -> None:
    at = dt.datetime(2026, 3, 1, 10, tzinfo=dt.timezone(dt.timedelta(hours=8)))
    for value in (at, at.replace(tzinfo=None), at.date(), 7, 0.1, "甲", b"\x00\xff"):
        assert sql_window.untyped(json.loads(json.dumps(sql_window.typed(value, where="t")))) == value
