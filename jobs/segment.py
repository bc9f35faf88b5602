"""segment: utterance → token. Customers' own turns only, with the user words shipped to every worker."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import cache
from importlib.metadata import version
from typing import Literal

import pyarrow as pa
from pyspark.sql import DataFrame, Observation, SparkSession
from pyspark.sql import functions as F

from analytics.errors import ConfigError
from analytics.schema import TABLES
from analytics.settings import Settings
from analytics.text.dictionary import UserWord, dictionary_hash
from analytics.text.lexicons import Lexicons, load_lexicons
from analytics.text.segment import Segmenter, make_segmenter
from analytics.text.speech import drop_fillers
from jobs.frames import distinct_texts, in_groups
from jobs.lake import Lake, spark_schema
from jobs.run_log import Counts
from jobs.stage import main
from jobs.voice import customer_turns
from jobs.window import Window

Library = Literal["rjieba", "jieba"]
_KEPT = ("day", "contact_id", "turn")


def run(spark: SparkSession, lake: Lake, settings: Settings, window: Window, counts: Counts) -> None:
    """Cut the customer turns of `window` into words; replace its days of token."""
    words = user_words(settings)
    counts.inputs = inputs(settings)
    turns = customer_turns(spark, lake, settings, window).select("day", "contact_id", "turn", "text_simplified")
    tokens, used = observed(turns, cutter(settings.text.segmenter, words))
    counts.rows_out = lake.replace(tokens, "token", window)
    counts.rows_in = counts.rows_out
    check_dictionary(used, dictionary_hash(words), counts.rows_out)


def inputs(settings: Settings) -> dict[str, str]:
    """Return what the tokens depend on besides the turns: the library and the dictionary, as table `run` has them."""
    name = settings.text.segmenter
    return {"segmenter": f"{name} {version(name)}", "dictionary": dictionary_hash(user_words(settings))}


def site_lexicons(settings: Settings) -> Lexicons:
    """Return the project's lists with the site's own on top."""
    return load_lexicons(settings.lexicons, settings.text.user_words)


def user_words(settings: Settings) -> tuple[UserWord, ...]:
    """Return the project's words to be kept whole, and the site's own."""
    return site_lexicons(settings).words


Cut = Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]


def cutter(name: Library, words: tuple[UserWord, ...]) -> Cut:
    """Return the function that workers run; the words travel inside it, so a worker cannot have others."""
    types = [TABLES["token"].arrow().field(column).type for column in ("tokens", "breaks")]

    def cut(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        segmenter = _segmenter(name, words)
        for rows in in_groups(batches):
            # A text that comes twice is cut once.
            texts, codes = distinct_texts(rows, "text_simplified")
            found = [segmenter.cut_clauses(drop_fillers(text)) for text in texts]
            of_text = zip(*found, strict=True) if found else ((), ())
            lists = [pa.array(column, type_).take(codes) for column, type_ in zip(of_text, types, strict=True)]
            dictionary = pa.repeat(segmenter.dictionary, rows.num_rows)
            columns = [*(rows[column] for column in _KEPT), *lists, dictionary]
            yield from pa.table(columns, names=[*_KEPT, "tokens", "breaks", "dictionary"]).to_batches()

    return cut


def observed(turns: DataFrame, cut: Cut) -> tuple[DataFrame, Observation]:
    """Return the tokens, and what will know, once they are written, which dictionaries they were cut with."""
    used = Observation("dictionaries")
    tokens = turns.mapInArrow(cut, spark_schema("token").add("dictionary", "string"))
    return tokens.observe(used, F.min("dictionary").alias("first"), F.max("dictionary").alias("last")), used


def check_dictionary(used: Observation, expected: str, n_rows: int) -> None:
    """Raise `ConfigError` if a worker cut with another dictionary than the driver's; the run is then `failed`."""
    reported = {used.get["first"], used.get["last"]} if n_rows else {expected}
    if reported != {expected}:
        raise ConfigError(
            f"segment: expected all words cut with dictionary {expected}, workers used {', '.join(map(str, reported))};"
            " install the same Kesheng and the same segmenter on every machine of the cluster and run the day again"
        )


@cache
def _segmenter(name: Library, words: tuple[UserWord, ...]) -> Segmenter:
    """Make one for each worker process."""
    return make_segmenter(name, words)


if __name__ == "__main__":
    sys.exit(main(job="segment"))
