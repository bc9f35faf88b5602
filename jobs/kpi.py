"""kpi: understood contacts → kpi_day, the indicators of each day, channel and team."""

from __future__ import annotations

import sys

from pyspark.sql import SparkSession

from analytics.settings import Settings
from analytics.signals import kpi_day
from jobs.contacts import understood_contacts
from jobs.frames import no_rows, to_arrow, to_pandas
from jobs.lake import Lake
from jobs.run_log import Counts
from jobs.stage import main
from jobs.window import Window

_LOOK_BACK_DAYS = 3
"""Who comes back within 72 hours is seen by looking back that far."""

_READ = (
    "contact_id", "started_at", "ended_at", "kind", "channel", "team", "agent_id", "person_id",
    "first_response_seconds", "mean_response_seconds", "sentiment_score", "sentiment_label",
    "sentiment_first", "mood_course",
)  # fmt: skip


def run(spark: SparkSession, lake: Lake, settings: Settings, window: Window, counts: Counts) -> None:
    """Compute the indicators of `window`; replace its days of kpi_day."""
    found = no_rows("kpi_day")
    if not window.undated:
        looked_at = understood_contacts(spark, lake, settings, window.before(_LOOK_BACK_DAYS))
        contacts = to_pandas(looked_at.where("hour is not null").select(*_READ))
        found = kpi_day(contacts, first_day=window.first, zone=settings.timezone)
        counts.rows_in = len(contacts)
    counts.rows_out = lake.replace_arrow(spark, to_arrow(found, "kpi_day"), "kpi_day", window)


if __name__ == "__main__":
    sys.exit(main(job="kpi"))
