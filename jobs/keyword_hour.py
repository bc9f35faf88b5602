"""keyword_hour: token, word → keyword_hour, the contacts of each hour and channel whose customer said a keyword.

Keywords are the words that carry meaning (no stop words, no single characters or bare numbers) and the terms that
`discover` found, counted whole from the day they were found on.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator

import pandas as pd
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from analytics.settings import Settings
from analytics.text.lexicons import load_stop_words
from analytics.text.phrases import Phrases, index_phrases, merge_words
from jobs.lake import Lake
from jobs.run_log import Counts
from jobs.stage import main
from jobs.window import Window

MIN_KEYWORD_CHARS = 2


def run(spark: SparkSession, lake: Lake, settings: Settings, window: Window, counts: Counts) -> None:
    """Count the keywords of `window`; replace its days of keyword_hour."""
    said = contact_keywords(spark, lake, window, settings.spikes.history_days)
    by_hour = said.groupBy("day", "hour", "keyword", "channel").agg(F.count(F.lit(1)).alias("n_contacts"))
    counts.rows_out = lake.replace(by_hour, "keyword_hour", window)


def contact_keywords(spark: SparkSession, lake: Lake, window: Window, history_days: int) -> DataFrame:
    """Return day, hour (UTC), channel, contact_id, keyword; one row a dated contact and keyword of it."""
    phrases = _phrases_by_day(spark, lake, window, history_days)
    stop_words = load_stop_words()

    def keywords(batches: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        for batch in batches:
            merged = [
                sorted(_keywords(merge_words(list(tokens), phrases.get(day, {})), stop_words))
                for day, tokens in zip(batch["day"], batch["tokens"], strict=True)
            ]
            yield pd.DataFrame({"contact_id": batch["contact_id"], "keywords": merged})

    tokens = lake.read(spark, "token", window).select("day", "contact_id", "tokens")
    said = tokens.mapInPandas(keywords, "contact_id string, keywords array<string>")
    pairs = said.select("contact_id", F.explode("keywords").alias("keyword")).distinct()
    contacts = lake.read(spark, "contact", window).where("started_at is not null")
    hours = contacts.select("day", F.date_trunc("hour", "started_at").alias("hour"), "channel", "contact_id")
    return pairs.join(hours, "contact_id").select("day", "hour", "channel", "contact_id", "keyword")


def _keywords(tokens: list[str], stop_words: frozenset[str]) -> set[str]:
    return {
        token
        for token in tokens
        if len(token) >= MIN_KEYWORD_CHARS and token not in stop_words and not token.replace(".", "").isdecimal()
    }


def _phrases_by_day(spark: SparkSession, lake: Lake, window: Window, history_days: int) -> dict[dt.date, Phrases]:
    """Return for each day the terms found on it or in the `history_days` before it."""
    found = lake.read(spark, "word", window.before(history_days)).select("day", "parts").toPandas()
    if found.empty:
        return {}
    by_day = {}
    for day in window.days:
        age = (pd.Timestamp(day) - pd.to_datetime(found["day"])).dt.days
        by_day[day] = index_phrases(found.loc[(age >= 0) & (age <= history_days), "parts"])
    return by_day


if __name__ == "__main__":
    sys.exit(main(job="keyword_hour"))
