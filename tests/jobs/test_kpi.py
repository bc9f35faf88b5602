"""Which days are made again, and that a lake run day by day holds what it holds run at once."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyspark.sql import SparkSession

from analytics.schema import TABLES
from analytics.settings import Settings
from jobs import kpi
from jobs.kpi import ContactDay, touched_days
from jobs.lake import Lake
from jobs.run_log import Counts
from jobs.window import Window

FIRST = dt.date(2026, 3, 1)


def day(number: int) -> dt.date:
    return FIRST + dt.timedelta(days=number - 1)


def known(*numbers: int, due: dict[int, int] | None = None) -> dict[dt.date, ContactDay]:
    limits = {number: frozenset({day(limit)}) for number, limit in (due or {}).items()}
    at = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    return {day(number): ContactDay(at, limits.get(number, frozenset())) for number in numbers}


def touched(days: dict[dt.date, ContactDay], window: Window, **more: object) -> list[int]:
    found = touched_days(days, window, **{"hours": 72, **more})  # type: ignore[arg-type]
    return [(one - FIRST).days + 1 for one in found]


def test_days_still_open_and_days_that_look_back_are_made_again() -> None:
    every = known(*range(1, 20))
    assert touched(every, Window(day(10), day(11))) == [6, 7, 8, 9, 10, 11, 12, 13, 14]
    assert touched(every, Window(day(10), day(10)), hours=0) == [10]
    assert touched({}, Window(day(10), day(10))) == [10]


def test_a_gap_leaves_days_open_until_somebody_comes() -> None:
    assert touched(known(1, 2, 3, 30), Window(day(30), day(30))) == [1, 2, 3, 30]


def test_a_time_limit_that_has_passed_makes_its_day_again_and_deleted_days_stay() -> None:
    days = known(*range(1, 20), due={2: 15, 3: 18, 4: 20})
    assert touched(days, Window(day(18), day(19))) == [3, 14, 15, 16, 17, 18, 19]
    assert touched(days, Window(day(18), day(19)), first=day(16)) == [16, 17, 18, 19]
    gap = known(2, 9, 10, 11, 12, 20, due={2: 15})
    assert touched(gap, Window(day(20), day(20))) == [2, 9, 10, 11, 12, 20]


def _fill(lake: Lake, numbers: range) -> None:
    """Write a chat and a work order due six days later for each day; two chats in three are of one person and topic."""
    for number in numbers:
        at = dt.datetime.combine(day(number), dt.time(3), tzinfo=dt.UTC)
        head = {"source": "made up", "channel": "app", "team": "a", "started_at": at}
        order = {"contact_id": f"order{number}", "kind": "work_order", "due_at": at + dt.timedelta(days=6)}
        rows = {"contact": [{**head, **order}, {**head, "contact_id": f"chat{number}", "kind": "chat"}]}
        if number % 3:
            rows["contact_person"] = [{"contact_id": f"chat{number}", "person_id": "p"}]
            rows["contact_topic"] = [{"contact_id": f"chat{number}", "topic_id": "t"}]
        for table, of_day in rows.items():
            folder = lake.root / table / f"day={day(number)}"
            folder.mkdir(parents=True)
            schema = TABLES[table].arrow()
            pq.write_table(
                pa.Table.from_pylist(of_day, schema.remove(schema.get_field_index("day"))), folder / "0.parquet"
            )


@pytest.mark.spark
def test_days_run_as_they_come_are_as_all_run_at_once(spark: SparkSession, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    stepwise, whole = Lake(tmp_path / "steps"), Lake(tmp_path / "whole")
    for numbers in (range(1, 6), range(6, 10)):
        _fill(stepwise, numbers)
        kpi.run(spark, stepwise, settings, Window(day(numbers[0]), day(numbers[-1])), Counts())
    _fill(whole, range(1, 10))
    counts = Counts()
    kpi.run(spark, whole, settings, Window(day(1), day(9)), counts)
    assert counts.rows_in == 18 and counts.inputs == kpi.inputs(settings)
    for table in ("kpi_day", "kpi_cube"):
        keys = list(TABLES[table].key)
        found, expected = (lake.read(spark, table).toPandas().sort_values(keys) for lake in (stepwise, whole))
        assert found.reset_index(drop=True).equals(expected.reset_index(drop=True))
    solved = expected[expected["indicator"] == "first_contact_resolution_share"]
    assert [(row.day.day, row.numerator, row.n) for row in solved.itertuples()] == [(1, 0.0, 1)]
    late = expected[(expected["indicator"] == "on_time_share")]
    assert [row.day.day for row in late.itertuples()] == [1, 2, 3]
