"""The reader: newest version for a new query, old version for one under way, nothing to write."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pytest

from analytics.errors import ConfigError
from analytics.warehouse import open_reader


def _replace(path: Path, number: int) -> None:
    private = path.with_name(f".{path.name}.{number}")
    with duckdb.connect(str(private)) as connection:
        connection.execute(
            f"CREATE TABLE n AS SELECT {number} AS number, TIMESTAMPTZ '2026-01-01 00:00:00+08' AS at_utc"
        )
        connection.execute("CHECKPOINT")
    os.replace(private, path)


def test_says_what_to_do_when_nothing_was_published(tmp_path: Path) -> None:
    reader = open_reader(tmp_path / "voc.duckdb")
    assert not reader.exists
    assert reader.version == ""
    with pytest.raises(ConfigError, match=r"voc\.duckdb, found none; run `kesheng demo`"):
        reader.query("SELECT 1")


def test_reads_the_new_file_after_a_replacement(tmp_path: Path) -> None:
    path = tmp_path / "it's.duckdb"
    with open_reader(path) as reader:
        seen, versions = [], set()
        for number in range(5):
            _replace(path, number)
            versions.add(reader.version)
            seen.append(int(reader.query("SELECT number FROM n WHERE number = ?", [number])["number"][0]))
    assert seen == [0, 1, 2, 3, 4]
    assert len(versions) == 5


def test_two_readers_of_a_process_see_the_same_new_file(tmp_path: Path) -> None:
    path = tmp_path / "voc.duckdb"
    _replace(path, 1)
    with open_reader(path) as first, open_reader(path) as second:
        first.query("FROM n")
        _replace(path, 2)
        assert second.query("FROM n")["number"].tolist() == [2]
        assert first.query("FROM n")["number"].tolist() == [2]


def test_a_query_under_way_ends_on_the_data_it_began_with(tmp_path: Path) -> None:
    path = tmp_path / "voc.duckdb"
    _replace(path, 1)
    with open_reader(path) as reader:
        with reader._cursor() as cursor:
            old = reader._current
            assert old is not None
            _replace(path, 2)
            assert reader.query("FROM n")["number"].tolist() == [2]
            assert cursor.execute("SELECT number FROM n").fetchall() == [(1,)]
        with pytest.raises(duckdb.ConnectionException):
            old.connection.execute("SELECT 1")


def test_times_are_utc_and_named_parameters_work(tmp_path: Path) -> None:
    path = tmp_path / "voc.duckdb"
    _replace(path, 3)
    with open_reader(path) as reader:
        frame = reader.query("SELECT at_utc FROM n WHERE number = $number", {"number": 3})
    assert frame["at_utc"][0].isoformat() == "2025-12-31T16:00:00+00:00"


@pytest.mark.parametrize(
    "sql", ["DELETE FROM n", "CREATE TABLE voc.m (x INT)", "SELECT * FROM read_text('/etc/hosts')"]
)
def test_nothing_can_be_written_and_no_other_file_read(tmp_path: Path, sql: str) -> None:
    path = tmp_path / "voc.duckdb"
    _replace(path, 1)
    with open_reader(path) as reader, pytest.raises(duckdb.Error):
        reader.query(sql)


@pytest.mark.slow
def test_many_threads_while_the_file_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "voc.duckdb"
    _replace(path, 0)
    last = 8
    met = threading.Barrier(5)

    def read() -> list[int]:
        seen: list[int] = []
        for number in range(last + 1):
            met.wait(60)
            while not seen or seen[-1] < number:
                seen.append(int(reader.query("SELECT number FROM n")["number"][0]))
        return seen

    with open_reader(path) as reader, ThreadPoolExecutor(4) as pool:
        runs = [pool.submit(read) for _ in range(4)]
        met.wait(60)
        for number in range(1, last + 1):
            # All wait for each other before a replacement and not after it: they read while it happens.
            met.wait(60)
            _replace(path, number)
        for run in runs:
            seen = run.result(timeout=60)
            assert seen == sorted(seen)
            assert set(seen) == set(range(last + 1))
