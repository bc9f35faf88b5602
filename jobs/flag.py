"""flag: utterance, contact, contact_identifier → turn_template, contact_flag: what is not a customer's own voice.

A day is judged by its own texts and those of `flags.burst_hours` before it, never by later ones. So a day gets the same
rows whether it is run alone or with a year, and a burst over midnight is seen on the second day, from where it is one.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator

import pandas as pd
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from analytics.flags import FlagRule, flag_contacts, template_pieces
from analytics.flags.templates import MAYBE_AUTOMATIC, MIN_PIECE_LETTERS, TEMPLATE_SHARE
from analytics.settings import Settings
from jobs.lake import Lake, spark_schema
from jobs.run_log import Counts
from jobs.stage import main
from jobs.window import Window

_CHUNK_DAYS = 7
"""Days judged in one call of the pure function, with the days before them read once and not seven times."""
_DRAWN_OUT_CHARS = 4


def run(spark: SparkSession, lake: Lake, settings: Settings, window: Window, counts: Counts) -> None:
    """Find templates and flagged contacts of `window`; replace its days of turn_template and contact_flag."""
    rule = FlagRule(burst_contacts=settings.flags.burst_contacts, burst_hours=settings.flags.burst_hours)
    reach = window.before(rule.look_back_days)
    turns = lake.read(spark, "utterance", reach)
    inside = F.col("day").between(F.lit(window.first), F.lit(window.last))
    flagged = _flagged(_said(spark, lake, reach, turns.where("speaker = 'customer'")), rule)
    counts.rows_out = lake.replace(flagged.where(inside), "contact_flag", window)
    formed = _formed(turns.where("speaker in ('agent', 'customer')")).persist()
    try:
        usual = _usual_pieces(formed, rule.look_back_days, settings.flags.template_contacts)
        templates = _templates(formed.where(inside), usual)
        counts.rows_out += lake.replace(templates, "turn_template", window)
    finally:
        formed.unpersist()
    counts.inputs = {"burst_contacts": str(rule.burst_contacts), "burst_hours": str(rule.burst_hours)}


def _said(spark: SparkSession, lake: Lake, reach: Window, turns: DataFrame) -> DataFrame:
    """Return customer turns with source, time, rating and person of their contact."""
    known = lake.read(spark, "contact_identifier", reach).where("id_kind != 'order'")
    persons = known.groupBy("contact_id").agg(F.min(F.concat_ws(":", "id_kind", "id_hash")).alias("person"))
    contacts = lake.read(spark, "contact", reach).select("contact_id", "source", "started_at", "rating")
    # As written a turn is needed only where lengthening was taken out of it.
    drawn_out = F.length("text") >= F.length("text_simplified") + _DRAWN_OUT_CHARS
    as_written = F.when(drawn_out, F.col("text")).alias("text")
    said = turns.select("day", "contact_id", "turn", as_written, "text_simplified")
    return said.join(contacts.join(persons, "contact_id", "left"), "contact_id")


def _flagged(said: DataFrame, rule: FlagRule) -> DataFrame:
    def chunk_of(day: pd.Series[dt.date]) -> pd.Series[int]:
        return (pd.to_datetime(day) - pd.Timestamp(0)).dt.days // _CHUNK_DAYS

    def judged(key: tuple[str, int], turns: pd.DataFrame) -> pd.DataFrame:
        found = flag_contacts(turns, rule)
        return found[chunk_of(found["day"]) == key[1]] if len(found) else found

    last = F.date_add("day", rule.look_back_days)
    number = [F.floor(F.unix_date(day) / _CHUNK_DAYS) for day in (F.col("day"), last)]
    chunks = said.withColumn("chunk", F.explode(F.sequence(*number)))
    # Spark would join the few rows into one partition, and one core would do all.
    chunks = chunks.repartition(2 * said.sparkSession.sparkContext.defaultParallelism, "source", "chunk")
    flagged: DataFrame = chunks.groupBy("source", "chunk").applyInPandas(judged, spark_schema("contact_flag"))
    return flagged


def _formed(turns: DataFrame) -> DataFrame:
    """Return day, contact_id, turn with the form of the turn's text; each different text is looked at once."""

    def form(batches: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        for batch in batches:
            said = zip(batch["text_simplified"], batch["speaker"], strict=True)
            forms = [template_pieces(text, who) for text, who in said]
            yield batch.assign(
                is_ready_made=[form.is_ready_made for form in forms],
                pieces=pd.Series([list(form.pieces) for form in forms], dtype=object, index=batch.index),
                n_letters=[form.n_letters for form in forms],
            )

    maybe = (F.col("speaker") == "agent") | F.col("text_simplified").rlike(MAYBE_AUTOMATIC)
    told = turns.where(maybe).select("day", "contact_id", "turn", "speaker", "text_simplified")
    text = ["speaker", "text_simplified"]
    schema = "speaker string, text_simplified string, is_ready_made boolean, pieces array<string>, n_letters long"
    forms = told.select(*text).distinct().where("text_simplified is not null").mapInPandas(form, schema)
    return told.join(forms.where("is_ready_made or n_letters > 0"), text).drop(*text)


def _usual_pieces(formed: DataFrame, look_back_days: int, n_contacts: int) -> DataFrame:
    """Return day, piece: what agents said in so many contacts of the day and the days before it."""
    pieces = formed.select("day", "contact_id", F.explode("pieces").alias("piece"))
    pieces = pieces.where(F.length("piece") >= MIN_PIECE_LETTERS)
    of_day = pieces.groupBy("day", "piece").agg(F.count_distinct("contact_id").alias("n"))
    # A contact has one day, so contacts of several days add up.
    judged = of_day.withColumn("day", F.explode(F.sequence("day", F.date_add("day", look_back_days))))
    return judged.groupBy("day", "piece").agg(F.sum("n").alias("n")).where(F.col("n") >= n_contacts).drop("n")


def _templates(formed: DataFrame, usual: DataFrame) -> DataFrame:
    turn = ["day", "contact_id", "turn"]
    counted = formed.where("not is_ready_made").select(*turn, "n_letters", F.explode("pieces").alias("piece"))
    letters = (
        counted.join(usual, ["day", "piece"])
        .groupBy(*turn)
        .agg(F.sum(F.length("piece")).alias("n_usual"), F.first("n_letters").alias("n_letters"))
    )
    repeated = letters.where(F.col("n_usual") >= TEMPLATE_SHARE * F.col("n_letters"))
    found = formed.where("is_ready_made").select(*turn).unionByName(repeated.select(*turn))
    return found.withColumn("is_template", F.lit(True))


if __name__ == "__main__":
    sys.exit(main(job="flag"))
