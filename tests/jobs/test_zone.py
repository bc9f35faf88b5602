"""Midnight, another zone, a clock set back: each contact on one day, and no file taken for read that was not."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analytics.errors import ConfigError
from analytics.schema import TABLES
from analytics.settings import Settings, SourceSettings, load_settings
from jobs.collect import collect_source
from jobs.pending import newest_landed, pending_days
from jobs.run_log import recorded
from jobs.sources.manifest import manifest
from jobs.window import Window
from jobs.zone import check_zone, moved_to_zone, zone_to_leave


def _collecting(home: Path, zone: str = "Asia/Shanghai", rows: str = "") -> Settings:
    exports = home.parent / "exports"
    exports.mkdir(exist_ok=True)
    if rows:
        (exports / "one.csv").write_text(f"id,time,text\n{rows}", encoding="utf-8")
    columns: dict[str, str | int] = {"id": "id", "time": "time", "text": "text"}
    source = SourceSettings(path=f"{exports}/*.csv", kind="review", columns=columns, settle_seconds=0)
    return load_settings(home=home, timezone=zone, sources={"reviews": source}, person_key="k" * 32)


MIDNIGHT = """a,2026-03-28T22:59:59.999Z,晚安
b,2026-03-28T23:00:00Z,零点
c,2026-03-29T00:59:59.999Z,拨快之前
d,2026-03-29T01:00:00Z,拨快之后
e,2026-03-29T22:00:00Z,当地零点
f,2026-03-29T21:59:59.999Z,当地零点之前
"""
"""Both sides of midnight, of the hour that Berlin leaves out, and of Berlin's midnight after it."""


def test_in_another_zone_runs_are_refused_until_all_days_were_taken_over(tmp_path: Path) -> None:
    settings = _collecting(tmp_path / "var", rows=MIDNIGHT)
    collect_source("reviews", settings)
    before = manifest(settings.landing)
    assert before[0].days == (dt.date(2026, 3, 29), dt.date(2026, 3, 30))
    berlin = _collecting(tmp_path / "var", "Europe/Berlin")
    with pytest.raises(ConfigError, match=r"expected Asia/Shanghai.*got Europe/Berlin.*kesheng repair"):
        collect_source("reviews", berlin)
    gone = berlin.lake / "contact" / "day=2026-03-31"
    gone.mkdir(parents=True)
    with pytest.raises(ZeroDivisionError), moved_to_zone(berlin):
        check_zone(berlin)  # only for who takes them over
        raise ZeroDivisionError
    assert zone_to_leave(berlin) == "Asia/Shanghai" and not gone.exists()
    with pytest.raises(ConfigError, match="cut off"):
        check_zone(settings)
    with moved_to_zone(berlin) as days:
        pass
    fresh = _collecting(tmp_path / "fresh", "Europe/Berlin")
    collect_source("reviews", fresh)
    assert [file.days for file in manifest(berlin.landing)] == [file.days for file in manifest(fresh.landing)]
    assert days == [dt.date(2026, 3, day) for day in (28, 29, 30)] and zone_to_leave(berlin) == ""
    assert manifest(berlin.landing)[0].collected_at == before[0].collected_at


def test_what_landed_before_the_clock_was_set_back_is_still_known_as_read_and_the_rest_as_unread(
    tmp_path: Path,
) -> None:
    settings = _collecting(tmp_path / "var", rows="a,2026-03-01 10:00:00,第一\n")
    collect_source("reviews", settings)
    (day,) = pending_days(settings)
    with recorded("conform", Window(day, day), settings.lake) as counts:
        counts.inputs["landed"] = newest_landed(manifest(settings.landing))
    assert pending_days(settings) == {}
    (run,) = (settings.lake / "run").glob("*.parquet")
    ahead = duckdb.sql(f"SELECT * REPLACE (finished_at + INTERVAL 1 YEAR AS finished_at) FROM '{run}'").arrow()
    _rewrite(run, ahead)  # that conform ran by a clock a year ahead
    (tmp_path / "exports" / "two.csv").write_text("id,time,text\nb,2026-03-01 11:00:00,第二\n", encoding="utf-8")
    collect_source("reviews", settings)
    assert pending_days(settings) == {day: 1}


def _rewrite(file: Path, rows: pa.Table | pa.RecordBatchReader) -> None:
    table = rows if isinstance(rows, pa.Table) else rows.read_all()
    pq.write_table(table.cast(TABLES["run"].arrow()), file)
