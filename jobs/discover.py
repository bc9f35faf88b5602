"""discover: token → word, the terms that nobody had before and that the segmenter cuts to pieces.

Each worker counts its own contacts, Spark adds up, and only what is frequent or may be a new word comes to the driver:
a day of a million turns is no one worker's, and several days are one pass. Few turns are counted where the driver is,
by the same functions, since starting workers four times takes longer than counting them.
"""

from __future__ import annotations

import datetime as dt
import math
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import pandas as pd
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from analytics.settings import Settings
from analytics.text.dictionary import UserWord
from analytics.text.discover import InMemory, NgramSource, WithSample, discover_words
from analytics.text.ngrams import TOTAL, count_chains, count_given, count_pairs
from analytics.text.review import REJECTED, read_decisions, words_of
from analytics.text.units import SEPARATOR, UnitStream, unit_cutter, unit_stream
from jobs.frames import no_rows, to_arrow
from jobs.lake import Lake
from jobs.run_log import Counts
from jobs.segment import site_lexicons
from jobs.stage import main
from jobs.window import Window

TURNS_A_PART = 100_000
"""Turns that a worker holds at a time: about 100 MB with their counts."""
FEW_TURNS = 250_000
"""Up to so many turns, history included, the driver counts by itself: about 2 s and 200 MB."""
HISTORY_CONTACTS_A_DAY = 2_000
HISTORY_SHARE = 1 / 7
"""What is usual is learnt from all contacts of a day up to so many, and of a larger day from at least this share of
them: four days' worth out of 28. A word that nobody had and eight say today is new by that as well."""


def run(spark: SparkSession, lake: Lake, settings: Settings, window: Window, counts: Counts) -> None:
    """Find the new words of each day of `window`; replace its days of word."""
    found = no_rows("word") if window.undated else _found(spark, lake, settings, window)
    counts.rows_out = lake.replace_arrow(spark, to_arrow(found, "word"), "word", window)


def _found(spark: SparkSession, lake: Lake, settings: Settings, window: Window) -> pd.DataFrame:
    history_days = settings.spikes.history_days
    reach, lexicons = window.before(history_days), site_lexicons(settings)
    tokens = lake.read(spark, "token", reach)
    shares = history_shares(lake.read(spark, "contact", reach))
    with ExitStack() as stack:

        def held(chosen: DataFrame) -> NgramSource:
            # Strings travel to Python ten times as fast as lists.
            lists = [F.array_join(F.col(name), SEPARATOR).alias(name) for name in ("tokens", "breaks")]
            turns = chosen.select("day", "contact_id", *lists)
            return stack.enter_context(source_of(turns, chosen.count(), lexicons.words))

        inside = F.col("day").between(F.lit(window.first), F.lit(window.last))
        source = held(tokens.where(inside) if shares else tokens)
        return discover_words(
            WithSample(source, held(sampled(tokens, shares))) if shares else source,
            [day for day in sorted(source.contacts()) if window.first <= day <= window.last],
            history_days=history_days,
            stop_words=lexicons.stop_words,
            rejected=words_of(read_decisions(settings.lexicons), REJECTED),
        )


def history_shares(contacts: DataFrame) -> dict[dt.date, float]:
    """Return the share of the contacts of each day that tells what is usual; empty where it is all of every day."""
    shares = {row["day"]: history_share(row["count"]) for row in contacts.groupBy("day").count().collect()}
    return shares if min(shares.values(), default=1.0) < 1 else {}


def history_share(n_contacts: int) -> float:
    """Return the share of a day's contacts that tells what is usual.

    Examples
    --------
    >>> history_share(600), history_share(4_000), history_share(1_200_000) == HISTORY_SHARE
    (1.0, 0.5, True)
    """
    return min(1.0, max(HISTORY_SHARE, HISTORY_CONTACTS_A_DAY / n_contacts))


