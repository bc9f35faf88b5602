"""kpi: understood contacts → kpi_day and kpi_cube, the indicators of each day, channel and team, and their parts.

A contact of today says of one three days ago that it did not solve the matter, and a work order's time limit may pass
days after it came. So days beside the window are made again too; whichever way days are run, the numbers are the same.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from analytics.kpi_catalog import Indicator, digest, load_indicators, look_hours
from analytics.settings import Settings
from analytics.signals.kpis import kpi_tables, needed_columns
from jobs.contacts import understood_contacts
from jobs.frames import no_rows, to_arrow
from jobs.lake import Lake, spark_schema
from jobs.retention import forgotten_before
from jobs.run_log import Counts
from jobs.stage import main
from jobs.window import Window


@dataclass(frozen=True)
class ContactDay:
    """A day of the lake: the start of its newest contact (UTC), and the local days on which a time limit of it ends."""

    newest: dt.datetime
    due: frozenset[dt.date] = frozenset()


def run(spark: SparkSession, lake: Lake, settings: Settings, window: Window, counts: Counts) -> None:
    """Compute the indicators of `window` and of the days that its contacts bear on; replace these days."""
    counts.inputs = inputs(settings)
    if window.undated:
        for table in ("kpi_day", "kpi_cube"):
            lake.replace_arrow(spark, to_arrow(no_rows(table), table), table, window)
        return
    indicators = load_indicators(settings.kpis_folder)
    hours = look_hours(indicators.values())
    known = _contact_days(spark, lake, settings.timezone)
    days = touched_days(known, window, hours=hours, first=forgotten_before(settings))
    contacts = _contacts(spark, lake, settings, _with_neighbours(days, hours), indicators)
    newest = max((day.newest for day in known.values()), default=None)
    found = kpi_tables(contacts, indicators, days=days, seen_until=newest, zone=settings.timezone)
    counts.rows_in = contacts.num_rows
    counts.rows_out = _replace(spark, lake, found.day, "kpi_day", days)
    counts.rows_out += _replace(spark, lake, found.cube, "kpi_cube", days)


def inputs(settings: Settings) -> dict[str, str]:
    """Return what the job would use now: the hash of the declarations."""
    return {"indicators": digest(load_indicators(settings.kpis_folder).values())}


def touched_days(
    known: Mapping[dt.date, ContactDay], window: Window, *, hours: int, first: dt.date = dt.date.min
) -> list[dt.date]:
    """Return the days to be made: those of `window` and, of the days there are, those that its contacts bear on.

    Before it the days of which the newest hours were not yet seen when they were made last, and those with a time
    limit that has passed since; after it those within `hours`, whose contacts may be somebody's second.

    Parameters
    ----------
    known : mapping of date to ContactDay
        The days of the lake.
    hours : int
        How far an indicator looks before and after a contact.
    first : date
        Days before it have lost their records and stay as they are.

    Examples
    --------
    >>> at = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    >>> known = {dt.date(2026, 3, day): ContactDay(at) for day in (1, 2, 5, 9, 10, 14)}
    >>> [day.day for day in touched_days(known, Window.parse("2026-03-10"), hours=24)]
    [5, 9, 10]
    """
    n_days = -(-hours // 24)
    before = sorted(day for day in known if day < window.first)
    # A day is settled once contacts are known of the hours after its last moment: a full day more.
    open_before = before[-(n_days + 1) :] if hours else []
    since = before[-1] if before else dt.date.min
    due = [day for day in before if any(since <= limit <= window.last for limit in known[day].due)]
    after = [day for day in known if window.last < day <= window.last + dt.timedelta(days=n_days)]
    beside = {day for day in (*open_before, *due, *after) if day >= first}
    return sorted(beside.union(window.days))


def _with_neighbours(days: list[dt.date], hours: int) -> list[dt.date]:
    n_days = -(-hours // 24)
    return sorted({day + dt.timedelta(days=n) for day in days for n in range(-n_days, n_days + 1)})


def _contact_days(spark: SparkSession, lake: Lake, zone: str) -> dict[dt.date, ContactDay]:
    limit = F.to_date(F.from_utc_timestamp("due_at", zone))
    rows = (
        lake.read(spark, "contact")
        .where("started_at is not null")
        .groupBy("day")
        .agg(F.unix_micros(F.max("started_at")).alias("newest"), F.collect_set(limit).alias("due"))
        .collect()
    )
    epoch = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    return {row.day: ContactDay(epoch + dt.timedelta(microseconds=row.newest), frozenset(row.due)) for row in rows}


def _contacts(
    spark: SparkSession, lake: Lake, settings: Settings, days: list[dt.date], indicators: Mapping[str, Indicator]
) -> pa.Table:
    window = Window.covering(days)
    needed = needed_columns(indicators.values())
    contacts = understood_contacts(spark, lake, settings, window, only=dict.fromkeys(("day", "started_at", *needed)))
    if len(days) < window.n_days:
        contacts = contacts.where(F.col("day").isin(days))
    found: pa.Table = contacts.where("started_at is not null").select(*needed).toArrow()
    return found


def _replace(spark: SparkSession, lake: Lake, rows: pa.Table, table: str, days: list[dt.date]) -> int:
    frame = spark.createDataFrame(rows) if rows.num_rows else spark.createDataFrame([], spark_schema(table))
    return lake.replace_days(frame, table, days)


if __name__ == "__main__":
    sys.exit(main(job="kpi"))
