"""`kesheng repair`: find what a crash, a full disk or a bad block left behind, and compute it again.

Truth is landing: files of the lake that cannot be read are put aside and their days run again, as are days whose last
run of a job never came to its end. The warehouse is built anew from the lake. The inbox holds what people did, which
cannot be computed: a damaged one is named, with what to do.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url

from analytics.errors import ConfigError
from analytics.schema import TABLES
from analytics.settings import Settings
from analytics.warehouse.lake_files import lake_files
from analytics.warehouse.standing import forget_standing
from jobs import publish
from jobs.cut_off import cut_off_days, is_publication_behind
from jobs.lake_lock import writing_lake
from jobs.pending import windows_of
from jobs.progress import console, step
from jobs.warehouse_damage import WHOLE, WarehouseDamage, is_readable, warehouse_damage
from jobs.whole import run_windows
from jobs.zone import moved_to_zone, zone_to_leave


@dataclass(frozen=True)
class Damage:
    """What was found: files of the lake that cannot be read, days of runs without an end, and the warehouse."""

    files: tuple[Path, ...] = ()
    unfinished: tuple[dt.date, ...] = ()
    warehouse: WarehouseDamage = WHOLE
    is_behind: bool = False
    zone: str = ""

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
    bad = tuple(file for name in TABLES for file in lake_files(settings.lake, name) if not is_readable(file, deep=deep))
    return Damage(
        bad,
        tuple(cut_off_days(settings, damaged=bad)),
        warehouse_damage(settings.warehouse, deep=deep),
        is_publication_behind(settings, damaged=bad),
        zone_to_leave(settings),
    )


def repair(settings: Settings, *, deep: bool = False, dry_run: bool = False, send: bool = False) -> None:
    """Find and mend, and say what was found; nobody else writes meanwhile: no run going on is taken for one cut off.

    Parameters
    ----------
    deep : bool
        Read every row of every file.
    dry_run : bool
        Change nothing.
    send : bool
        Send the alerts that the days run again raise, as the run that was cut off would have.
    """
    with writing_lake(settings, "kesheng repair"):
        damage = find_damage(settings, deep=deep)
        _tell(settings, damage)
        if damage != Damage() and not dry_run:
            _mend(settings, damage, send=send)


def _tell(settings: Settings, damage: Damage) -> None:
    if damage == Damage():
        console.print("没有发现损坏：lake、仓库和收件箱都读得出，没有中断的运行。")
    for file in damage.files:
        console.print(f"读不出：{file.relative_to(settings.home)}")
    if damage.unfinished:
        console.print(f"没有做完的日期：{', '.join(str(day) for day in damage.unfinished)}")
    if damage.warehouse.file:
        console.print(f"仓库：{damage.warehouse.file}")
    if damage.zone:
        console.print(f"时区：各日按 {damage.zone} 划分，现为 {settings.timezone}；所有日期按新时区重算")
    elif damage.is_behind:
        console.print("仓库：比 lake 旧，上次运行没有发布")


def _mend(settings: Settings, damage: Damage, *, send: bool) -> None:
    """Put damaged files aside, run their days again, and build the warehouse anew."""
    aside = settings.home / "damaged" / f"{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%S}"
    for file in damage.files:
        _put_aside(file, aside / file.relative_to(settings.lake))
    for part in damage.warehouse.parts:  # else the next version would take them over
        _put_aside(part, aside / part.relative_to(settings.warehouse.parent))
    if damage.warehouse.file:
        forget_standing(settings.warehouse)  # else what is damaged in it would be taken over
    if damage.warehouse.file and settings.warehouse.exists():
        _keep_too(settings.warehouse, aside / settings.warehouse.name)
    if damage.zone:
        _change_zone(settings)
    elif damage.days:
        run_windows(settings, windows_of(damage.days), send=send)
    else:
        with step("publish"):
            publish.run(settings)
    whole = sorted({file.parent.name for file in damage.files if _day_of(file) is None})
    if whole:
        console.print(f"不按日期存放的表 {', '.join(whole)}：若仍缺行，用 kesheng restore 取回备份")
    said = f"；读不出的文件留在 {aside}" if aside.exists() else ""
    console.print(f"已修复{said}")


def _change_zone(settings: Settings) -> None:
    """Make all days again in the zone of the settings; no messages: their contacts are old."""
    with moved_to_zone(settings) as days:
        run_windows(settings, windows_of(days))


def _keep_too(file: Path, place: Path) -> None:
    """Keep a file that is about to be replaced; until then its readers have what can be read of it."""
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(file, place)
    except OSError:  # a disk without links
        shutil.copyfile(file, place)


def _put_aside(file: Path, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(file, place)


def _day_of(file: Path) -> dt.date | None:
    folder = file.parent.name
    return dt.date.fromisoformat(folder.removeprefix("day=")) if folder.startswith("day=") else None


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