def sampled(turns: DataFrame, shares: Mapping[dt.date, float]) -> DataFrame:
    """Return the turns of so many of each day's contacts: those with the smallest hashes, the same on every run."""
    most = F.create_map(*(F.lit(part) for day in sorted(shares) for part in (day, int(shares[day] * _PARTS))))
    return turns.where(F.pmod(F.xxhash64("contact_id"), F.lit(_PARTS)) < F.coalesce(most[F.col("day")], F.lit(_PARTS)))


_PARTS = 10_000


@contextmanager
def source_of(
    turns: DataFrame, n_turns: int, words: tuple[UserWord, ...], *, few_turns: int = FEW_TURNS
) -> Iterator[NgramSource]:
    """Yield the counts of turns: in memory for up to `few_turns`, else over the workers.

    Parameters
    ----------
    turns : DataFrame[day, contact_id, tokens, breaks]
        `tokens` and `breaks` joined by `SEPARATOR`.
    n_turns : int
        How many there are.
    words : tuple of UserWord
        What the turns were cut with.
    few_turns : int
        Where the border is.
    """
    if n_turns <= few_turns:
        yield InMemory.of([turns.toPandas()], unit_cutter(words))
        return
    # A contact is in one part only: then the counts of the parts add up.
    n_parts = max(turns.sparkSession.sparkContext.defaultParallelism, math.ceil(n_turns / TURNS_A_PART))
    held = turns.repartition(n_parts, "contact_id").persist()
    try:
        yield SparkCounts(held, words)
    finally:
        held.unpersist()


@dataclass(frozen=True)
class SparkCounts:
    """Counts of turns that are spread over workers by contact: the `NgramSource` of a lake."""

    turns: DataFrame
    words: tuple[UserWord, ...]

    def contacts(self) -> Mapping[dt.date, int]:
        """Return the contacts of each day."""
        rows = self.turns.groupBy("day").agg(F.countDistinct("contact_id").alias("n")).collect()
        return {row["day"]: int(row["n"]) for row in sorted(rows, key=lambda row: row["day"])}

    def pairs(self, days: Collection[dt.date], min_contacts: int) -> pd.DataFrame:
        """Return the frequent units and pairs of some days."""
        of_days = self.turns.where(F.col("day").isin(sorted(days)))
        counted = self._counted(of_days, count_pairs, "day date, ngram string")
        return _frame(counted.where((F.col("n_contacts") >= min_contacts) | (F.col("ngram") == TOTAL)))

    def given(self, wanted: Sequence[str]) -> pd.DataFrame:
        """Return the counts of some units and pairs."""
        ngrams = list(wanted)
        return _frame(self._counted(self.turns, lambda stream: count_given(stream, ngrams), "day date, code long"))

    def chains(self, links: Collection[str], *, max_parts: int, beside_days: Collection[dt.date]) -> pd.DataFrame:
        """Return the counts of runs of links."""
        kept, days = frozenset(links), frozenset(beside_days)

        def count(stream: UnitStream) -> pd.DataFrame:
            return count_chains(stream, kept, max_parts=max_parts, beside_days=days)

        return _frame(self._counted(self.turns, count, "day date, side int, ngram string, neighbour string"))

    def _counted(self, turns: DataFrame, count: Callable[[UnitStream], pd.DataFrame], keys: str) -> DataFrame:
        words = self.words

        def count_part(batches: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
            # All batches of a part at once: a contact may stand in two of them, and must count once.
            held = [batch for batch in batches if len(batch)]
            if held:
                yield count(unit_stream(pd.concat(held, ignore_index=True), unit_cutter(words)))

        names = [column.split()[0] for column in keys.split(", ")]
        part_counts = turns.mapInPandas(count_part, f"{keys}, n_contacts long")
        return part_counts.groupBy(*names).agg(F.sum("n_contacts").alias("n_contacts"))


def _frame(counts: DataFrame) -> pd.DataFrame:
    found: pd.DataFrame = counts.toPandas()
    return found


if __name__ == "__main__":
    sys.exit(main(job="discover"))
