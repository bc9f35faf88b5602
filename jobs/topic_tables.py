"""The tables of topics that are made from all days: topic, topic_event and topic_day."""

from __future__ import annotations

import pandas as pd
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import Window as Rows
from pyspark.sql import functions as F

from analytics.settings import Settings
from analytics.topics.decided import lent
from analytics.topics.history import Before, records, topic_history
from analytics.topics.model import TopicModel
from analytics.topics.share import topic_day
from jobs.contacts import understood_contacts
from jobs.frames import to_arrow
from jobs.lake import Lake
from jobs.topic_decisions import all_decisions
from jobs.window import Window

_SHOWN_BY_CONTACTS = ("born", "revived")
_N_CONTACTS = 5


def describe(spark: SparkSession, lake: Lake, settings: Settings, window: Window, model: TopicModel) -> None:
    """Write topic and topic_event from all days there are and what was told before, and topic_day for the window.

    Both tables say what model and data say; what people decided is put over them when they are published or read.
    """
    assigned = lake.read(spark, "contact_topic").where("topic_id is not null")
    daily = assigned.groupBy("day", "topic_id").agg(F.count(F.lit(1)).alias("n_contacts")).toPandas()
    topic, event = topic_history(
        daily,
        model.topics,
        model.lineage,
        retired=model.retired,
        before=_before(spark, lake, settings),
        provisional_days=settings.topics.provisional_days,
    )
    for name, rows in (("topic", topic), ("topic_event", _with_contacts(assigned, event))):
        lake.replace_arrow(spark, to_arrow(rows, name), name)
    if not window.undated:
        shares = topic_day(_cells(understood_contacts(spark, lake, settings, window)).toPandas())
        lake.replace_arrow(spark, to_arrow(shares, "topic_day"), "topic_day", window)


def _before(spark: SparkSession, lake: Lake, settings: Settings) -> Before:
    topic, event = (lake.read(spark, name).toPandas() for name in ("topic", "topic_event"))
    return Before(topic=topic, topic_event=event, lent=lent(all_decisions(settings), settings.timezone))


def _with_contacts(assigned: DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """Name the likest contacts of the day for births and returns that name none yet; most runs have no new ones."""
    bare = events["contact_ids"].map(len) == 0
    new = events[events["event"].isin(_SHOWN_BY_CONTACTS) & bare]
    if new.empty:
        return events
    of_days = assigned.where(F.col("day").isin(sorted(set(new["day"]))) & F.col("topic_id").isin(*set(new["topic_id"])))
    by_likeness = Rows.partitionBy("day", "topic_id").orderBy(F.desc("topic_similarity"), "contact_id")
    first = of_days.withColumn("place", F.row_number().over(by_likeness)).where(F.col("place") <= _N_CONTACTS)
    found = first.orderBy("day", "topic_id", "place").select("day", "topic_id", "contact_id").toPandas()
    ids = found.groupby(["day", "topic_id"])["contact_id"].agg(list).to_dict() if len(found) else {}
    named = [
        ids.get((event["day"], event["topic_id"]), []) if place in new.index else list(event["contact_ids"])
        for place, event in zip(events.index, records(events), strict=True)
    ]
    return events.assign(contact_ids=pd.Series(named, index=events.index, dtype=object))


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
