"""Measure what the expectations are about, in DuckDB over the lake's files of the days and no others."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import duckdb

from analytics.errors import ConfigError
from analytics.quality.declared import Expectation
from analytics.quality.judge import WEEKS, Numbers
from analytics.schema import TABLES, UNDATED_DAY
from analytics.warehouse.lake_files import lake_files, of_days, quoted, select_sql

_WORD = re.compile(r"\w+")
Values = dict[tuple[dt.date, str], tuple[float | None, int]]


def measure(
    lake: Path, expectations: Iterable[Expectation], days: Sequence[dt.date], *, leave_out: bool = True
) -> dict[str, Numbers]:
    """Return the numbers of each expectation whose table the lake has, by its name.

    Parameters
    ----------
    days : sequence of date
        Local days to judge; of kind usual the weeks before them are measured too.
    leave_out : bool
        Whether flagged contacts are left out of what jobs count (setting `flags.leave_out`).

    Raises
    ------
    ConfigError
        If the SQL of an expectation cannot be run.
    """
    if not days:
        return {}
    first = min(days) - dt.timedelta(weeks=WEEKS)
    wanted = [one for one in expectations if one.severity != "off" and _is_there(lake, one.table)]
    files = {name: files_of_days(lake, name, first, max(days)) for name in _named(wanted)}
    with duckdb.connect(config={"threads": 2}) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        known = _days_with_contacts(connection, files_of_days(lake, "contact", first, dt.date.max), first)
        by_span = {True: (first, [one for one in wanted if one.kind == "usual"]),
                   False: (min(days), [one for one in wanted if one.kind in ("limit", "whole")])}  # fmt: skip
        found = {one.name: Numbers({}, known) for one in wanted if one.kind == "fresh"}
        for is_usual, (since, these) in by_span.items():
            judged = [day for day in known if day <= max(days)] if is_usual else days
            _views(connection, files, these, (since, max(days), judged), leave_out=leave_out)
            found |= _numbers(connection, these, known)
    return found


def _named(expectations: Iterable[Expectation]) -> list[str]:
    """Return the tables that the expectations name, and those behind `voice`."""
    said = " ".join(f"{one.table} {one.source} {one.whole_source}" for one in expectations)
    return sorted({*_WORD.findall(said), "contact", "contact_flag"} & set(TABLES))


def _is_there(lake: Path, table: str) -> bool:
    folder = lake / table
    return any(folder.glob("day=*")) or any(folder.glob("*.parquet"))


def files_of_days(lake: Path, table: str, first: dt.date, last: dt.date) -> list[Path]:
    """Return the files of the days; the folders of other days are not opened, of which years have thousands."""
    if not TABLES[table].by_day or not any((lake / table).glob("day=*")):
        return lake_files(lake, table)
    names = sorted(name.name for name in (lake / table).glob("day=*"))
    chosen = [name for name in names if f"day={first}" <= name <= f"day={last}"]
    found = (file for name in chosen for file in sorted((lake / table / name).glob("*.parquet")))
    return [file for file in found if not file.name.startswith(("_", "."))]


def _days_with_contacts(connection: duckdb.DuckDBPyConnection, files: Sequence[Path], first: dt.date) -> list[dt.date]:
    rows = select_sql("contact", of_days(files, first, dt.date.max))
    sql = f"SELECT DISTINCT day FROM ({rows}) WHERE day >= ? AND day <> ? ORDER BY day"
    return [day for (day,) in connection.execute(sql, [first, UNDATED_DAY]).fetchall()]


def _views(
    connection: duckdb.DuckDBPyConnection,
    files: Mapping[str, Sequence[Path]],
    expectations: Sequence[Expectation],
    span: tuple[dt.date, dt.date, Sequence[dt.date]],
    *,
    leave_out: bool,
) -> None:
    """Make a view of each table that is named, of the days alone."""
    first, last, days = span
    among = ", ".join(quoted(day.isoformat()) for day in days) or "NULL"
    for name in _named(expectations):
        rows = select_sql(name, of_days(files[name], first, last) if TABLES[name].by_day else files[name])
        where = f"WHERE day IN ({among})" if TABLES[name].by_day else ""
        connection.execute(f'CREATE OR REPLACE TEMP VIEW "{name}" AS SELECT * FROM ({rows}) {where}')
    flagged = "WHERE contact_id NOT IN (SELECT contact_id FROM contact_flag)" if leave_out else ""
    connection.execute(f"CREATE OR REPLACE TEMP VIEW voice AS SELECT * FROM contact {flagged}")


def _numbers(
    connection: duckdb.DuckDBPyConnection, expectations: Sequence[Expectation], known: Sequence[dt.date]
) -> dict[str, Numbers]:
    """Measure expectations over the same rows in one query."""
    together: dict[tuple[str, str], dict[str, str]] = {}
    for one in expectations:
        together.setdefault((one.rows, one.by), {})[one.name] = one.measure
        if one.kind == "whole":
            together.setdefault((f"({one.whole_source})", one.by), {})[f"{one.name} whole"] = one.whole
    values: dict[str, Values] = {}
    for (rows, by), measures in together.items():
        values |= _measured(connection, rows, by, measures)
    return {
        one.name: Numbers(
            values[one.name],
            known,
            {key: value or 0.0 for key, (value, _) in values.get(f"{one.name} whole", {}).items()},
        )
        for one in expectations
    }


def _measured(
    connection: duckdb.DuckDBPyConnection, rows: str, by: str, measures: Mapping[str, str]
) -> dict[str, Values]:
    part = f"coalesce(CAST(\"{by}\" AS VARCHAR), '')" if by else "''"
    chosen = ", ".join(f"CAST({sql} AS DOUBLE)" for sql in measures.values())
    try:
        found = connection.execute(
            f"SELECT day, {part}, count(*), {chosen} FROM {rows} WHERE day <> DATE '{UNDATED_DAY}' GROUP BY 1, 2"
        ).fetchall()
    except duckdb.Error as error:
        names = ", ".join(name.removesuffix(" whole") for name in measures)
        reason = str(error).splitlines()[0]
        raise ConfigError(f"quality: cannot measure one of {names}: {reason}; see docs/quality.md") from error
    return {name: {(day, of): (row[i], n) for day, of, n, *row in found} for i, name in enumerate(measures)}
