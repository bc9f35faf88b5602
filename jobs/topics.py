"""topics: customer turns → contact_topic, topic, topic_event, topic_day.

Where there is no model yet one is fitted on the driver, on a sample of the window. Workers only load it and multiply.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Hashable, Iterator, Mapping
from functools import cache
from pathlib import Path

import pandas as pd
from pyspark import SparkFiles
from pyspark.sql import DataFrame, SparkSession

from analytics.settings import Settings
from analytics.topics.model import TopicModel
from analytics.topics.taxonomy import Taxonomy, load_taxonomy
from jobs.lake import Lake, spark_schema
from jobs.run_log import Counts
from jobs.stage import main
from jobs.topic_decisions import decided_inputs, decided_of
from jobs.topic_documents import customer_documents
from jobs.topic_models import current_model, fit_model
from jobs.topic_tables import describe
from jobs.window import Window


def run(spark: SparkSession, lake: Lake, settings: Settings, window: Window, counts: Counts) -> None:
    """Assign the contacts of `window`; replace its days of contact_topic and topic_day, and the topics as a whole."""
    documents = customer_documents(spark, lake, settings, window).persist()
    try:
        model = current_model(settings.models) or fit_model(documents, settings)
        counts.inputs = {"model": model.name, **inputs(settings)}
        usual = decided_of(settings).usual_touchpoints
        counts.rows_out = lake.replace(_assigned(spark, documents, model, usual), "contact_topic", window)
    finally:
        documents.unpersist()
    counts.rows_in = counts.rows_out
    describe(spark, lake, settings, window, TopicModel.load(model))


def inputs(settings: Settings) -> dict[str, str]:
    """Return what the job would use now: the hashes of merges and touchpoints that people decided.

    The model is not among them: after a refit `retrain` assigns the days it learnt from again, and older ones stay.
    """
    return decided_inputs(settings)


def _assigned(spark: SparkSession, documents: DataFrame, model: Path, decided: Mapping[str, str]) -> DataFrame:
    spark.sparkContext.addFile(str(model), recursive=True)
    return documents.mapInPandas(_assigner(model.name, load_taxonomy(), decided), spark_schema("contact_topic"))


def _assigner(
    name: str, taxonomy: Taxonomy, decided: Mapping[str, str]
) -> Callable[[Iterator[pd.DataFrame]], Iterator[pd.DataFrame]]:
    """Return what workers do; `decided` has the touchpoints that people gave to topics."""

    def assign(batches: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        model = _model(name)
        usual: dict[Hashable, str | None] = model.topics.set_index("topic_id")["touchpoint"].to_dict()
        usual.update(decided)
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


if __name__ == "__main__":
    sys.exit(main(job="topics"))
