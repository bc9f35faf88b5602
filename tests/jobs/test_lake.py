import datetime as dt

import pyarrow as pa
import pytest

from analytics.errors import SchemaError
from analytics.schema import TABLES
from jobs import lake as lake_module
from jobs.lake import Lake
from jobs.lake_moves import finish_moves
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


class _Dead(BaseException):
    """The writer was killed."""


@pytest.mark.parametrize("last", ["write", "delete_old", "first_move", "second_move"])
def test_a_writer_killed_between_two_moves_is_gone_on_with(spark, tmp_path, monkeypatch, last):
    for root, rows in (("kpi_day", "abc"), ("_staging/kpi_day-1", "ab")):
        for day in rows:
            (tmp_path / root / f"day=2026-03-0{ord(day) - 96}").mkdir(parents=True)
            (tmp_path / root / f"day=2026-03-0{ord(day) - 96}" / "part.parquet").write_text(root)
    real, moved = lake_module._Path.move_over, []

    def move_over(path, target):
        if last == "delete_old":
            path.fs.delete(path.make(target), True)
        if len(moved) == ("write", "first_move", "second_move").index(last.replace("delete_old", "write")):
            raise _Dead
        moved.append(target)
        real(path, target)

    monkeypatch.setattr(lake_module._Path, "move_over", move_over)
    with pytest.raises(_Dead):
        Lake(tmp_path)._move_in(spark, "kpi_day", str(tmp_path / "_staging" / "kpi_day-1"), WINDOW.days)
    assert finish_moves(tmp_path) == ["kpi_day"]
    found = {file.parent.name[-1]: file.read_text() for file in (tmp_path / "kpi_day").rglob("part.parquet")}
    assert found == dict.fromkeys("12", "_staging/kpi_day-1")


def test_a_lake_of_one_piece_keeps_the_day_inside(spark, tmp_path):
    lake = Lake(tmp_path, by_day=False)
    lake.replace_arrow(spark, moods((1, "a"), (3, "c")), "turn_mood", WINDOW)
    assert contacts_in(lake, spark, Window.parse("2026-03-03")) == ["c"]
    assert not list((tmp_path / "turn_mood").glob("day=*"))


def test_a_missing_column_is_named(spark, tmp_path):
    frame = spark.createDataFrame([("a",)], "contact_id string")
    with pytest.raises(SchemaError, match="turn"):
        Lake(tmp_path).replace(frame, "turn_mood", WINDOW)
