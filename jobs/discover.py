"""discover: token → word, the terms that nobody had before and that the segmenter cuts to pieces."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable

import pandas as pd
from pyspark.sql import SparkSession

from analytics.settings import Settings
from analytics.text.discover import candidate_words, keep_new
from analytics.text.lexicons import load_stop_words
from analytics.text.phrases import count_phrase_contacts, index_phrases
from jobs.frames import no_rows, to_arrow
from jobs.lake import Lake
from jobs.run_log import Counts
from jobs.stage import main
from jobs.window import Window

MIN_HISTORY_DAYS = 7
"""With fewer days before it, every phrase of a day looks new."""


def run(spark: SparkSession, lake: Lake, settings: Settings, window: Window, counts: Counts) -> None:
    """Find the new words of each day of `window`; replace its days of word."""
    found = no_rows("word") if window.undated else _found(spark, lake, settings.spikes.history_days, window)
    counts.rows_out = lake.replace_arrow(spark, to_arrow(found, "word"), "word", window)


def _found(spark: SparkSession, lake: Lake, history_days: int, window: Window) -> pd.DataFrame:
    turns = lake.read(spark, "token", window)
    schema = "day date, word string, parts array<string>, n_contacts long, cohesion double, freedom double"
    candidates = turns.groupBy("day").applyInPandas(_candidates, schema).toPandas()
    if candidates.empty:
        return no_rows("word")
    phrases = sorted({tuple(parts) for parts in candidates["parts"]})
    days = lake.read(spark, "token", window.before(history_days)).groupBy("day")
    usual = days.applyInPandas(_counter(phrases), "day date, word string, n_contacts long").toPandas()
    new = [_new(day, of_day, usual, history_days) for day, of_day in candidates.groupby("day")]
    return pd.concat([words for words in new if len(words)] or [no_rows("word")], ignore_index=True)


def _candidates(turns: pd.DataFrame) -> pd.DataFrame:
    found = candidate_words(turns["tokens"], turns["contact_id"], stop_words=load_stop_words())
    return found.assign(day=turns["day"].iloc[0])[["day", "word", "parts", "n_contacts", "cohesion", "freedom"]]


def _counter(phrases: list[tuple[str, ...]]) -> Callable[[pd.DataFrame], pd.DataFrame]:
    def count(turns: pd.DataFrame) -> pd.DataFrame:
        said = count_phrase_contacts(map(list, turns["tokens"]), turns["contact_id"], index_phrases(phrases))
        # A row for the day itself, whatever is said on it: days are what the usual count is divided by.
        rows = [("", 0), *said.items()]
        return pd.DataFrame(rows, columns=["word", "n_contacts"]).assign(day=turns["day"].iloc[0])[
            ["day", "word", "n_contacts"]
        ]

    return count


def _new(day: dt.date, candidates: pd.DataFrame, counted: pd.DataFrame, history_days: int) -> pd.DataFrame:
    age = (pd.Timestamp(day) - pd.to_datetime(counted["day"])).dt.days
    before = counted[(age > 0) & (age <= history_days)]
    n_days = before["day"].nunique()
    if n_days < MIN_HISTORY_DAYS:
        return no_rows("word")
    usual = before.groupby("word")["n_contacts"].sum() / n_days
    known = dict(zip(map(str, usual.index), usual, strict=True))
    new = keep_new(candidates.drop(columns="day"), known)
    return new.assign(day=day, usual=new["word"].map(known).fillna(0.0), p_value=None)


if __name__ == "__main__":
    sys.exit(main(job="discover"))
