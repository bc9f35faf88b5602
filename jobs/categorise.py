"""categorise: utterance, contact, turn_mood → category_hit, category: which contacts meet which rule, and where.

The rules travel inside the function that workers run. Flagged contacts and ready-made turns are left out.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cache
from typing import Literal

import pandas as pd
import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from analytics.rules import Ruleset, categorise, load_rules
from analytics.rules.clauses import Cut
from analytics.rules.matcher import matcher_of
from analytics.schema import TABLES
from analytics.settings import Settings
from analytics.text.segment import make_segmenter
from jobs.lake import Lake, spark_schema
from jobs.run_log import Counts
from jobs.stage import main
from jobs.voice import own_turns
from jobs.window import Window

_READ = (
    "day", "contact_id", "turn", "speaker", "text", "text_simplified", "kind", "channel", "sentiment_score",
    "sentiment_label",
)  # fmt: skip


def run(spark: SparkSession, lake: Lake, settings: Settings, window: Window, counts: Counts) -> None:
    """Find what the contacts of `window` meet; replace its days of category_hit, and the table category."""
    rules = load_rules(settings.rules_folder, settings.lexicons)
    counts.inputs = inputs(settings)
    name = settings.text.segmenter

    def find(batches: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        matcher = matcher_of(rules, _cut(name) if rules.counts_tokens else None)
        for contacts in _whole_contacts(batches):
            days = contacts.drop_duplicates("contact_id").set_index("contact_id")["day"]
            found = categorise(contacts, rules, matcher)
            yield found.assign(day=found["contact_id"].map(days))[TABLES["category_hit"].arrow().names]

    turns = _turns(spark, lake, settings, window, rules)
    hits = turns.mapInPandas(find, spark_schema("category_hit"))
    counts.rows_out = lake.replace(hits, "category_hit", window)
    counts.rows_in = lake.read(spark, "utterance", window).where(F.col("speaker").isin(*rules.speakers)).count()
    lake.replace_arrow(spark, _declared(rules), "category")


def inputs(settings: Settings) -> dict[str, str]:
    """Return what the job would use now: the hash of all rules and the lists they name."""
    return {"rules": load_rules(settings.rules_folder, settings.lexicons).digest}


def _turns(spark: SparkSession, lake: Lake, settings: Settings, window: Window, rules: Ruleset) -> DataFrame:
    """Return the turns that rules read, with their mood, each contact's together and in order."""
    turns = own_turns(spark, lake, settings, window, speakers=rules.speakers)
    moods = lake.read(spark, "turn_mood", window).drop("day")
    contacts = lake.read(spark, "contact", window).select("contact_id", "kind", "channel")
    known = turns.join(moods, ["contact_id", "turn"], "left").join(contacts, "contact_id", "left")
    together = known.select(*_READ).repartition("contact_id")
    return together.sortWithinPartitions("day", "contact_id", "turn")


def _whole_contacts(batches: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
    """Yield frames in which every contact is whole: a batch's last contact may go on in the next batch."""
    held: pd.DataFrame | None = None
    for batch in batches:
        rows = batch if held is None else pd.concat([held, batch], ignore_index=True)
        is_last = rows["contact_id"] == rows["contact_id"].iloc[-1] if len(rows) else pd.Series(dtype=bool)
        held = rows[is_last]
        if len(rows) > len(held):
            yield rows[~is_last]
    if held is not None and len(held):
        yield held


def _declared(rules: Ruleset) -> pa.Table:
    """Return the rows of the table `category`."""
    named = TABLES["category"].arrow()
    rows = [
        {"category": one.name} | {name: getattr(one, name) for name in named.names if name != "category"}
        for one in rules.categories
    ]
    return pa.Table.from_pylist(sorted(rows, key=lambda row: row["category"]), schema=named)


@cache
def _cut(name: Literal["rjieba", "jieba"]) -> Cut:
    """Make one for each worker process."""
    return make_segmenter(name, ()).cut


if __name__ == "__main__":
    sys.exit(main(job="categorise"))
