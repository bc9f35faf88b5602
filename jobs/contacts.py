"""Contacts with what the language jobs say of them: the one join that everything measured starts from."""

from __future__ import annotations

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from jobs.lake import Lake
from jobs.window import Window


def understood_contacts(spark: SparkSession, lake: Lake, window: Window) -> DataFrame:
    """Return contact with sentiment_score, sentiment_label, topic_id and touchpoint; one row a contact.

    Times come as they are, `hour` is the start of the hour (UTC) in which the contact started; null when undated.
    """
    contacts = lake.read(spark, "contact", window)
    moods = lake.read(spark, "contact_mood", window).drop("day")
    topics = lake.read(spark, "contact_topic", window).drop("day")
    return (
        contacts.join(moods, "contact_id", "left")
        .join(topics, "contact_id", "left")
        .withColumn("hour", F.date_trunc("hour", "started_at"))
    )
