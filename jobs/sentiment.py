"""sentiment: utterance → turn_mood, contact_mood. Customer turns only; a text that comes twice is scored once."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession

from analytics.sentiment.contact_mood import contact_mood
from analytics.sentiment.courtesy import n_told
from analytics.sentiment.installed import installed_model
from analytics.sentiment.linear import load_linear
from analytics.sentiment.mood import label_of, score_of
from analytics.sentiment.scorer import Scorer
from analytics.sentiment.snownlp_scorer import SnowScorer
from analytics.settings import Settings
from jobs.frames import distinct_texts, in_groups, to_arrow
from jobs.lake import Lake, spark_schema
from jobs.run_log import Counts
from jobs.shipping import Shipped, ship
from jobs.stage import main
from jobs.voice import customer_turns
from jobs.window import Window


def run(spark: SparkSession, lake: Lake, settings: Settings, window: Window, counts: Counts) -> None:
    """Score the customer turns of `window`; replace its days of turn_mood and contact_mood."""
    model = _model(settings)
    counts.inputs = _inputs(settings, model)
    turns = customer_turns(spark, lake, settings, window, with_flagged=True)
    scored = _scored(spark, turns, model).persist()
    try:
        counts.rows_out = lake.replace(scored, "turn_mood", window)
        counts.rows_in = counts.rows_out
        lake.replace(_of_contacts(scored), "contact_mood", window)
    finally:
        scored.unpersist()


def inputs(settings: Settings) -> dict[str, str]:
    """Return what the job would score with now: the scorer, and the name of its model ('' for none)."""
    return _inputs(settings, _model(settings))


def _inputs(settings: Settings, model: Path | None) -> dict[str, str]:
    return {"scorer": settings.sentiment.scorer, "model": model.name if model else ""}


def _model(settings: Settings) -> Path | None:
    return installed_model(settings.models) if settings.sentiment.scorer == "linear" else None


def _scored(spark: SparkSession, turns: DataFrame, model: Path | None) -> DataFrame:
    """Score by the linear model of that folder; by SnowNLP where there is none. All turns of a contact lie together."""
    sent = ship(spark, model) if model is not None else None

    def score(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for rows in in_groups(batches):
            texts, codes = distinct_texts(rows, "text_simplified")
            probabilities = _scorer(sent).probabilities(texts)
            n_chars, told = (np.fromiter(map(count, texts), np.int64, len(texts)) for count in (len, n_told))
            of_text = (score_of(probabilities), label_of(probabilities), n_chars, told)
            found = (pa.array(values).take(codes) for values in of_text)
            kept = (rows[column] for column in ("day", "contact_id", "turn"))
            yield from pa.table([*kept, *found], names=names).to_batches()

    schema = spark_schema("turn_mood").add("n_chars", "long").add("n_told", "long")
    names = schema.fieldNames()
    read = turns.select("day", "contact_id", "turn", "text_simplified").repartition("contact_id")
    scored: DataFrame = read.mapInArrow(score, schema)
    return scored


@cache
def _scorer(model: Shipped | None) -> Scorer:
    """Load once in each worker; the model's files came with the job."""
    return load_linear(model.folder()) if model else SnowScorer()


def _of_contacts(scored: DataFrame) -> DataFrame:
    """Return contact_mood; each partition holds its contacts whole, so that nothing moves."""

    def moods(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        held = list(batches)
        if held:
            turns = pa.Table.from_batches(held).to_pandas(date_as_object=False)
            days = turns.drop_duplicates("contact_id").set_index("contact_id")["day"]
            found = contact_mood(turns)
            yield from to_arrow(found.assign(day=found["contact_id"].map(days)), "contact_mood").to_batches()

    of_contacts: DataFrame = scored.mapInArrow(moods, spark_schema("contact_mood"))
    return of_contacts


if __name__ == "__main__":
    sys.exit(main(job="sentiment"))
