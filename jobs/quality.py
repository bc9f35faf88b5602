"""quality: whether the lake's newest days are as expected; what holds a publication back, and who overruled it.

    python -m jobs.publish --accept-quality REASON

Looked at are the days written since they were last looked at, the newest ones, and no others: so the cost does not
grow with history. Each day's verdict stands in the table `quality`, published or not (docs/quality.md).
"""

from __future__ import annotations

import datetime as dt
import getpass
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from analytics.calendar_days import calendar_days
from analytics.errors import QualityError
from analytics.lineage import note_read, note_write
from analytics.quality import Result, judge, load_expectations
from analytics.quality.held import Failure, clear_held, read_held, write_held
from analytics.quality.judge import WEEKS
from analytics.quality.measure import files_of_days, measure
from analytics.schema import TABLES, UNDATED_DAY
from analytics.settings import Settings
from analytics.warehouse.lake_files import select_sql

MOST_DAYS = 14
"""Days looked at before a publication, at most: of a backfill of years the newest tell whether something broke."""
_RECENT_DAYS = 60
_TOLD = 5
_FILE = "part-0.parquet"

Accepted = dict[tuple[dt.date, str, str], tuple[float | None, str, str]]
"""(day, expectation, part) → what was observed, why it was accepted, and by whom."""


@dataclass(frozen=True)
class Verdict:
    """A result, and why somebody accepted it ('' where nobody did)."""

    result: Result
    accepted: str = ""
    accepted_by: str = ""

    @property
    def holds(self) -> bool:
        """Whether it holds the publication back."""
        return self.result.is_stop and not self.accepted


def check(settings: Settings, days: Sequence[dt.date]) -> list[Verdict]:
    """Judge the days by all expectations; write nothing.

    Raises
    ------
    ConfigError
        If a declaration cannot be read or its SQL cannot be run.
    """
    expectations = load_expectations(settings.quality_folder)
    today = dt.datetime.now(ZoneInfo(settings.timezone)).date()
    numbers = measure(settings.lake, expectations.values(), days, leave_out=settings.flags.leave_out)
    accepted = _accepted(settings.lake, days)
    holidays = {one.day for one in calendar_days(min(days), max(days)) if one.kind == "holiday"} if days else set()
    found = []
    for name, measured in numbers.items():
        usual: dict[str, list[float]] = {}
        for (_, expectation, part), (observed, _, _) in accepted.items():
            if expectation == name and observed is not None:
                usual.setdefault(part, []).append(observed)
        known = type(measured)(measured.values, measured.days, measured.whole, usual)
        for result in judge(expectations[name], known, days, today, holidays):
            observed, reason, by = accepted.get((result.day, name, result.part), (None, "", ""))
            same = result.status == "failed" and reason and observed == result.observed
            found.append(Verdict(result, reason, by) if same else Verdict(result))
    return found


def days_to_look_at(settings: Settings) -> list[dt.date]:
    """Return the newest days written since they were last looked at, those held back, and the newest day always."""
    folders = (settings.lake / "contact").glob("day=[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]")
    today = dt.datetime.now(ZoneInfo(settings.timezone)).date()
    days = sorted({dt.date.fromisoformat(folder.name.removeprefix("day=")) for folder in folders} - {UNDATED_DAY})
    days = [day for day in days if day <= today][-_RECENT_DAYS:]
    held = read_held(settings.warehouse)
    kept = {one.day for one in held.failures} if held else set()
    looked = {day: _changed_at(settings.lake / "quality" / f"day={day}" / _FILE) for day in days}
    last = max(looked.values(), default=0.0)
    return [
        day
        for day in days
        if day == days[-1] or str(day) in kept or _written_at(settings.lake, day) > (looked[day] or last)
    ][-MOST_DAYS:]


def gate(settings: Settings, accept: str = "") -> list[Verdict]:
    """Look at what is about to be published, and keep the verdicts.

    Parameters
    ----------
    accept : str
        Why a person publishes in spite of failures; kept with them.

    Raises
    ------
    QualityError
        If a severe expectation failed and nobody accepted it. What failed stands beside the warehouse for the pages.
    """
    days = days_to_look_at(settings)
    verdicts = check(settings, days)
    if accept:
        by = getpass.getuser()
        verdicts = [Verdict(one.result, accept[:200], by) if one.holds else one for one in verdicts]
    _store(settings.lake, verdicts, days)
    held = [one.result for one in verdicts if one.holds]
    if held:
        write_held(settings.warehouse, [_failure(one) for one in held], dt.datetime.now(dt.UTC))
        raise QualityError(_told(settings, held))
    return verdicts


