"""topics: customer turns → contact_topic, topic_segment, topic, topic_event, topic_day.

Where there is no model yet one is fitted on the driver, on a sample of the window. Workers only load it and multiply.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import ArrayType, StructField, StructType

from analytics.settings import Settings
from analytics.topics.embedders import EncoderPlace
from analytics.topics.model import TopicModel
from analytics.topics.openings import Openings
from analytics.topics.segments import assign_matters
from analytics.topics.taxonomy import Taxonomy, load_taxonomy
from jobs.lake import Lake, spark_schema
from jobs.run_log import Counts
from jobs.shipping import Shipped, ship
from jobs.stage import main
from jobs.topic_decisions import decided_inputs, decided_of
from jobs.topic_documents import customer_documents
from jobs.topic_emerging import with_emerging
from jobs.topic_given import as_given, given_topics
from jobs.topic_models import current_model, encoder_place, fit_model, load_model
from jobs.topic_tables import describe
from jobs.window import Window


def run(
    spark: SparkSession, lake: Lake, settings: Settings, window: Window, counts: Counts, *, watch: bool = True
) -> None:
    """Assign the contacts of `window`; replace its days of three tables, and the topics as a whole.

    Where there is a model already, the days are watched for new matters first; `watch` off leaves that out.
    """
    documents = customer_documents(spark, lake, settings, window).persist()
    try:
        known = current_model(settings.models)
        if known is None:
            model = fit_model(documents, settings)
        else:
            model = with_emerging(spark, lake, settings, window, known) if watch else known
        counts.inputs = {"model": model.name, **inputs(settings)}
        assigned = _assigned(spark, documents, model, settings).persist()
        try:
            counts.rows_out = lake.replace(assigned.drop("matters"), "contact_topic", window)
            lake.replace(_segments(assigned), "topic_segment", window)
        finally:
            assigned.unpersist()
    finally:
        documents.unpersist()
    counts.rows_in = counts.rows_out
    describe(spark, lake, settings, window, load_model(model, settings))


def inputs(settings: Settings) -> dict[str, str]:
    """Return what the job would use now: the hashes of merges and touchpoints that people decided.

    The model is not among them: after a refit `retrain` assigns the days it learnt from again, and older ones stay.
    """
    return decided_inputs(settings)


@dataclass(frozen=True)
class _Work:
    """What workers need beside the contacts: touchpoints people gave to topics, and topics they gave to contacts."""

    model: Shipped
    encoder: Shipped | None
    cache: Path | None
    max_segments: int
    taxonomy: Taxonomy
    decided: Mapping[str, str]
    given: Mapping[str, str]


def _assigned(spark: SparkSession, documents: DataFrame, model: Path, settings: Settings) -> DataFrame:
    """Return contact_topic, with the rows of topic_segment inside it."""
    place, sent = encoder_place(settings), ship(spark, model)
    encoder = ship(spark, place.path) if place.path else None
    # Vectors that were computed before lie where the driver is; other machines compute theirs.
    kept = place.cache if sent.where else None
    decided = decided_of(settings).usual_touchpoints
    work = _Work(sent, encoder, kept, settings.topics.max_segments, load_taxonomy(), decided,
                 given_topics(settings))  # fmt: skip
    columns = [*spark_schema("contact_topic").fields, StructField("matters", ArrayType(_matter()))]
    return documents.mapInPandas(_assigner(work), StructType(columns))


def _matter() -> StructType:
    of_contact = ("day", "contact_id")
    return StructType([field for field in spark_schema("topic_segment").fields if field.name not in of_contact])


def _segments(assigned: DataFrame) -> DataFrame:
    return assigned.select("day", "contact_id", F.explode("matters").alias("matter")).select(
        "day", "contact_id", "matter.*"
    )


def _assigner(work: _Work) -> Callable[[Iterator[pd.DataFrame]], Iterator[pd.DataFrame]]:
    names = _matter().fieldNames()

    def assign(batches: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        model, openings = _model(work.model, work.encoder, work.cache)
        usual: dict[Hashable, str | None] = model.topics.set_index("topic_id")["touchpoint"].to_dict()
        usual.update(work.decided)
        for batch in batches:
            found, segments = assign_matters(model, openings, batch, max_segments=work.max_segments)
            matters: dict[str, list[dict[Hashable, Any]]] = {
                str(contact): rows[names].to_dict("records") for contact, rows in segments.groupby("contact_id")
            }
            contacts = [str(contact) for contact in batch["contact_id"]]
            topics, matters = as_given(contacts, found["topic_id"].tolist(), matters, work.given)
            # What the customer says decides; where that is too weak, what is usual in the topic.
            told = [
                own if own is not None else usual.get(topic)
                for own, topic in zip(work.taxonomy.touchpoints_of(found["text"].tolist()), topics, strict=True)
            ]
            yield pd.DataFrame(
                {
                    "day": batch["day"].to_numpy(),
                    "contact_id": batch["contact_id"].to_numpy(),
                    "topic_id": pd.Series(topics, dtype=object),
                    "topic_similarity": found["topic_similarity"].astype("float64").to_numpy(),
                    "touchpoint": pd.Series(told, dtype=object),
                    "matters": pd.Series([matters.get(contact, []) for contact in batch["contact_id"]], dtype=object),
                }
            )

    return assign


@cache
def _model(model: Shipped, encoder: Shipped | None, cache: Path | None) -> tuple[TopicModel, Openings]:
    """Load once in each worker; the model's files came with the job."""
    folder, place = model.folder(), EncoderPlace(encoder.folder() if encoder else None, cache)
    return TopicModel.load(folder, place), Openings.load(folder)


if __name__ == "__main__":
    sys.exit(main(job="topics"))
