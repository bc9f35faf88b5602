"""`kesheng upgrade`: what a new version of Kesheng needs of the settings, the inbox, the lake and the warehouse.

What can be done at once is done: the inbox takes its steps, the warehouse is published again. Days whose numbers need
computing again are named with the command, because that may take a night.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from analytics.inbox.database import missing_steps, open_database
from analytics.schema import TABLES
from analytics.settings import Settings, settings_file
from jobs import publish
from jobs.lake_lock import writing_lake
from jobs.lake_version import Older, claim, older_files, refuse_later
from jobs.pending import windows_of
from jobs.progress import console, step
from jobs.run_log import code_version


def upgrade(settings: Settings, *, dry_run: bool = False) -> None:
    """Say of which version everything is, and bring it to this one; with `dry_run` only say.

    Raises
    ------
    ConfigError, SchemaError
        If the inbox or the lake is of a later version. Nothing was changed then.
    """
    refuse_later(settings.lake)
    steps, older = missing_steps(settings.inbox_url), older_files(settings.lake)
    behind = _behind(settings)
    console.print(f"客声 {code_version()}；设置 {settings_file()}：读得通")
    _tell_inbox(steps)
    _tell_lake(older)
    if behind:
        console.print(f"仓库：{behind}，需要重新发布")
    if dry_run:
        return
    if steps:
        open_database(settings.inbox_url).dispose()
        console.print(f"收件箱：已升级（{len(steps)} 步）")
    if settings.lake.is_dir():
        with writing_lake(settings, "kesheng upgrade"):
            claim(settings.lake)
            if behind:
                with step("publish"):
                    publish.run(settings)


def commands_for(older: Sequence[Older]) -> list[str]:
    """Return the commands that make the numbers of before anew: one for each stretch of days.

    Examples
    --------
    >>> import datetime as dt
    >>> from analytics.schema.versions import Change
    >>> days = tuple(dt.date(2026, 3, day) for day in (1, 2, 9))
    >>> commands_for([Older(Change("dip", 2, "interval", again="dip"), 3, days)])
    ['kesheng run --day 2026-03-01 --to 2026-03-02', 'kesheng run --day 2026-03-09']
    """
    days = {day for found in older if found.change.again for day in found.days}
    return [
        f"kesheng run --day {window.first}" + (f" --to {window.last}" if window.n_days > 1 else "")
        for window in windows_of(days)
    ]


def _tell_inbox(steps: list[str] | None) -> None:
    if steps is None:
        console.print("收件箱：还没有")
    elif not steps:
        console.print("收件箱：已是当前版本")
    for line in steps or ():
        console.print(f"收件箱：缺一步 {line}")


def _tell_lake(older: Sequence[Older]) -> None:
    if not older:
        console.print("数据湖：所有文件都是当前版本，或还没有文件")
    for found in older:
        days = f"，{found.days[0]} 至 {found.days[-1]} 共 {len(found.days)} 天" if found.days else ""
        then = f"要补上需从 {found.change.again} 重算" if found.change.again else "照常读取，无需处理"
        what = f"{found.change.table} 第 {found.change.version} 版（{found.change.what}）"
        console.print(f"数据湖：{what}之前的文件 {found.n_files} 个{days}：{then}")
    for command in commands_for(older):
        console.print(f"  {command}", highlight=False)


def _behind(settings: Settings) -> str:
    """Return what the published warehouse lacks of the declared tables; '' if nothing, or nothing was published."""
    if not settings.warehouse.exists():
        return ""
    try:
        with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
            rows = connection.execute("SELECT table_name, column_name FROM information_schema.columns").fetchall()
    except duckdb.Error as error:
        return f"读不出（{type(error).__name__}）"
    there = {(str(table), str(column)) for table, column in rows}
    declared = {(n, field.name) for n, t in TABLES.items() if t.published for field in t.arrow(later=True)}
    missing = sorted({f"{table}.{column}" for table, column in declared - there})
    return f"缺少 {len(missing)} 列（{missing[0]} 等）" if missing else ""
