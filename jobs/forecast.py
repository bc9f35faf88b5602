"""forecast: contact → forecast_hour, what the two weeks after the window are expected to bring, by hour and channel.

Made once a run, from the data until the end of the window's last day. It stands on that day, beside those of other
days, so that what was forecast can be held against what came.
"""

from __future__ import annotations

import sys

import pandas as pd
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from threadpoolctl import threadpool_limits

from analytics.calendar_days import load_events
from analytics.settings import Settings
from analytics.signals.forecast import HISTORY_DAYS, forecast_volume
from jobs.frames import no_rows, to_arrow, to_pandas
from jobs.lake import Lake
from jobs.run_log import Counts
from jobs.stage import main
from jobs.window import Window


def run(spark: SparkSession, lake: Lake, settings: Settings, window: Window, counts: Counts) -> None:
    """Forecast from the end of `window` on; replace its last day of forecast_hour."""
    found = no_rows("forecast_hour")
    made_on = Window(window.last, window.last)
    if not window.undated:
        totals = to_pandas(_totals(spark, lake, settings, made_on.before(HISTORY_DAYS)))
        counts.rows_in = int(totals["n_contacts"].sum())
        end = pd.Timestamp(window.last, tz=settings.timezone) + pd.DateOffset(days=1)
        events = load_events(*settings.event_files)
        made_at = end.tz_convert("UTC")
        with threadpool_limits(1):  # small matrices: more threads cost more than they save
            found = forecast_volume(totals, made_at=made_at, events=events, zone=settings.timezone)
        found = found.assign(day=window.last)
    counts.rows_out = lake.replace_arrow(spark, to_arrow(found, "forecast_hour"), "forecast_hour", made_on)


def _totals(spark: SparkSession, lake: Lake, settings: Settings, history: Window) -> DataFrame:
    """Return contacts by hour and channel; flagged ones are left out as from all that is measured."""
    contacts = lake.read(spark, "contact", history).where("started_at is not null")
    if settings.flags.leave_out:
        flagged = lake.read(spark, "contact_flag", history).select("contact_id")
        contacts = contacts.join(flagged, "contact_id", "left_anti")
    hours = contacts.groupBy(F.date_trunc("hour", "started_at").alias("hour"), "channel")
    return hours.agg(F.count(F.lit(1)).alias("n_contacts"))


if __name__ == "__main__":
    sys.exit(main(job="forecast"))
