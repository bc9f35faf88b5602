"""`kesheng repair`: find what a crash, a full disk or a bad block left behind, and compute it again.

Truth is landing: files of the lake that cannot be read are put aside and their days run again, as are days whose last
run of a job never came to its end. The warehouse is built anew from the lake. The inbox holds what people did, which
cannot be computed: a damaged one is named, with what to do.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import make_url

from analytics.errors import ConfigError
from analytics.schema import TABLES
from analytics.settings import Settings
from analytics.warehouse.lake_files import lake_files
from jobs import publish
from jobs.lake_lock import writing_lake
from jobs.pending import windows_of
from jobs.progress import console, step
from jobs.sources.manifest import manifest
from jobs.stage import DAILY
from jobs.whole import run_windows


@dataclass(frozen=True)
class Damage:
    """What was found: files of the lake that cannot be read, days of runs without an end, and the warehouse."""

    files: tuple[Path, ...] = ()
    unfinished: tuple[dt.date, ...] = ()
    warehouse: str = ""

    @property
    def days(self) -> tuple[dt.date, ...]:
        """Days to run again."""
        return tuple(sorted({*self.unfinished, *(day for file in self.files if (day := _day_of(file)))}))


def find_damage(settings: Settings, *, deep: bool = False) -> Damage:
    """Return what is damaged; nothing is changed.

    Parameters
    ----------
    deep : bool
        Read every row of every file: finds bad blocks inside of files, and takes as long as reading all of the lake.

    Raises
    ------
    ConfigError
        If the inbox is damaged: only a backup brings back what people did.
    """
    _check_inbox(settings)
    bad = tuple(
        file for name in TABLES for file in lake_files(settings.lake, name) if not _is_readable(file, deep=deep)
    )
    return Damage(bad, tuple(_unfinished(settings)), _fault_of_warehouse(settings.warehouse))


def repair(settings: Settings, *, deep: bool = False, dry_run: bool = False) -> None:
    """Find and mend, and say what was found; nobody else writes meanwhile: no run going on is taken for one cut off."""
    with writing_lake(settings, "kesheng repair"):
        damage = find_damage(settings, deep=deep)
        _tell(settings, damage)
        if damage != Damage() and not dry_run:
            _mend(settings, damage)


def _tell(settings: Settings, damage: Damage) -> None:
    if damage == Damage():
        console.print("没有发现损坏：lake、仓库和收件箱都读得出，没有中断的运行。")
    for file in damage.files:
        console.print(f"读不出：{file.relative_to(settings.home)}")
    if damage.unfinished:
        console.print(f"没有做完的日期：{', '.join(str(day) for day in damage.unfinished)}")
    if damage.warehouse:
        console.print(f"仓库：{damage.warehouse}")


def _mend(settings: Settings, damage: Damage) -> None:
    """Put damaged files aside, run their days again, and build the warehouse anew."""
    aside = settings.home / "damaged" / f"{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%S}"
    for file in damage.files:
        _put_aside(file, aside / file.relative_to(settings.lake))
    if damage.warehouse and settings.warehouse.exists():
        _put_aside(settings.warehouse, aside / settings.warehouse.name)
    if damage.days:
        run_windows(settings, windows_of(damage.days))
    else:
        with step("publish"):
            publish.run(settings)
    whole = sorted({file.parent.name for file in damage.files if _day_of(file) is None})
    if whole:
        console.print(f"不按日期存放的表 {', '.join(whole)}：若仍缺行，用 kesheng restore 取回备份")
    said = f"；读不出的文件留在 {aside}" if aside.exists() else ""
    console.print(f"已修复{said}")


def _put_aside(file: Path, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(file, place)


def _is_readable(file: Path, *, deep: bool) -> bool:
    try:
        with pq.ParquetFile(file, page_checksum_verification=True) as parquet:
            for _ in parquet.iter_batches() if deep else ():
                pass
    except (pa.ArrowException, OSError, ValueError):
        return False
    return True


def _day_of(file: Path) -> dt.date | None:
    folder = file.parent.name
    return dt.date.fromisoformat(folder.removeprefix("day=")) if folder.startswith("day=") else None


def _unfinished(settings: Settings) -> list[dt.date]:
    """Return the days of runs that began and neither ended nor were done again; of days that landing knows."""
    known = {day for file in manifest(settings.landing) for day in file.days}
    open_runs: dict[str, tuple[str, set[dt.date]]] = {}
    for event in _events(settings.home / "lineage"):
        job, run_id = event["job"]["name"], event["run"]["runId"]
        days = _days(event)
        if job not in DAILY or not days:
            continue
        if event["eventType"] == "START":
            open_runs[run_id] = (job, days)
            continue
        open_runs.pop(run_id, None)
        if event["eventType"] == "COMPLETE":
            for other, (same_job, left) in list(open_runs.items()):
                if same_job == job:
                    open_runs[other] = (job, left - days)
    return sorted({day for _, days in open_runs.values() for day in days} & known)


def _events(folder: Path) -> Iterator[dict]:  # type: ignore[type-arg]
    for file in sorted(folder.glob("*.ndjson")):
        for line in file.read_text("utf-8").splitlines():
            try:
                yield json.loads(line)
            except ValueError:  # cut off by the crash that is to be repaired
                continue


def _days(event: dict) -> set[dt.date]:  # type: ignore[type-arg]
    nominal = event["run"].get("facets", {}).get("nominalTime")
    if not nominal:
        return set()
    first, after = (dt.date.fromisoformat(nominal[f"nominal{end}Time"][:10]) for end in ("Start", "End"))
    return {first + dt.timedelta(days=n) for n in range((after - first).days)}


def _fault_of_warehouse(file: Path) -> str:
    """Return why the warehouse cannot be used; '' where it can. Every column of every table is read."""
    if not file.exists():
        return "还没有发布，或文件丢失"
    try:
        with duckdb.connect(str(file), read_only=True) as connection:
            names = [name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
            missing = sorted(name for name, table in TABLES.items() if table.published and name not in names)
            for name in names:
                connection.execute(f'SELECT count(COLUMNS(*)) FROM "{name}"').fetchall()
    except duckdb.Error as error:
        return f"读不出（{type(error).__name__}）"
    return f"缺少表 {', '.join(missing)}" if missing else ""


def _check_inbox(settings: Settings) -> None:
    address = make_url(settings.inbox_url)
    if address.get_backend_name() != "sqlite" or not address.database or not Path(address.database).exists():
        return
    try:
        with sqlite3.connect(f"file:{address.database}?mode=ro", uri=True) as connection:
            (said,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    except sqlite3.Error as error:
        said = str(error)
    if said != "ok":
        raise ConfigError(
            f"repair: inbox {address.database} is damaged ({said}); what people did there cannot be computed:"
            " move it away and bring back a backup (kesheng restore), or save what is left with sqlite3 .recover"
        )
