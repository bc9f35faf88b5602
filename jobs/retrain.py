"""retrain: fit the topics again on the last weeks, from those there are, and assign these weeks anew."""

from __future__ import annotations

import sys

from pyspark.sql import SparkSession

from analytics.settings import Settings
from jobs import topics
from jobs.lake import Lake
from jobs.run_log import Counts
from jobs.stage import main
from jobs.topic_documents import customer_documents
from jobs.topic_models import current_model, fit_model
from jobs.window import Window

LEARNT_DAYS = 28
"""Four whole weeks: every weekday counts alike, and a topic that ended a month ago does not shape the new ones."""


def run(spark: SparkSession, lake: Lake, settings: Settings, window: Window, counts: Counts) -> None:
    """Refit on `LEARNT_DAYS` up to the end of `window`; topics that persist keep their id and name."""
    learnt = window.before(max(LEARNT_DAYS - window.n_days, 0))
    documents = customer_documents(spark, lake, settings, learnt).persist()
    try:
        fit_model(documents, settings, current_model(settings.models))
    finally:
        documents.unpersist()
    topics.run(spark, lake, settings, learnt, counts, watch=False)


if __name__ == "__main__":
    sys.exit(main(job="retrain"))
