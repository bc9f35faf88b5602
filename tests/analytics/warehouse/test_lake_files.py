"""Lake files: which are data, which days they hold, and that only declared columns pass."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from types import ModuleType

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analytics.errors import SchemaError
from analytics.schema import TABLES
from analytics.warehouse import lake_files, of_days, select_sql


@pytest.fixture
def lake(tmp_path: Path, small_lake: ModuleType) -> Path:
    for i in range(3):
        small_lake.write(tmp_path, "contact", small_lake.contacts(2, small_lake.DAY + dt.timedelta(days=i)))
    return tmp_path


def test_days_are_chosen_by_their_folders(lake: Path, small_lake: ModuleType) -> None:
    second = small_lake.DAY + dt.timedelta(days=1)
    files = of_days(lake_files(lake, "contact"), second, second)
    assert [file.parent.name for file in files] == [f"day={second}"]
    whole = lake / "part-0.parquet"
    assert of_days([whole], second, second) == [whole]


def test_the_select_gives_the_declared_columns_and_types(lake: Path) -> None:
    for files in (lake_files(lake, "contact"), []):
        with duckdb.connect(":memory:") as connection:
            connection.execute("SET TimeZone = 'UTC'")
            found = connection.sql(select_sql("contact", files)).to_arrow_table()
        assert found.schema.equals(TABLES["contact"].arrow())
        assert found.num_rows == 2 * len(files)


def test_narrower_types_and_dictionaries_are_the_same_values(lake: Path) -> None:
    file = lake_files(lake, "contact")[0]
    rows = pq.ParquetFile(file).read()
    for name, values in {
        "n_turns": pa.array([2, 2], pa.int32()),
        "source": pa.array(["demo"] * 2).dictionary_encode(),
    }.items():
        rows = rows.set_column(rows.schema.get_field_index(name), name, values)
    pq.write_table(rows, file)
    found = duckdb.sql(f"SELECT DISTINCT n_turns, source FROM ({select_sql('contact', [file])})").fetchall()
    assert found == [(2, "demo")]


def test_sparks_own_kind_of_time_is_utc(lake: Path) -> None:
    file = lake_files(lake, "contact")[0]
    rows = pq.ParquetFile(file).read()
    expected = rows["started_at"].to_pylist()
    pq.write_table(rows, file, use_deprecated_int96_timestamps=True)
    assert pq.read_schema(file).field("started_at").type == pa.timestamp("ns")
    with duckdb.connect(":memory:") as connection:
        connection.execute("SET TimeZone = 'UTC'")
        found = connection.sql(f"SELECT started_at FROM ({select_sql('contact', [file])})").to_arrow_table()
    assert found["started_at"].to_pylist() == expected


def test_an_undeclared_table_is_refused(lake: Path) -> None:
    with pytest.raises(SchemaError, match="table 'contacts': expected one of alert, category"):
        lake_files(lake, "contacts")
