"""publish: what Spark wrote comes out of the warehouse as it went in."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest

from analytics.schema import TABLES
from analytics.settings import Settings
from analytics.warehouse import open_reader, table_hash
from jobs import publish
from jobs.window import Window

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

DAYS = [dt.date(2026, 9, 20), dt.date(2026, 9, 21)]
STARTED = dt.datetime(2026, 9, 20, 4, 0, 0, 123456, tzinfo=dt.UTC)


def _rows() -> dict[str, list[dict[str, Any]]]:
    contacts = [
        {"day": day, "contact_id": f"c{i}", "source": "demo", "channel": "wechat", "started_at": STARTED, "n_turns": i}
        for i, day in enumerate([*DAYS, DAYS[0]])
    ]
    spike = {
        "day": DAYS[0],
        "spike_id": "s1",
        "started_at": STARTED,
        "contact_ids": ["c0", "c2"],
        "related": [],
        "p_value": 1e-12,
    }
    return {
        "contact": contacts,
        "spike": [spike],
        "topic": [{"topic_id": "t1", "label": "物流", "first_seen": DAYS[0]}],
    }


@pytest.mark.spark
@pytest.mark.parametrize("by_day", [True, False])
def test_a_lake_written_by_spark_is_published_as_it_is(spark: SparkSession, tmp_path: Path, by_day: bool) -> None:
    from jobs.lake import Lake

    settings = Settings(home=tmp_path)
    lake = Lake(settings.lake, by_day=by_day)
    for name, rows in _rows().items():
        table = pa.Table.from_pylist(rows, schema=TABLES[name].arrow())
        lake.replace_arrow(spark, table, name, Window(DAYS[0], DAYS[-1]) if by_day else None)
    counts = publish.run(settings)
    assert (counts["contact"], counts["spike"], counts["topic"]) == (3, 1, 1)
    with open_reader(settings.warehouse) as reader:
        contact = reader.query("SELECT day, started_at, n_turns FROM contact WHERE contact_id = 'c1'").iloc[0]
        spike = reader.query("SELECT contact_ids, related, p_value, started_at FROM spike").iloc[0]
    assert contact.day.date() == DAYS[1]
    assert contact.started_at.to_pydatetime() == spike.started_at.to_pydatetime() == STARTED
    assert (list(spike.contact_ids), list(spike.related), spike.p_value) == (["c0", "c2"], [], 1e-12)
    before = table_hash(settings.warehouse, "contact")
    publish.run(settings)
    assert table_hash(settings.warehouse, "contact") == before
