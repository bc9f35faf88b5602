"""sentiment: utterance → turn_mood, contact_mood. Customer turns only; a text that comes twice is scored once."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pandas as pd
from pyspark import SparkFiles
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from analytics.schema import TABLES
from analytics.sentiment.contact_mood import contact_mood
from analytics.sentiment.courtesy import n_told
from analytics.sentiment.installed import installed_model
from analytics.sentiment.linear import load_linear
from analytics.sentiment.mood import label_of, score_of
from analytics.sentiment.scorer import Scorer
from analytics.sentiment.snownlp_scorer import SnowScorer
from analytics.settings import Settings
from jobs.lake import Lake, spark_schema
from jobs.run_log import Counts
from jobs.stage import main
from jobs.voice import customer_turns
from jobs.window import Window

_BUCKETS = 16
"""Contacts are dealt to this many groups, each one call of the pure function: one group a contact would be slow."""


def run(spark: SparkSession, lake: Lake, settings: Settings, window: Window, counts: Counts) -> None:
    """Score the customer turns of `window`; replace its days of turn_mood and contact_mood."""
    model = _model(settings)
    counts.inputs = inputs(settings)
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
    model = _model(settings)
    return {"scorer": settings.sentiment.scorer, "model": model.name if model else ""}


def _model(settings: Settings) -> Path | None:
    return installed_model(settings.models) if settings.sentiment.scorer == "linear" else None


def _scored(spark: SparkSession, turns: DataFrame, model: Path | None) -> DataFrame:
    """Score by the linear model of that folder; by SnowNLP where there is none."""
    if model is not None:
        spark.sparkContext.addFile(str(model), recursive=True)
    name = model.name if model is not None else None

    def score(batches: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        for batch in batches:
            codes, texts = pd.factorize(batch["text_simplified"].fillna(""))
            probabilities = _scorer(name).probabilities(list(texts))[codes]
            yield pd.DataFrame(
                {
                    "day": batch["day"],
                    "contact_id": batch["contact_id"],
                    "turn": batch["turn"],
                    "sentiment_score": score_of(probabilities),
                    "sentiment_label": label_of(probabilities),
                    "n_chars": batch["text_simplified"].str.len().fillna(0).astype("int64"),
                    "n_told": pd.Series([n_told(text) for text in texts], dtype="int64").to_numpy()[codes],
                }
            )

    schema = spark_schema("turn_mood").add("n_chars", "long").add("n_told", "long")
    read = turns.select("day", "contact_id", "turn", "text_simplified")
    scored: DataFrame = read.mapInPandas(score, schema)
    return scored


@cache
def _scorer(model: str | None) -> Scorer:
    """Load once in each worker; the model's files came with the job."""
    return load_linear(Path(SparkFiles.get(model))) if model else SnowScorer()


def _of_contacts(scored: DataFrame) -> DataFrame:
    def moods(turns: pd.DataFrame) -> pd.DataFrame:
        days = turns.drop_duplicates("contact_id").set_index("contact_id")["day"]
        found = contact_mood(turns)
        return found.assign(day=found["contact_id"].map(days))[TABLES["contact_mood"].arrow().names]

    bucket = F.pmod(F.hash("contact_id"), F.lit(_BUCKETS))
    of_contacts: DataFrame = scored.groupBy(bucket).applyInPandas(moods, spark_schema("contact_mood"))
    return of_contacts


if __name__ == "__main__":
    sys.exit(main(job="sentiment"))
