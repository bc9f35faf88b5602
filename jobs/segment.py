"""segment: utterance → token. Customers' own turns only, with the user words shipped to every worker."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cache
from typing import Literal

import pandas as pd
from pyspark.sql import SparkSession

from analytics.settings import DATA, Settings
from analytics.text.dictionary import UserWord, dictionary_hash, load_words
from analytics.text.segment import Segmenter, make_segmenter
from jobs.lake import Lake, spark_schema
from jobs.run_log import Counts
from jobs.stage import main
from jobs.voice import customer_turns
from jobs.window import Window

PROJECT_WORDS = DATA / "lexicons" / "words.txt"


def run(spark: SparkSession, lake: Lake, settings: Settings, window: Window, counts: Counts) -> None:
    """Cut the customer turns of `window` into words; replace its days of token."""
    words = user_words(settings)
    counts.inputs = {"segmenter": settings.text.segmenter, "dictionary": dictionary_hash(words)}
    name = settings.text.segmenter

    def cut(batches: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        # The words travel inside this function, so a worker cannot have others than the driver.
        segmenter = _segmenter(name, words)
        for batch in batches:
            texts = batch["text_simplified"].fillna("")
            cut_texts = [segmenter.cut_clauses(text) for text in texts]
            yield batch[["day", "contact_id", "turn"]].assign(
                tokens=[words for words, _ in cut_texts], breaks=[breaks for _, breaks in cut_texts]
            )

    turns = customer_turns(spark, lake, settings, window)
    tokens = turns.select("day", "contact_id", "turn", "text_simplified").mapInPandas(cut, spark_schema("token"))
    counts.rows_out = lake.replace(tokens, "token", window)
    counts.rows_in = counts.rows_out


def user_words(settings: Settings) -> tuple[UserWord, ...]:
    """Return the project's user words followed by the site's own."""
    return load_words([PROJECT_WORDS, *settings.text.user_words])


@cache
def _segmenter(name: Literal["rjieba", "jieba"], words: tuple[UserWord, ...]) -> Segmenter:
    """Make one for each worker process."""
    return make_segmenter(name, words)


if __name__ == "__main__":
    sys.exit(main(job="segment"))
