"""keyword_hour: token, word → keyword_hour, the contacts of each hour and channel whose customer said a keyword.

Keywords are the words that carry meaning (no stop words, no single characters, bare numbers or insults) and the terms
that `discover` found, counted whole from the day they were found on. Words that say the same are counted as one.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator

import pandas as pd
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from analytics.settings import Settings
from analytics.text.lexicons import Lexicons
from analytics.text.phrases import Phrases, index_phrases, merge_words
from jobs.lake import Lake
from jobs.run_log import Counts
from jobs.segment import site_lexicons
from jobs.stage import main
from jobs.window import Window

MIN_KEYWORD_CHARS = 2


def run(spark: SparkSession, lake: Lake, settings: Settings, window: Window, counts: Counts) -> None:
    """Count the keywords of `window`; replace its days of keyword_hour."""
    counts.inputs = inputs(settings)
    said = contact_keywords(spark, lake, settings, window)
    by_hour = said.groupBy("day", "hour", "keyword", "channel").agg(F.count(F.lit(1)).alias("n_contacts"))
    counts.rows_out = lake.replace(by_hour, "keyword_hour", window)


def inputs(settings: Settings) -> dict[str, str]:
    """Return what keywords depend on besides the tokens, as table `run` has it."""
    return {"keyword lists": site_lexicons(settings).keywords_hash}


def contact_keywords(spark: SparkSession, lake: Lake, settings: Settings, window: Window) -> DataFrame:
    """Return day, hour (UTC), channel, contact_id, keyword; one row a dated contact and keyword of it."""
    phrases = _phrases_by_day(spark, lake, window, settings.spikes.history_days)
    lexicons = site_lexicons(settings)
    variants = synonym_phrases(lexicons)

    def keywords(batches: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        for batch in batches:
            found = [
                sorted(keywords_of(merge_words(list(tokens), phrases.get(day, {}), breaks), lexicons, variants))
                for day, tokens, breaks in zip(batch["day"], batch["tokens"], batch["breaks"], strict=True)
            ]
            yield pd.DataFrame({"contact_id": batch["contact_id"], "keywords": found})

    tokens = lake.read(spark, "token", window).select("day", "contact_id", "tokens", "breaks")
    said = tokens.mapInPandas(keywords, "contact_id string, keywords array<string>")
    pairs = said.select("contact_id", F.explode("keywords").alias("keyword")).distinct()
    contacts = lake.read(spark, "contact", window).where("started_at is not null")
    hours = contacts.select("day", F.date_trunc("hour", "started_at").alias("hour"), "channel", "contact_id")
    return pairs.join(hours, "contact_id").select("day", "hour", "channel", "contact_id", "keyword")


def keywords_of(tokens: list[str], lexicons: Lexicons, variants: Phrases) -> set[str]:
    """Return the keywords of one turn, each under the word that it is counted as.

    Parameters
    ----------
    tokens : list of str
        Of one turn, found terms joined.
    lexicons : Lexicons
        Stop words, synonyms and sensitive words.
    variants : Phrases
        Of `synonym_phrases`; the parts of a variant of several tokens are counted as well.
    """
    merged = merge_words(tokens, variants) if variants else []
    said = {lexicons.canonical(token) for token in (*tokens, *merged)}
    return {
        word
        for word in said
        if len(word) >= MIN_KEYWORD_CHARS
        and word not in lexicons.stop_words
        and any(map(str.isalpha, word))
        and not lexicons.is_sensitive(word)
    }


def synonym_phrases(lexicons: Lexicons) -> Phrases:
    """Return the variants as `merge_words` reads them: however a sentence cuts 快递丢了, it is one variant."""
    return index_phrases((variant[0], variant[1:]) for variant in sorted(lexicons.synonyms) if len(variant) > 1)


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
