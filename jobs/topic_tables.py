"""The tables of topics that are made from all days: topic, topic_event and topic_day."""

from __future__ import annotations

import pandas as pd
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from analytics.settings import Settings
from analytics.topics.history import topic_history
from analytics.topics.model import TopicModel
from analytics.topics.share import topic_day
from jobs.contacts import understood_contacts
from jobs.frames import to_arrow
from jobs.lake import Lake
from jobs.window import Window


def describe(spark: SparkSession, lake: Lake, settings: Settings, window: Window, model: TopicModel) -> None:
    """Write topic and topic_event from all days there are, and topic_day for the window."""
    assigned = lake.read(spark, "contact_topic").where("topic_id is not null")
    daily = assigned.groupBy("day", "topic_id").agg(F.count(F.lit(1)).alias("n_contacts")).toPandas()
    topics = pd.concat([model.topics, model.retired], ignore_index=True) if len(model.retired) else model.topics
    for name, rows in zip(("topic", "topic_event"), topic_history(daily, topics, model.lineage), strict=True):
        lake.replace_arrow(spark, to_arrow(rows, name), name)
    if not window.undated:
        shares = topic_day(_cells(understood_contacts(spark, lake, settings, window)).toPandas())
        lake.replace_arrow(spark, to_arrow(shares, "topic_day"), "topic_day", window)


def _cells(contacts: DataFrame) -> DataFrame:
    named = contacts.fillna("", subset=["topic_id", "product", "channel"])
    moods = {f"n_{label}": (F.col("sentiment_label") == label) for label in ("negative", "neutral", "positive")}
    cells = named.groupBy("day", "topic_id", "channel", "product").agg(
        F.count(F.lit(1)).alias("n_contacts"),
        *(F.coalesce(F.sum(is_mood.cast("long")), F.lit(0)).alias(name) for name, is_mood in moods.items()),
        F.sum("sentiment_score").alias("score_sum"),
        F.sum(F.col("sentiment_score") * F.col("sentiment_score")).alias("score_square_sum"),
    )
    totals = named.groupBy("day", "channel", "product").agg(F.count(F.lit(1)).alias("n_total"))
    return cells.join(totals, ["day", "channel", "product"])
