"""dip: understood contacts → dip, falls of a channel's mood taken apart into topics, mix and reply delay."""

from __future__ import annotations

import sys

from pyspark.sql import SparkSession

from analytics.settings import Settings
from analytics.signals import DipRule, daily_dips
from jobs.contacts import understood_contacts
from jobs.frames import no_rows, to_arrow, to_pandas
from jobs.lake import Lake
from jobs.run_log import Counts
from jobs.stage import main
from jobs.topic_decisions import decided_of
from jobs.window import Window

_READ = ("contact_id", "started_at", "channel", "team", "topic_id", "sentiment_score", "first_response_seconds")


def run(spark: SparkSession, lake: Lake, settings: Settings, window: Window, counts: Counts) -> None:
    """Look for falls of mood on each day of `window` against the days before it; replace its days of dip."""
    found = no_rows("dip")
    if not window.undated:
        history = understood_contacts(spark, lake, settings, window.before(settings.spikes.history_days), only=_READ)
        contacts = to_pandas(history.where("started_at is not null"))
        topics = lake.read(spark, "topic").select("topic_id", "label").toPandas()
        labels = dict(zip(topics["topic_id"], topics["label"], strict=True)) | decided_of(settings).labels
        found = daily_dips(
            contacts,
            (window.first, window.last),
            history_days=settings.spikes.history_days,
            labels=labels,
            rule=DipRule(zone=settings.timezone),
        )
        counts.rows_in = len(contacts)
    counts.rows_out = lake.replace_arrow(spark, to_arrow(found, "dip"), "dip", window)


if __name__ == "__main__":
    sys.exit(main(job="dip"))
