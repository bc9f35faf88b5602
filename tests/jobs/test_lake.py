import datetime as dt

import pyarrow as pa
import pytest

from analytics.errors import SchemaError
from analytics.schema import TABLES
from jobs.lake import Lake
from jobs.window import Window

pytestmark = pytest.mark.spark

WINDOW = Window.parse("2026-03-01", "2026-03-03")


def moods(*rows: tuple[int, str]) -> pa.Table:
    return pa.Table.from_pylist(
        [
            {"day": dt.date(2026, 3, day), "contact_id": contact, "turn": 0, "sentiment_score": 0.5}
            for day, contact in rows
        ],
        schema=TABLES["turn_mood"].arrow(),
    )


def contacts_in(lake: Lake, spark, window: Window | None = None) -> list[str]:
    return sorted(row.contact_id for row in lake.read(spark, "turn_mood", window).collect())


def test_a_table_not_written_yet_is_empty_with_its_columns(spark, tmp_path):
    frame = Lake(tmp_path).read(spark, "spike")
    assert frame.count() == 0
    assert frame.columns == TABLES["spike"].arrow().names


def test_a_window_is_replaced_whole_and_nothing_else(spark, tmp_path):
    lake = Lake(tmp_path)
    assert lake.replace_arrow(spark, moods((1, "a"), (2, "b"), (3, "c")), "turn_mood", WINDOW) == 3
    lake.replace_arrow(spark, moods((2, "B")), "turn_mood", Window.parse("2026-03-02"))
    assert contacts_in(lake, spark) == ["B", "a", "c"]
    assert contacts_in(lake, spark, Window.parse("2026-03-03")) == ["c"]


def test_days_that_fell_empty_are_emptied(spark, tmp_path):
    lake = Lake(tmp_path)
    lake.replace_arrow(spark, moods((1, "a"), (2, "b")), "turn_mood", WINDOW)
    assert lake.replace_arrow(spark, moods((2, "b")), "turn_mood", WINDOW) == 1
    assert contacts_in(lake, spark) == ["b"]


def test_single_days_are_replaced_and_what_lies_between_stays(spark, tmp_path):
    lake = Lake(tmp_path)
    lake.replace_arrow(spark, moods((1, "a"), (2, "b"), (3, "c")), "turn_mood", WINDOW)
    new = spark.createDataFrame(moods((1, "A")))
    days = [dt.date(2026, 3, 1), dt.date(2026, 3, 3)]
    assert lake.replace_days(new, "turn_mood", days) == 1
    assert contacts_in(lake, spark) == ["A", "b"]


def test_twice_is_once_and_leaves_no_staging(spark, tmp_path):
    lake = Lake(tmp_path)
    for _ in range(2):
        lake.replace_arrow(spark, moods((1, "a"), (3, "c")), "turn_mood", WINDOW)
    assert contacts_in(lake, spark) == ["a", "c"]
    assert not any((tmp_path / "_staging").iterdir())


def test_a_lake_of_one_piece_keeps_the_day_inside(spark, tmp_path):
    lake = Lake(tmp_path, by_day=False)
    lake.replace_arrow(spark, moods((1, "a"), (3, "c")), "turn_mood", WINDOW)
    assert contacts_in(lake, spark, Window.parse("2026-03-03")) == ["c"]
    assert not list((tmp_path / "turn_mood").glob("day=*"))


def test_a_missing_column_is_named(spark, tmp_path):
    frame = spark.createDataFrame([("a",)], "contact_id string")
    with pytest.raises(SchemaError, match="turn"):
        Lake(tmp_path).replace(frame, "turn_mood", WINDOW)
