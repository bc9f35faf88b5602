"""driver: understood contacts → driver, what moved mood, rating and repeat contact against the week before."""

from __future__ import annotations

import sys

from pyspark.sql import SparkSession

from analytics.settings import Settings
from analytics.signals.driver_days import DIMENSIONS, PERIOD_DAYS, REPEAT_HOURS, driver_days
from jobs.contacts import understood_contacts
from jobs.frames import no_rows, to_arrow, to_pandas
from jobs.lake import Lake
from jobs.run_log import Counts
from jobs.stage import main
from jobs.window import Window

_LOOK_BACK_DAYS = 2 * PERIOD_DAYS - 1 + REPEAT_HOURS // 24
_READ = ("contact_id", "day", "started_at", "person_id", *DIMENSIONS.values(), "sentiment_score", "rating")


def run(spark: SparkSession, lake: Lake, settings: Settings, window: Window, counts: Counts) -> None:
    """Compare the seven days up to each day of `window` with the seven before; replace its days of driver."""
    found = no_rows("driver")
    if not window.undated:
        looked_at = understood_contacts(spark, lake, settings, window.before(_LOOK_BACK_DAYS), only=_READ)
        contacts = to_pandas(looked_at.where("started_at is not null"))
        found = driver_days(contacts, (window.first, window.last))
        counts.rows_in = len(contacts)
    counts.rows_out = lake.replace_arrow(spark, to_arrow(found, "driver"), "driver", window)


if __name__ == "__main__":
    sys.exit(main(job="driver"))
