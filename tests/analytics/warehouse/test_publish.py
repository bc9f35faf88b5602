"""Publish: the lake's rows with their side tables, every table there, the old file kept where anything is wrong."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from types import ModuleType

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analytics.errors import SchemaError
from analytics.schema import TABLES
from analytics.warehouse import lake_files, lake_tables, open_reader, publish, table_hash

VIEWS = Path(__file__).parents[3] / "data" / "views"
PUBLISHED = sorted(name for name, table in TABLES.items() if table.published)


@pytest.fixture
def lake(tmp_path: Path, small_lake: ModuleType) -> Path:
    """Two days, three contacts each; mood for all, topic for the first day only."""
    lake = tmp_path / "lake"
    days = (small_lake.DAY, small_lake.DAY + dt.timedelta(days=1))
    found = [contact for day in days for contact in small_lake.contacts(3, day)]
    turns = small_lake.turns(found, ["物流没动"])
    small_lake.write(lake, "contact", found)
    small_lake.write(lake, "utterance", turns)
    small_lake.write(lake, "contact_mood", small_lake.moods(found, ["negative", "positive", "neutral"]))
    small_lake.write(
        lake, "turn_mood", [row | {"turn": 0} for row in small_lake.moods(found, ["negative", "positive", "neutral"])]
    )
    topics = [
        {"day": c["day"], "contact_id": c["contact_id"], "topic_id": "t01", "touchpoint": "物流"} for c in found[:3]
    ]
    small_lake.write(lake, "contact_topic", topics)
    small_lake.write(lake, "topic", [{"topic_id": "t01", "label": "物流停滞", "words": ["物流"], "state": "active"}])
    return lake


def test_an_empty_lake_publishes_every_table_empty_with_its_columns(tmp_path: Path) -> None:
    counts = publish(lake_tables(tmp_path / "no-lake"), tmp_path / "voc.duckdb", views=VIEWS)
    assert sorted(counts) == PUBLISHED
    assert set(counts.values()) == {0}
    with open_reader(tmp_path / "voc.duckdb") as reader:
        for name in PUBLISHED:
            assert list(reader.query(f'FROM "{name}"').columns) == TABLES[name].arrow(later=True).names
        silent = reader.query(
            "SELECT table_name || '.' || column_name AS name FROM duckdb_columns()"
            " WHERE comment IS NULL AND NOT internal"
            " UNION ALL SELECT table_name FROM duckdb_tables() WHERE comment IS NULL"
            " UNION ALL SELECT view_name FROM duckdb_views() WHERE comment IS NULL AND NOT internal"
        )["name"]
        assert list(silent) == [], "every table, view and column says what it is"
        for view in VIEWS.glob("*.sql"):
            assert reader.query(f"FROM {view.stem}").empty


def test_side_tables_are_joined_and_missing_rows_are_null(lake: Path, tmp_path: Path) -> None:
    counts = publish(lake_tables(lake), tmp_path / "voc.duckdb", views=VIEWS)
    assert (counts["contact"], counts["utterance"], counts["topic"]) == (6, 12, 1)
    with open_reader(tmp_path / "voc.duckdb") as reader:
        found = reader.query(
            "SELECT contact_id, sentiment_label, topic_id, touchpoint FROM contact ORDER BY contact_id"
        ).astype(object)
        turns = reader.query("SELECT speaker, count(sentiment_label) AS n FROM utterance GROUP BY ALL ORDER BY ALL")
        shown = reader.query("SELECT topic_label, strftime(started_at_local, '%H') AS h FROM v_contact GROUP BY ALL")
    assert found.where(found.notna(), None).to_numpy().tolist() == [
        ["0920c0", "negative", "t01", "物流"],
        ["0920c1", "positive", "t01", "物流"],
        ["0920c2", "neutral", "t01", "物流"],
        ["0921c0", "negative", None, None],
        ["0921c1", "positive", None, None],
        ["0921c2", "neutral", None, None],
    ]
    assert turns.to_numpy().tolist() == [["agent", 0], ["customer", 6]]
    assert sorted(shown["topic_label"]) == ["其他", "物流停滞"]
    assert set(shown["h"]) == {"12"}


def test_stale_side_rows_of_another_day_do_not_double_a_contact(
    lake: Path, tmp_path: Path, small_lake: ModuleType
) -> None:
    old_day = small_lake.DAY - dt.timedelta(days=3)
    stale = [row | {"day": old_day} for row in small_lake.moods(small_lake.contacts(3), ["positive"])]
    small_lake.write(lake, "contact_mood", stale)
    assert publish(lake_tables(lake), tmp_path / "voc.duckdb")["contact"] == 6


@pytest.mark.slow
def test_the_same_lake_gives_the_same_tables_and_another_does_not(
    lake: Path, tmp_path: Path, small_lake: ModuleType
) -> None:
    targets = [tmp_path / f"{name}.duckdb" for name in "abc"]
    publish(lake_tables(lake), targets[0])
    publish(lake_tables(lake), targets[1])
    small_lake.write(lake, "contact_mood", small_lake.moods(small_lake.contacts(3), ["positive"]))
    publish(lake_tables(lake), targets[2])
    first, again, changed = ({name: table_hash(target, name) for name in PUBLISHED} for target in targets)
    assert first == again
    assert {name for name in PUBLISHED if first[name] != changed[name]} == {"contact"}


def test_a_table_in_one_piece_is_the_same_as_by_day(lake: Path, tmp_path: Path) -> None:
    publish(lake_tables(lake), tmp_path / "by_day.duckdb")
    files = lake_files(lake, "contact")
    days = [dt.date.fromisoformat(file.parent.name.removeprefix("day=")) for file in files]
    rows = [
        row | {"day": day}
        for file, day in zip(files, days, strict=True)
        for row in pq.ParquetFile(file).read().to_pylist()
    ]
    whole = pa.Table.from_pylist(rows, schema=TABLES["contact"].arrow())
    for file in files:
        file.unlink()
        file.parent.rmdir()
    pq.write_table(whole, lake / "contact" / "part-0.parquet")
    publish(lake_tables(lake), tmp_path / "whole.duckdb")
    assert table_hash(tmp_path / "by_day.duckdb", "contact") == table_hash(tmp_path / "whole.duckdb", "contact")


def test_unfinished_writes_are_not_data(lake: Path) -> None:
    before = lake_files(lake, "contact")
    for hidden in (
        "contact/_temporary/day=2026-09-20",
        "contact/.spark-staging/day=2026-09-20",
        "contact/day=2026-09-20",
    ):
        (lake / hidden).mkdir(parents=True, exist_ok=True)
        (lake / hidden / "_part.parquet").write_bytes(b"half")
    assert lake_files(lake, "contact") == before


def test_rows_in_memory_take_the_place_of_files(tmp_path: Path) -> None:
    schema = TABLES["alert"].arrow(later=True)
    rows = pa.Table.from_pylist([{"alert_id": "a1", "title": "「极速退」"}], schema=schema)
    assert publish({"alert": rows}, tmp_path / "voc.duckdb")["alert"] == 1
    with pytest.raises(SchemaError, match=r"table alert: expected the columns .* lacks alert_id"):
        publish({"alert": rows.drop_columns(["alert_id"])}, tmp_path / "voc.duckdb")


def _with(table: pa.Table, name: str, values: list[object]) -> pa.Table:
    return table.set_column(table.schema.get_field_index(name), name, pa.array(values))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t.drop_columns(["rating"]), "lacks rating"),
        (lambda t: t.append_column("mood", pa.nulls(t.num_rows, pa.string())), "has undeclared mood"),
        (lambda t: _with(t, "rating", ["5"] * 3), "has rating string"),
        (
            lambda t: _with(t, "ended_at", [dt.datetime(2026, 1, 1)] * 3),
            r"has ended_at timestamp\[us\] instead of timestamp\[us, tz=UTC\]",
        ),
    ],
)
def test_other_columns_or_types_are_refused_and_the_old_file_stays(lake: Path, tmp_path: Path, change, message) -> None:
    target = tmp_path / "voc.duckdb"
    publish(lake_tables(lake), target)
    before = (target.stat().st_ino, table_hash(target, "contact"))
    file = lake_files(lake, "contact")[0]
    pq.write_table(change(pq.ParquetFile(file).read()), file)
    with pytest.raises(SchemaError, match=message):
        publish(lake_tables(lake), target)
    assert (target.stat().st_ino, table_hash(target, "contact")) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == [".voc.duckdb.lock", "lake", "voc.duckdb"]


def test_a_row_written_twice_is_refused(lake: Path, tmp_path: Path) -> None:
    file = lake_files(lake, "contact")[0]
    file.with_name("part-1.parquet").write_bytes(file.read_bytes())
    with pytest.raises(SchemaError, match="table contact: expected one row for each contact_id, got 3 rows more"):
        publish(lake_tables(lake), tmp_path / "voc.duckdb")


def test_a_broken_file_a_broken_day_and_two_forms_are_named(lake: Path, tmp_path: Path) -> None:
    broken = lake / "topic" / "broken.parquet"
    broken.write_bytes(b"not parquet at all")
    with pytest.raises(SchemaError, match=r"broken\.parquet: expected a Parquet file"):
        publish(lake_tables(lake), tmp_path / "voc.duckdb")
    (lake / "spike" / "day=yesterday").mkdir(parents=True)
    with pytest.raises(SchemaError, match="expected day=YYYY-MM-DD, got day=yesterday"):
        lake_tables(lake)
    (lake / "contact" / "x.parquet").write_bytes(b"")
    with pytest.raises(SchemaError, match="got both"):
        lake_files(lake, "contact")


def test_a_view_that_tells_of_a_column_it_has_not_is_refused(tmp_path: Path) -> None:
    (tmp_path / "v_bad.sql").write_text("-- Bad.\n-- @n: contacts\nSELECT day FROM contact\n", encoding="utf-8")
    with pytest.raises(SchemaError, match=r"v_bad\.sql: tells of n; expected columns of it: day"):
        publish({}, tmp_path / "voc.duckdb", views=tmp_path)


def test_a_wrong_view_and_an_unknown_table_are_named(tmp_path: Path) -> None:
    (tmp_path / "v_bad.sql").write_text("-- Bad.\nSELECT nothing FROM contact\n", encoding="utf-8")
    with pytest.raises(SchemaError, match=r"v_bad\.sql: expected one SELECT"):
        publish({}, tmp_path / "voc.duckdb", views=tmp_path)
    with pytest.raises(SchemaError, match=r"expected tables .* got contacts"):
        publish({"contacts": []}, tmp_path / "voc.duckdb")
