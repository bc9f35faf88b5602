"""topics: customer turns → contact_topic, topic, topic_event, topic_day.

Where there is no model yet one is fitted on the driver, on a sample of the window. Workers only load it and multiply.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pandas as pd
from pyspark import SparkFiles
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from analytics.settings import Settings
from analytics.topics.documents import contact_documents
from analytics.topics.history import topic_history
from analytics.topics.model import TopicModel
from analytics.topics.share import topic_day
from analytics.topics.taxonomy import Taxonomy, load_taxonomy
from jobs.contacts import understood_contacts
from jobs.frames import to_arrow
from jobs.lake import Lake, spark_schema
from jobs.run_log import Counts
from jobs.stage import main
from jobs.topic_models import current_model, fit_model
from jobs.voice import customer_turns
from jobs.window import Window

_BUCKETS = 16


def run(spark: SparkSession, lake: Lake, settings: Settings, window: Window, counts: Counts) -> None:
    """Assign the contacts of `window`; replace its days of contact_topic and topic_day, and the topics as a whole."""
    documents = customer_documents(spark, lake, settings, window).persist()
    try:
        model = current_model(settings.models) or fit_model(documents, settings)
        counts.inputs = {"model": model.name}
        counts.rows_out = lake.replace(_assigned(spark, documents, model), "contact_topic", window)
    finally:
        documents.unpersist()
    counts.rows_in = counts.rows_out
    _describe(spark, lake, settings, window, TopicModel.load(model))


def customer_documents(spark: SparkSession, lake: Lake, settings: Settings, window: Window) -> DataFrame:
    """Return day, contact_id, text: what each customer came for, without greetings."""
    turns = customer_turns(spark, lake, settings, window).select("day", "contact_id", "turn", "text_simplified")

    def documents(of_bucket: pd.DataFrame) -> pd.DataFrame:
        days = of_bucket.drop_duplicates("contact_id").set_index("contact_id")["day"]
        found = contact_documents(of_bucket.drop(columns="day"))
        return found.assign(day=found["contact_id"].map(days))[["day", "contact_id", "text"]]

    bucket = F.pmod(F.hash("contact_id"), F.lit(_BUCKETS))
    return turns.groupBy(bucket).applyInPandas(documents, "day date, contact_id string, text string")


def _assigned(spark: SparkSession, documents: DataFrame, model: Path) -> DataFrame:
    spark.sparkContext.addFile(str(model), recursive=True)
    return documents.mapInPandas(_assigner(model.name, load_taxonomy()), spark_schema("contact_topic"))


def _assigner(name: str, taxonomy: Taxonomy) -> Callable[[Iterator[pd.DataFrame]], Iterator[pd.DataFrame]]:
    def assign(batches: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        model = _model(name)
        usual = model.topics.set_index("topic_id")["touchpoint"].to_dict()
        for batch in batches:
            texts = batch["text"].tolist()
            found = model.assign(texts)
            # What the customer says decides; where that is too weak, what is usual in the topic.
            told = [
                own if own is not None else usual.get(topic)
                for own, topic in zip(taxonomy.touchpoints_of(texts), found["topic_id"], strict=True)
            ]
            yield pd.DataFrame(
                {
                    "day": batch["day"].to_numpy(),
                    "contact_id": batch["contact_id"].to_numpy(),
                    "topic_id": found["topic_id"].to_numpy(),
                    "topic_similarity": found["topic_similarity"].astype("float64").to_numpy(),
                    "touchpoint": pd.Series(told, dtype=object),
                }
            )

    return assign


@cache
def _model(name: str) -> TopicModel:
    """Load once in each worker; the model's files came with the job."""
    return TopicModel.load(Path(SparkFiles.get(name)))


def _describe(spark: SparkSession, lake: Lake, settings: Settings, window: Window, model: TopicModel) -> None:
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


if __name__ == "__main__":
    sys.exit(main(job="topics"))
