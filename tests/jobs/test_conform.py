"""conform over files that hold the same records: what is left, on which days, and that no row is lost."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest

from analytics.settings import Settings, SourceSettings, load_settings
from analytics.warehouse import lake_files, select_sql
from jobs import conform
from jobs.collect import collect_source
from jobs.lake import Lake
from jobs.pending import pending_days, windows_of
from jobs.run_log import recorded
from jobs.sources.manifest import manifest
from jobs.window import Window

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytestmark = [pytest.mark.spark]

ORDERS = {"id": "编号", "time": "时间", "text": "内容", "version": "更新时间", "deleted": "删除", "phone": "手机"}
CHATS = {"contact": "会话", "time": "时间", "speaker": "谁", "text": "内容", "customer": "客户"}
HEADS = {"orders": ",".join(ORDERS.values()), "chats": ",".join(CHATS.values())}


class Centre:
    """A home with two sources of files, run as `kesheng collect` and `kesheng run conform` would."""

    def __init__(self, home: Path, spark: SparkSession) -> None:
        def source(name: str, kind: str, columns: dict[str, str]) -> SourceSettings:
            (home / name).mkdir()
            return SourceSettings(path=str(home / name), kind=kind, columns=dict(columns), settle_seconds=0)

        sources = {"orders": source("orders", "work_order", ORDERS), "chats": source("chats", "chat", CHATS)}
        loaded = load_settings(home=home / "var")
        self.settings: Settings = loaded.model_copy(update={"sources": sources})
        self._home, self._spark = home, spark

    def export(self, name: str, text: str) -> None:
        source = name.partition("/")[0]
        lines = [HEADS[source], *(line.strip() for line in text.strip().splitlines())]
        (self._home / name).write_text("\n".join(lines) + "\n", encoding="utf-8")

    def collect(self) -> None:
        for name in self.settings.sources:
            if any((self._home / name).iterdir()):
                collect_source(name, self.settings)

    def conform(self, *days: str) -> None:
        """Run over the days given, else over those that have something new."""
        windows = [Window.parse(day) for day in days] or windows_of(pending_days(self.settings))
        for window in windows:
            with recorded("conform", window, self.settings.lake) as counts:
                conform.run(self._spark, Lake(self.settings.lake), self.settings, window, counts)

    def query(self, table: str, columns: str) -> list[tuple[object, ...]]:
        with duckdb.connect() as connection:
            rows = select_sql(table, lake_files(self.settings.lake, table))
            return connection.execute(f"SELECT {columns} FROM ({rows}) ORDER BY ALL").fetchall()

    def unaccounted(self) -> dict[str, int]:
        """Return for each landing file its records less contacts or turns, rejected and superseded."""
        used = self.query("utterance", "DISTINCT file, position")
        refused = self.query("rejected", "file, position")
        return {
            f"{file.source}/{file.original}": file.n_records
            - sum(row[0] == file.file for row in used)
            - sum(row[0] == file.file for row in refused)
            for file in manifest(self.settings.landing)
        }

    def pending(self) -> list[str]:
        return [str(day) for day in pending_days(self.settings)]


@pytest.fixture
def centre(tmp_path: Path, spark: SparkSession) -> Centre:
    return Centre(tmp_path, spark)


def _first_exports(centre: Centre) -> None:
    centre.export(
        "orders/1.csv",
        """o1,2026-01-01 10:00,没到,2026-01-01 10:00,,13800138000
        o2,2026-01-02 10:00,坏了,2026-01-02 10:00,,
        o3,2026-01-02 11:00,漏水,2026-01-02 11:00,,
        o4,,没有时间,2026-01-02 11:00,,""",
    )
    centre.export(
        "chats/1.csv",
        """x,2026-01-01 23:58:00,客户,在吗,u1
        x,2026-01-01 23:59:00,客服,在的,
        y,2026-01-01 12:00:00,客户,谢谢,u2""",
    )


def _later_exports(centre: Centre) -> None:
    """o1 moves to the fifth, o3 is deleted, o2 comes as it was before, x goes on after midnight."""
    centre.export(
        "orders/2.csv",
        """o1,2026-01-05 10:00,还没到,2026-01-06 10:00,,13800138000
        o3,,,2026-01-06 10:00,1,
        o2,2026-01-02 10:00,旧的,2026-01-01 10:00,,""",
    )
    centre.export(
        "chats/2.csv",
        """x,2026-01-01 23:59:00,客服,在的,
        x,2026-01-02 00:03:00,客户,还没到,u1""",
    )


def test_changed_late_and_deleted_records_and_split_sessions(centre: Centre) -> None:
    _first_exports(centre)
    centre.collect()
    assert centre.pending() == ["2026-01-01", "2026-01-02"]
    centre.conform()
    assert centre.pending() == []
    assert centre.unaccounted() == {"chats/1.csv": 0, "orders/1.csv": 0}
    assert centre.query("contact", "contact_id, day::text, n_turns") == [
        ("chats-x", "2026-01-01", 2), ("chats-y", "2026-01-01", 1), ("orders-o1", "2026-01-01", 1),
        ("orders-o2", "2026-01-02", 1), ("orders-o3", "2026-01-02", 1),
    ]  # fmt: skip

    _later_exports(centre)
    centre.collect()
    assert centre.pending() == ["2026-01-01", "2026-01-02", "2026-01-05"]
    centre.conform()
    assert centre.pending() == []
    assert centre.query("contact", "contact_id, day::text, n_turns, n_customer_turns") == [
        ("chats-x", "2026-01-01", 3, 2), ("chats-y", "2026-01-01", 1, 1),
        ("orders-o1", "2026-01-05", 1, 1), ("orders-o2", "2026-01-02", 1, 1),
    ]  # fmt: skip
    assert centre.query("utterance", "contact_id, turn, text") == [
        ("chats-x", 0, "在吗"), ("chats-x", 1, "在的"), ("chats-x", 2, "还没到"), ("chats-y", 0, "谢谢"),
        ("orders-o1", 0, "还没到"), ("orders-o2", 0, "坏了"),
    ]  # fmt: skip
    assert set(centre.unaccounted().values()) == {0}
    reasons = centre.query("rejected", "reason, count(*) OVER (PARTITION BY reason)")
    assert sorted(set(reasons)) == [("bad_time", 1), ("deleted", 1), ("superseded", 4)]
    assert dict(centre.query("contact", "contact_id, mean_response_seconds"))["chats-x"] == 60.0


def test_each_day_run_by_itself_gives_what_all_days_together_give(centre: Centre) -> None:
    centre.export("chats/1.csv", "x,2026-01-01 23:58:00,客户,在吗,u1\nz,2026-01-02 10:00:00,客户,你好,u3")
    centre.export("chats/2.csv", "x,2026-01-02 00:03:00,客户,还在吗,u1\nx,2026-01-03 00:03:00,客户,喂,u1")
    centre.collect()
    centre.conform()

    def tables() -> list[list[tuple[object, ...]]]:
        return [centre.query(name, "*") for name in ("contact", "utterance", "contact_identifier", "rejected")]

    together = tables()
    assert [row[:2] for row in centre.query("contact", "contact_id, day::text")] == [
        ("chats-x", "2026-01-01"),
        ("chats-z", "2026-01-02"),
    ]
    for day in ("2026-01-03", "2026-01-02", "2026-01-01"):
        centre.conform(day)
    assert tables() == together


def test_a_late_record_concerns_its_own_day_only(centre: Centre) -> None:
    first = dt.date(2026, 1, 1)
    rows = [f"o{n},{first + dt.timedelta(days=n)} 10:00,没到,,," for n in range(5)]
    centre.export("orders/1.csv", "\n".join(rows))
    centre.collect()
    centre.conform()
    centre.export("orders/late.csv", "o9,2026-01-03 22:00,晚到的,,,")
    centre.collect()
    assert centre.pending() == ["2026-01-03"]