def release(settings: Settings) -> None:
    """Take back what the pages say of a publication held back: there is a newer one."""
    clear_held(settings.warehouse)


def said(result: Result) -> str:
    """Return what was expected and found, in Chinese, without names of the site's customers."""
    if result.status == "short_history":
        return "历史不足，暂不判断（同星期几不满 3 天）"
    if result.status == "not_over":
        return "这一天还没有过完，暂不判断"
    low, high, observed = (number(value) for value in (result.low, result.high, result.observed))
    if result.expectation.kind == "whole":
        return f"应为 {low}，实为 {observed}"
    asked = f"{low} 至 {high}" if low and high else f"不少于 {low}" if low else f"不超过 {high}"
    return f"应{'在 ' if low and high else ''}{asked}，实为 {observed or '无'}"


def number(value: float | None) -> str:
    """Return a number as people read it; '' for none.

    Examples
    --------
    >>> number(1082.0), number(0.14285), number(-0.2), number(None)
    ('1,082', '0.143', '-0.2', '')
    """
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"


def _written_at(lake: Path, day: dt.date) -> float:
    """Return when a table of the day was last written, in seconds of the clock."""
    return max(
        _changed_at(lake / name / f"day={day}") for name, table in TABLES.items() if table.by_day and name != "quality"
    )


def _changed_at(path: Path) -> float:
    """Return when a file or folder changed, in seconds of the clock; 0 where there is none."""
    return path.stat().st_mtime if path.exists() else 0.0


def _accepted(lake: Path, days: Sequence[dt.date]) -> Accepted:
    if not days:
        return {}
    first = min(days) - dt.timedelta(weeks=WEEKS)
    files = files_of_days(lake, "quality", first, max(days))
    if not files:
        return {}
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        rows = connection.execute(
            "SELECT day, expectation, part, observed, accepted, accepted_by"
            f" FROM ({select_sql('quality', files)}) WHERE accepted IS NOT NULL"
        ).fetchall()
    return {(day, name, part): (observed, reason, by) for day, name, part, observed, reason, by in rows}


def _store(lake: Path, verdicts: Sequence[Verdict], days: Sequence[dt.date]) -> None:
    note_read("contact")
    note_write("quality")
    schema, now = TABLES["quality"].arrow(), dt.datetime.now(dt.UTC)
    for day in days:
        rows = [_row(one, now) for one in verdicts if one.result.day == day]
        folder = lake / "quality" / f"day={day}"
        folder.mkdir(parents=True, exist_ok=True)
        private = folder / f"_{os.getpid()}.parquet"
        pq.write_table(pa.Table.from_pylist(rows, schema).drop_columns(["day"]), private)
        private.replace(folder / _FILE)


def _row(verdict: Verdict, now: dt.datetime) -> dict[str, object]:
    one = verdict.result
    advice = one.advice if one.status == "failed" else ""
    return {
        "day": one.day,
        "table_name": one.expectation.table,
        "expectation": one.expectation.name,
        "part": one.part,
        "label": one.expectation.label,
        "severity": one.severity,
        "status": one.status,
        "observed": one.observed,
        "low": one.low,
        "high": one.high,
        "message": f"{said(one)}。{advice}" if advice else said(one),
        "accepted": verdict.accepted or None,
        "accepted_by": verdict.accepted_by or None,
        "checked_at": now,
    }


def _failure(one: Result) -> Failure:
    what = one.expectation
    return Failure(
        str(one.day), what.table, what.name, what.label, one.part, one.observed, one.low, one.high, what.advice
    )


def _told(settings: Settings, held: Sequence[Result]) -> str:
    stays = "nothing was published before"
    if settings.warehouse.exists():
        of = dt.datetime.fromtimestamp(settings.warehouse.stat().st_mtime, ZoneInfo(settings.timezone))
        stays = f"the warehouse of {of:%Y-%m-%d %H:%M} stays"
    lines = [
        f"{one.day} {one.expectation.table} {one.expectation.name}{f' {one.part}' if one.part else ''}"
        f" ({one.expectation.label}): {said(one)}。{one.advice}"
        for one in held[:_TOLD]
    ]
    more = f"\n  … {len(held) - _TOLD} more" if len(held) > _TOLD else ""
    return (
        f"publish: expected the days to be as docs/quality.md says, got {len(held)} failed expectations; not published,"
        f" {stays}\n  " + "\n  ".join(lines) + more + "\n  all results: kesheng quality; to publish all the same:"
        " kesheng publish --accept-quality REASON"
    )
