"""sentiment_hour: understood contacts → sentiment_hour, the course of mood by hour."""

from __future__ import annotations

import sys

import pandas as pd
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from analytics.settings import Settings
from analytics.signals import sentiment_hour
from jobs.contacts import understood_contacts
from jobs.frames import to_arrow, to_pandas
from jobs.lake import Lake
from jobs.run_log import Counts
from jobs.stage import main
from jobs.window import Window

CELL = ("hour", "channel", "team", "product", "topic_id")
_READ = ("day", *CELL, "sentiment_score", "sentiment_label", "first_response_seconds")


def run(spark: SparkSession, lake: Lake, settings: Settings, window: Window, counts: Counts) -> None:
    """Replace the days of `window` of sentiment_hour; undated contacts have no hour and no row."""
    contacts = understood_contacts(spark, lake, settings, window, only=_READ).where(
        "hour is not null and sentiment_score is not null"
    )
    cells = to_pandas(_cells(contacts))
    # A day by itself: cells of few contacts borrow the spread of all cells given, and a day run alone must be the same.
    days = [sentiment_hour(of_day, zone=settings.timezone) for _, of_day in cells.groupby("day")]
    hours = pd.concat(days, ignore_index=True) if days else sentiment_hour(cells, zone=settings.timezone)
    counts.rows_in = int(cells["n"].sum())
    counts.rows_out = lake.replace_arrow(spark, to_arrow(hours, "sentiment_hour"), "sentiment_hour", window)


def _cells(contacts: DataFrame) -> DataFrame:
    score = F.col("sentiment_score")
    labelled = {f"n_{label}": F.sum((F.col("sentiment_label") == label).cast("long")) for label in _LABELS}
    named = contacts.select("*").fillna("", subset=["channel", "team", "product", "topic_id"])
    return named.groupBy("day", *CELL).agg(
        F.count(F.lit(1)).alias("n"),
        *(column.alias(name) for name, column in labelled.items()),
        F.sum(score).alias("score_sum"),
        F.sum(score * score).alias("score_square_sum"),
        F.median("first_response_seconds").alias("median_response_seconds"),
    )


_LABELS = ("negative", "neutral", "positive")


if __name__ == "__main__":
    sys.exit(main(job="sentiment_hour"))
