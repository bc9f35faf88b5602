"""What each customer came for, one text a contact and the turns it is made of, from the turns in the lake."""

from __future__ import annotations

import pandas as pd
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from analytics.settings import Settings
from analytics.topics.documents import contact_matters
from jobs.lake import Lake
from jobs.voice import customer_turns
from jobs.window import Window

_BUCKETS = 16
_SCHEMA = "day date, contact_id string, text string, turns array<long>, said array<string>"
_PARTS = 10_000


def customer_documents(
    spark: SparkSession, lake: Lake, settings: Settings, window: Window, *, share: float = 1.0
) -> DataFrame:
    """Return day, contact_id, text, turns and said: what each customer came for; see `contact_matters`.

    With a `share` below 1 only those contacts are read whose hash falls into it: the same ones on every run.
    """
    turns = customer_turns(spark, lake, settings, window).select("day", "contact_id", "turn", "text_simplified")
    if share < 1:
        turns = turns.where(F.pmod(F.xxhash64("contact_id"), F.lit(_PARTS)) < F.lit(int(share * _PARTS)))

    def documents(of_bucket: pd.DataFrame) -> pd.DataFrame:
        days = of_bucket.drop_duplicates("contact_id").set_index("contact_id")["day"]
        found = contact_matters(of_bucket.drop(columns="day"))
        return found.assign(day=found["contact_id"].map(days))[["day", "contact_id", "text", "turns", "said"]]

    bucket = F.pmod(F.hash("contact_id"), F.lit(_BUCKETS))
    return turns.groupBy(bucket).applyInPandas(documents, _SCHEMA)
