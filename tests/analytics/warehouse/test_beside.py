"""Turns kept beside the warehouse: the same rows, days linked, nothing left behind, and no error for who reads."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import threading
from pathlib import Path
from types import ModuleType

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analytics.access.limits import Limits
from analytics.errors import KeshengError, SchemaError
from analytics.schema import TABLES
from analytics.warehouse import beside, lake_files, lake_tables, open_reader, publish, table_hash

VIEWS = Path(__file__).parents[3] / "data" / "views"
N_DAYS = 3


@pytest.fixture
def lake(tmp_path: Path, small_lake: ModuleType) -> Path:
    """Three days of four contacts with two turns each."""
    lake = tmp_path / "lake"
    days = [small_lake.DAY + dt.timedelta(days=number) for number in range(N_DAYS)]
    contacts = [contact for day in days for contact in small_lake.contacts(4, day)]
    small_lake.write(lake, "contact", contacts)
    small_lake.write(lake, "utterance", small_lake.turns(contacts, ["物流没动"]))
    small_lake.write(lake, "turn_mood", [row | {"turn": 0} for row in small_lake.moods(contacts, ["negative"])])
    return lake


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "warehouse" / "voc.duckdb"


def _parts(target: Path, table: str = "utterance") -> dict[str, Path]:
    """Return the file of each day of the one version there is."""
    (version,) = beside.parts_folder(target).iterdir()
    return {file.parent.name: file for file in (version / table).glob("*/*.parquet")}


def _write_again(file: Path) -> None:
    again = file.with_name("_again")
    again.write_bytes(file.read_bytes())
    again.replace(file)


def test_it_is_the_same_to_whoever_reads(lake: Path, tmp_path: Path, target: Path) -> None:
    inside = tmp_path / "inside.duckdb"
    counts = publish(lake_tables(lake), inside, views=VIEWS)
    assert publish(lake_tables(lake), target, views=VIEWS, verbatims="beside") == counts
    for name in (*beside.TABLES_BESIDE, "contact"):
        assert table_hash(target, name) == table_hash(inside, name)
    said = "SELECT column_name, data_type, comment FROM duckdb_columns() WHERE table_name = 'utterance' ORDER BY 1"
    with open_reader(inside) as one, open_reader(target) as other:
        assert one.query(said).equals(other.query(said))
        first = "SELECT * FROM v_utterance ORDER BY contact_id, turn"
        assert one.query(first).equals(other.query(first))
        assert other.query("SELECT count(*) AS n FROM utterance WHERE day = $day", {"day": dt.date(2026, 9, 20)})["n"][
            0
        ]


def test_a_day_that_did_not_change_is_linked_and_one_that_did_is_written(lake: Path, target: Path) -> None:
    publish(lake_tables(lake), target, verbatims="beside")
    before = {day: file.stat().st_ino for day, file in _parts(target).items()}
    _write_again(lake_files(lake, "turn_mood")[1])
    publish(lake_tables(lake), target, verbatims="beside")
    after = {day: file.stat().st_ino for day, file in _parts(target).items()}
    assert sorted(before) == sorted(after)
    assert [before[day] == after[day] for day in sorted(after)] == [True, False, True]


def test_where_the_disk_has_no_links_days_are_copied(lake: Path, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(lake_tables(lake), target, verbatims="beside")
    hashed = table_hash(target, "utterance")

    def refuse(*_: object) -> None:
        raise OSError("no links here")

    monkeypatch.setattr(os, "link", refuse)
    publish(lake_tables(lake), target, verbatims="beside")
    assert table_hash(target, "utterance") == hashed


def test_erased_words_are_nowhere_once_it_is_published(lake: Path, target: Path) -> None:
    secret = "只有一个人说过的话"
    file = lake_files(lake, "utterance")[0]
    said = pq.ParquetFile(file).read()
    pq.write_table(said.set_column(said.schema.get_field_index("text"), "text", pa.array([secret] * len(said))), file)
    publish(lake_tables(lake), target, verbatims="beside")
    with open_reader(target) as reader:
        assert reader.query("SELECT count(*) AS n FROM utterance WHERE text = ?", [secret])["n"][0] == 8
        file.unlink()
        publish(lake_tables(lake), target, verbatims="beside")
        assert reader.query("SELECT count(*) AS n FROM utterance WHERE text = ?", [secret])["n"][0] == 0
    assert sorted(_parts(target)) == ["day=2026-09-21", "day=2026-09-22"]


def test_back_inside_leaves_no_folder(lake: Path, target: Path) -> None:
    publish(lake_tables(lake), target, verbatims="beside")
    publish(lake_tables(lake), target, verbatims="auto")
    assert sorted(path.name for path in target.parent.iterdir()) == [".voc.duckdb.lock", "voc.duckdb"]


def test_what_a_killed_publisher_left_is_swept_and_what_is_shown_stays(lake: Path, target: Path) -> None:
    publish(lake_tables(lake), target, verbatims="beside")
    left = beside.parts_folder(target) / "0123456789ab" / "utterance"
    left.mkdir(parents=True)
    shutil.copy(lake_files(lake, "utterance")[0], left)
    inodes = {file.stat().st_ino for file in _parts_of_current(target)}
    publish(lake_tables(lake), target, verbatims="beside")
    assert not left.exists()
    assert {file.stat().st_ino for file in _parts(target).values()} == inodes


def _parts_of_current(target: Path) -> list[Path]:
    version = beside.current_version(target)
    assert version is not None
    return list((beside.parts_folder(target) / version / "utterance").glob("*/*.parquet"))


def test_a_key_that_occurs_twice_in_a_day_or_on_two_is_refused_and_the_old_stays(lake: Path, target: Path) -> None:
    publish(lake_tables(lake), target, verbatims="beside")
    shown = beside.current_version(target)
    first, second, _ = lake_files(lake, "utterance")
    doubled = first.with_name("part-1.parquet")
    for source, message in ((first, "8 rows more"), (second, "8 rows more")):
        doubled.write_bytes(source.read_bytes())
        with pytest.raises(SchemaError, match=f"table utterance: expected one row .* got {message}"):
            publish(lake_tables(lake), target, verbatims="beside")
        assert [version.name for version in beside.parts_folder(target).iterdir()] == [shown]


def test_a_table_in_one_piece_stays_inside(lake: Path, target: Path, small_lake: ModuleType) -> None:
    files = {**lake_tables(lake), "utterance": []}
    whole = lake / "whole.parquet"
    with duckdb.connect() as connection:
        pattern = lake / "utterance" / "*" / "*.parquet"
        connection.execute(
            f"COPY (SELECT * FROM read_parquet('{pattern}', hive_partitioning = true)) TO '{whole}' (FORMAT parquet)"
        )
    assert publish({**files, "utterance": [whole], "turn_mood": []}, target, verbatims="beside")["utterance"] == 24
    with open_reader(target) as reader:
        tables = set(reader.query("SELECT table_name FROM duckdb_tables()")["table_name"])
    assert "utterance" in tables


def test_a_folder_that_was_moved_is_read_where_it_is(lake: Path, target: Path, tmp_path: Path) -> None:
    publish(lake_tables(lake), target, verbatims="beside")
    moved = tmp_path / "it's elsewhere"
    target.parent.rename(moved)
    with open_reader(moved / "voc.duckdb") as reader:
        assert reader.query("SELECT count(*) AS n FROM utterance")["n"][0] == 8 * N_DAYS
    with duckdb.connect(str(moved / "voc.duckdb"), read_only=True) as shell:
        shell.execute(f"SET VARIABLE voc_folder = '{str(moved).replace(chr(39), chr(39) * 2)}'")
        assert shell.execute("SELECT count(*) FROM utterance").fetchall() == [(8 * N_DAYS,)]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_text('/etc/hosts')",
        "SELECT * FROM read_parquet('{lake}/utterance/*/*.parquet')",
        "COPY (SELECT 1 AS x) TO '{parts}/x.csv'",
        "SET allowed_directories = ['/']",
        "ATTACH '{parts}/other.duckdb'",
    ],
)
def test_only_its_own_files_can_be_read_and_none_written(lake: Path, target: Path, sql: str) -> None:
    publish(lake_tables(lake), target, verbatims="beside")
    parts = next(iter(_parts(target).values())).parent
    with open_reader(target) as reader, pytest.raises(duckdb.Error):
        reader.query(sql.format(lake=lake, parts=parts))


def test_who_sees_one_channel_reads_no_other_turns(lake: Path, target: Path) -> None:
    publish(lake_tables(lake), target, views=VIEWS, verbatims="beside")
    with open_reader(target) as reader:
        channels = sorted(reader.query("SELECT DISTINCT channel FROM contact")["channel"])
        mine = Limits(channels=(channels[0],))
        for table in ("utterance", "v_utterance"):
            seen = reader.query(f"SELECT DISTINCT contact_id FROM {table}", limits=mine)["contact_id"]
            allowed = reader.query("SELECT contact_id FROM contact WHERE channel = ?", channels[:1])["contact_id"]
            assert set(seen) <= set(allowed)
        none = Limits(channels=("nobody's",))
        assert reader.query("SELECT * FROM utterance", limits=none).empty


def test_a_contact_is_found_by_its_id_without_its_day(lake: Path, target: Path) -> None:
    publish(lake_tables(lake), target, verbatims="beside")
    with open_reader(target) as reader:
        found = reader.query(
            "SELECT c.contact_id, c.day = p.day AS same FROM contact AS c JOIN contact_place AS p"
            " ON p.id_hash = md5_number_lower(c.contact_id)"
        )
    assert len(found) == 4 * N_DAYS
    assert found["same"].all()


@pytest.mark.slow
def test_readers_see_whole_versions_and_no_error_while_publications_go_on(lake: Path, target: Path) -> None:
    publish(lake_tables(lake), target, verbatims="beside")
    done, wrong = threading.Event(), []
    sql = "SELECT count(*) AS u, max(text) AS t, (SELECT count(*) FROM contact) AS c FROM utterance"

    def read() -> None:
        while not done.is_set():
            try:
                row = reader.query(sql).iloc[0]
                if row.u != 2 * row.c:
                    wrong.append(f"{row.u} turns of {row.c} contacts")
            except (duckdb.Error, KeshengError, AssertionError) as error:
                wrong.append(repr(error))

    with open_reader(target) as reader:
        readers = [threading.Thread(target=read) for _ in range(3)]
        for thread in readers:
            thread.start()
        for number in range(6):
            _write_again(lake_files(lake, "utterance")[number % N_DAYS])
            publish(lake_tables(lake), target, verbatims="beside")
        done.set()
        for thread in readers:
            thread.join(30)
    assert wrong == []
    assert len(list(beside.parts_folder(target).iterdir())) == 1


def test_the_tables_kept_beside_are_published_and_by_day() -> None:
    for name in beside.TABLES_BESIDE:
        assert TABLES[name].published
        assert TABLES[name].by_day
