"""Which days are made again, and that a lake run day by day holds what it holds run at once."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyspark.sql import SparkSession

from analytics.kpi_contacts import CONTACT_COLUMNS
from analytics.schema import TABLES
from analytics.settings import Settings
from analytics.signals.kpis import kpi_tables, needed_columns
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


def _fill(lake: Lake, numbers: range) -> list[dict[str, object]]:
    """Write a chat and a work order due six days later for each day; two chats in three are of one person and topic."""
    every: list[dict[str, object]] = []
    for number in numbers:
        at = dt.datetime.combine(day(number), dt.time(3), tzinfo=dt.UTC)
        head = {"source": "made up", "channel": "app", "team": "a", "started_at": at}
        order = {**head, "contact_id": f"order{number}", "kind": "work_order", "due_at": at + dt.timedelta(days=6)}
        chat = {**head, "contact_id": f"chat{number}", "kind": "chat"}
        known: dict[str, dict[str, str]] = {}
        if number % 3:
            known = {"contact_person": {"person_id": "p"}, "contact_topic": {"topic_id": "t"}}
        rows = {"contact": [order, chat], **{side: [{**chat, **said}] for side, said in known.items()}}
        for table, of_day in rows.items():
            schema = TABLES[table].arrow()
            folder = lake.root / table / f"day={day(number)}"
            folder.mkdir(parents=True)
            plain = schema.remove(schema.get_field_index("day"))
            pq.write_table(pa.Table.from_pylist(of_day, schema=plain), folder / "0.parquet")
        every += [order, {**chat, **known.get("contact_person", {}), **known.get("contact_topic", {})}]
    return every


@pytest.mark.spark
def test_days_run_as_they_come_are_as_all_contacts_have_it(spark: SparkSession, tmp_path: Path) -> None:
    settings, lake = Settings(home=tmp_path), Lake(tmp_path / "lake")
    every, counts = [], Counts()
    for numbers in (range(1, 6), range(6, 10)):
        every += _fill(lake, numbers)
        kpi.run(spark, lake, settings, Window(day(numbers[0]), day(numbers[-1])), counts)
    assert counts.inputs == kpi.inputs(settings)
    schema = pa.schema([(name, CONTACT_COLUMNS[name]) for name in needed_columns()])
    expected = kpi_tables(pa.Table.from_pylist(every, schema=schema))
    for table, rows in (("kpi_day", expected.day), ("kpi_cube", expected.cube)):
        found = lake.read(spark, table).toPandas().sort_values(list(TABLES[table].key), ignore_index=True)
        pd.testing.assert_frame_equal(found, rows.to_pandas())
    found = {one: rows for one, rows in expected.cube.to_pandas().groupby("indicator")}
    assert found["first_contact_resolution_share"][["numerator", "n"]].to_numpy().tolist() == [[0.0, 1]]
    assert [late.day for late in found["on_time_share"]["day"]] == [1, 2, 3]
