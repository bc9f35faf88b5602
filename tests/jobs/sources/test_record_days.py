"""Which days a file that brings records again concerns, and what is looked at to work through a day."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from analytics.settings import SourceSettings
from jobs.sources.landing import LandedFile, collect_files, files_touching, manifest

ZONE = "Asia/Shanghai"
ORDERS = {"id": "编号", "time": "时间", "text": "内容", "deleted": "删除"}
CHATS = {"contact": "会话", "time": "时间", "speaker": "谁", "text": "内容"}


class Source:
    """A folder of exports and its landing."""

    def __init__(self, home: Path, kind: str, columns: dict[str, str]) -> None:
        self.landing = home / "landing"
        self._folder = home / "exports"
        self._folder.mkdir()
        self._columns = columns
        self._source = SourceSettings(path=str(self._folder), kind=kind, columns=dict(columns), settle_seconds=0)

    def export(self, name: str, *rows: tuple[str, ...]) -> LandedFile:
        lines = [",".join(self._columns.values()), *(",".join(row) for row in rows)]
        (self._folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
        (landed,) = collect_files("s", self._source, self.landing, ZONE)
        return landed

    def touching(self, day: str) -> list[str]:
        at = dt.date.fromisoformat(day)
        return [file.original for file in files_touching(self.landing, at, at)]


def days(file: LandedFile) -> list[str]:
    return [day.isoformat() for day in file.days]


@pytest.fixture
def orders(tmp_path: Path) -> Source:
    return Source(tmp_path, "work_order", ORDERS)


def test_a_changed_record_concerns_the_days_of_its_older_versions_and_no_others(orders: Source) -> None:
    orders.export("1.csv", ("a", "2026-01-01 10:00", "没到", ""), ("b", "2026-01-02 10:00", "坏了", ""))
    moved = orders.export("2.csv", ("a", "2026-01-05 10:00", "还没到", ""))
    assert days(moved) == ["2026-01-01", "2026-01-05"]
    other = orders.export("3.csv", ("c", "2026-01-03 10:00", "好", ""))
    assert days(other) == ["2026-01-03"]
    assert (other.linked, [name.rpartition("-")[2] for name in moved.linked]) == ((), ["1.csv"])
    assert orders.touching("2026-01-01") == ["1.csv", "2.csv"]
    assert orders.touching("2026-01-02") == ["1.csv"]
    # Whether the record of the fifth is still the newest is said by its other versions.
    assert orders.touching("2026-01-05") == ["1.csv", "2.csv"]


def test_a_deletion_concerns_the_day_of_the_record_though_it_has_none_itself(orders: Source) -> None:
    orders.export("1.csv", ("a", "2026-01-01 10:00", "没到", ""))
    gone = orders.export("2.csv", ("a", "", "", "1"), ("d", "2026-01-09 10:00", "好", ""))
    assert days(gone) == ["2026-01-01", "2026-01-09"]


def test_the_rest_of_a_session_concerns_the_day_on_which_it_began(tmp_path: Path) -> None:
    chats = Source(tmp_path, "chat", CHATS)
    chats.export("1.csv", ("x", "2026-01-01 23:59", "客户", "在吗"))
    rest = chats.export("2.csv", ("x", "2026-01-02 00:01", "客服", "在的"), ("y", "2026-01-02 09:00", "客户", "你好"))
    assert days(rest) == ["2026-01-01", "2026-01-02"]
    assert chats.touching("2026-01-01") == ["1.csv", "2.csv"]


def test_the_order_of_collection_holds_though_the_clock_went_back(
    orders: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders.export("2.csv", ("a", "2026-01-01 10:00", "没到", ""))

    class Earlier(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:  # type: ignore[override]
            return dt.datetime(2020, 1, 1, tzinfo=tz)

    monkeypatch.setattr("jobs.sources.intake.dt.datetime", Earlier)
    orders.export("1.csv", ("a", "2026-01-01 10:00", "到了", ""))
    assert [file.original for file in manifest(orders.landing)] == ["2.csv", "1.csv"]
