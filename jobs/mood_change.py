"""mood_change: understood contacts → mood_change, lasting changes of the mood of a channel or of a topic in it."""

from __future__ import annotations

import sys

import pandas as pd
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from analytics.settings import Settings
from analytics.signals.mood_changes import TOLD_DAYS, ChangeRule, mood_changes
from jobs.contacts import understood_contacts
from jobs.frames import no_rows, to_arrow, to_pandas
from jobs.lake import Lake
from jobs.run_log import Counts
from jobs.stage import main
from jobs.window import Window

_READ = ("day", "hour", "channel", "topic_id", "sentiment_score")


def run(spark: SparkSession, lake: Lake, settings: Settings, window: Window, counts: Counts) -> None:
    """Look for changes first seen on each day of `window`; replace its days of mood_change."""
    found = no_rows("mood_change")
    if not window.undated:
        rule = ChangeRule()
        history = window.before(rule.history_days + TOLD_DAYS)
        contacts = understood_contacts(spark, lake, settings, history, only=_READ)
        known = contacts.where("hour is not null and sentiment_score is not null and channel is not null")
        score = F.col("sentiment_score")
        sums = (F.count(F.lit(1)).alias("n"), F.sum(score).alias("total"), F.sum(score * score).alias("squares"))
        by_topic = to_pandas(known.where("topic_id is not null").groupBy("day", "channel", "topic_id").agg(*sums))
        whole = to_pandas(known.groupBy("day", "channel").agg(*sums)).assign(topic_id="")
        found = mood_changes(pd.concat([whole, by_topic], ignore_index=True), (window.first, window.last), rule=rule)
        counts.rows_in = int(whole["n"].sum())
    counts.rows_out = lake.replace_arrow(spark, to_arrow(found, "mood_change"), "mood_change", window)


if __name__ == "__main__":
    sys.exit(main(job="mood_change"))
