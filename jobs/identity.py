"""identity: contact_identifier → contact_person.

Persons are made of all days there are, so a new day can join what older days left apart: the days of older contacts
whose person changed are written again, beside the window's. The same identifiers and decisions give the same persons.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator
from itertools import chain, combinations

import pyarrow as pa
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import Window as Over
from pyspark.sql import functions as F

from analytics.identity import KIND_ORDER, Decisions, Limits, confidence, reason
from analytics.identity.decisions import CONTACT, IDENTIFIER
from analytics.identity.reference import assign
from analytics.identity.rules import MANUAL
from analytics.inbox.people import PersonDecisions
from analytics.schema import TABLES, UNDATED_DAY
from analytics.settings import Settings
from jobs.connected import SMALL_EDGES
from jobs.identity_graph import ROW, Graph, strongest
from jobs.lake import Lake, spark_schema
from jobs.run_log import Counts
from jobs.shipping import held
from jobs.stage import main
from jobs.window import Window

ONE_TASK_ROWS = 300_000
"""Identifiers (of some 100,000 contacts) up to which one task is quicker than the fixed cost of the steps."""

_LAST = dt.date(9999, 12, 31)
"""When an identifier of contacts without a day counts as seen first: after all that have one."""


def run(spark: SparkSession, lake: Lake, settings: Settings, window: Window, counts: Counts) -> None:
    """Assign all contacts; replace the days of `window` and those on which a person changed."""
    identifiers = lake.read(spark, "contact_identifier")
    counts.rows_in = identifiers.count()
    rules = settings.identity
    limits = Limits(rules.max_accounts, rules.max_persons, rules.max_contacts)
    kept = PersonDecisions(settings.inbox_url)
    decisions = Decisions.of(kept.holding())
    kept.close()
    assign_all = assigned_in_one_task if counts.rows_in <= ONE_TASK_ROWS else assigned_in_steps
    nobody = spark.createDataFrame([], spark_schema("contact_person"))
    persons = assign_all(identifiers, limits, decisions).persist() if counts.rows_in else nobody
    try:
        counts.rows_out, others = _replace(lake, persons, window)
    finally:
        persons.unpersist()
    if others:
        counts.inputs = {"other_days": f"{others[0]}..{others[-1]} ({len(others)})"}


def _replace(lake: Lake, persons: DataFrame, window: Window) -> tuple[int, list[dt.date]]:
    """Write the days of the window and those on which a person changed; return the rows, and the days not asked for."""
    if not lake.by_day:
        return lake.replace(persons, "contact_person"), []
    changed = _changed_days(persons, lake.read(persons.sparkSession, "contact_person"))
    others = sorted(day for day in changed if not window.first <= day <= window.last)
    is_due = F.col("day").between(F.lit(window.first), F.lit(window.last)) | F.col("day").isin(others)
    return lake.replace_days(persons.where(is_due), "contact_person", [*window.days, *others]), others


def assigned_in_one_task(identifiers: DataFrame, limits: Limits, decisions: Decisions) -> DataFrame:
    """Return what `assigned_in_steps` returns, by the reference itself in one task: quicker for few identifiers."""

    def assign_all(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        rows = [row for batch in batches for row in zip(*(column.to_pylist() for column in batch.columns), strict=True)]
        days = {contact: day for day, contact, _, _ in rows}
        links = assign(rows, limits, decisions)
        columns = [(days[c], c, link.person_id, link.confidence, link.reason) for c, link in links.items()]
        schema = TABLES["contact_person"].arrow()
        arrays = [
            pa.array(values, field.type) for values, field in zip(zip(*columns, strict=True), schema, strict=True)
        ]
        yield pa.record_batch(arrays, schema=schema)

    given = identifiers.select("day", "contact_id", "id_kind", "id_hash").coalesce(1)
    return given.mapInArrow(assign_all, spark_schema("contact_person"))


def assigned_in_steps(
    identifiers: DataFrame, limits: Limits, decisions: Decisions, *, small_edges: int = SMALL_EDGES
) -> DataFrame:
    """Return table `contact_person` for all contacts with an identifier; equals `analytics.identity.reference.assign`.

    Parameters
    ----------
    identifiers : DataFrame
        Table `contact_identifier`, all days; a contact has at most one identifier of a kind.
    limits : Limits
        When an identifier is shared.
    decisions : Decisions
        What was decided by hand.
    small_edges : int
        Up to so many edges one task joins; see `jobs.connected`.
    """
    rows = held(strongest(identifiers))
    is_out = F.col("contact_id").isin(sorted(decisions.contacts_out))
    is_taken = F.col("id_hash").isin(sorted(decisions.identifiers_out))
    linked = held(Graph(rows.where(~is_out & ~is_taken), limits, small_edges).linked())
    if decisions.identifiers_out:
        # What was taken out of a person is one of its own for contacts that have nothing else.
        left = rows.where(is_taken & ~is_out).join(linked.select("contact_id"), "contact_id", "left_anti")
        linked = held(linked.unionByName(left.withColumn("label", F.col("id_hash"))))
    merged = _merges(linked, rows.where(is_out), decisions)
    links = _links(linked, merged, decisions)
    by_hand = _taken_out(rows.where(is_out), merged)
    first = _first_seen(linked, merged)
    known = links.unionByName(by_hand).join(first, "person", "left")
    alone = F.substring(F.sha2(F.col("person"), 256), 1, 16)
    known = known.select(
        "day", "contact_id", F.coalesce("first_hash", alone).alias("person_id"), "person_confidence", "person_reason"
    )
    return known.unionByName(_shared(rows, known))


def _merges(linked: DataFrame, taken_out: DataFrame, decisions: Decisions) -> DataFrame:
    """Return label and merged: the few labels that a person joined to others. Only what decisions name is collected."""
    found: dict[str, str] = {}
    if decisions.merges:
        contacts = [ref.removeprefix(CONTACT) for ref in decisions.named if ref.startswith(CONTACT)]
        hashes = [ref.removeprefix(IDENTIFIER) for ref in decisions.named if ref.startswith(IDENTIFIER)]
        named = linked.where(F.col("contact_id").isin(contacts) | F.col("id_hash").isin(hashes))
        for row in named.orderBy(F.desc("strength"), F.desc("id_hash")).collect():
            found[IDENTIFIER + row.id_hash] = row.label
            found[CONTACT + row.contact_id] = row.label  # the strongest comes last and stays
        for row in taken_out.where(F.col("contact_id").isin(contacts)).select("contact_id").distinct().collect():
            found[CONTACT + row.contact_id] = CONTACT + row.contact_id
    pairs = sorted(decisions.merged(found).items())
    return linked.sparkSession.createDataFrame(pairs, "label string, merged string")


def _links(linked: DataFrame, merged: DataFrame, decisions: Decisions) -> DataFrame:
    """Return day, contact_id, person, person_confidence and person_reason of contacts with something that links."""
    rows = linked.join(F.broadcast(merged), "label", "left")
    in_order = Over.partitionBy("contact_id").orderBy("strength", "id_hash")
    rows = rows.select(
        *ROW,
        F.coalesce("merged", "label").alias("own"),
        F.first(F.coalesce("merged", "label")).over(in_order).alias("person"),
        F.first(F.col("merged").isNotNull()).over(in_order).alias("by_hand"),
    ).where("own = person")
    n_contacts = F.count(F.lit(1)).over(Over.partitionBy("id_hash"))
    is_taken = F.col("id_hash").isin(sorted(decisions.identifiers_out))
    kinds = rows.withColumn("n", n_contacts).groupBy("contact_id")
    found = kinds.agg(
        F.min("day").alias("day"),
        F.first("person").alias("person"),
        F.max(F.col("by_hand") | is_taken).alias("by_hand"),
        F.bit_or(_bit()).alias("all_kinds"),
        F.bit_or(F.when(F.col("n") > 1, _bit()).otherwise(0)).alias("linking"),
    )
    kinds_that_tell = F.when(F.col("linking") > 0, F.col("linking")).otherwise(F.col("all_kinds"))
    said = F.concat("reason", F.when(F.col("by_hand"), F.lit(f"+{MANUAL}")).otherwise(F.lit("")))
    return _with_words(found.withColumn("kinds", kinds_that_tell)).select(
        "day", "contact_id", "person", F.col("confidence").alias("person_confidence"), said.alias("person_reason")
    )


def _bit() -> Column:
    return F.expr("shiftleft(1, strength)")


def _with_words(frame: DataFrame) -> DataFrame:
    """Add confidence and reason of `kinds`, a sum of bits: there are only 255, so the library says them all."""
    places = range(len(KIND_ORDER))
    subsets = chain.from_iterable(combinations(places, n) for n in range(1, len(KIND_ORDER) + 1))
    words = [
        (sum(1 << place for place in subset), confidence(kinds), reason(kinds))
        for subset in subsets
        if (kinds := [KIND_ORDER[place] for place in subset])
    ]
    table = frame.sparkSession.createDataFrame(words, "kinds int, confidence double, reason string")
    return frame.join(F.broadcast(table), "kinds", "left")


def _taken_out(rows: DataFrame, merged: DataFrame) -> DataFrame:
    """Return the contacts that were taken out by hand, each a person of its own unless it was merged with another."""
    own = rows.select("day", "contact_id", F.concat(F.lit(CONTACT), "contact_id").alias("label")).distinct()
    return own.join(F.broadcast(merged), "label", "left").select(
        "day",
        "contact_id",
        F.coalesce("merged", "label").alias("person"),
        F.lit(1.0).alias("person_confidence"),
        F.lit(MANUAL).alias("person_reason"),
    )


def _first_seen(linked: DataFrame, merged: DataFrame) -> DataFrame:
    """Return person and first_hash: the identifier seen first, which a person is called after."""
    day = F.when(F.col("day") == F.lit(UNDATED_DAY), F.lit(_LAST)).otherwise(F.col("day"))
    rows = linked.join(F.broadcast(merged), "label", "left").withColumn("person", F.coalesce("merged", "label"))
    first = rows.groupBy("person").agg(F.min(F.struct(day.alias("day"), "strength", "id_hash")).alias("first"))
    return first.select("person", F.col("first.id_hash").alias("first_hash"))


def _shared(rows: DataFrame, known: DataFrame) -> DataFrame:
    """Return the contacts all of whose identifiers are shared: nobody's, and why."""
    left = rows.join(known.select("contact_id"), "contact_id", "left_anti")
    kinds = left.groupBy("contact_id").agg(F.min("day").alias("day"), F.bit_or(_bit()).alias("kinds"))
    return _with_words(kinds).select(
        "day",
        "contact_id",
        F.lit(None).cast("string").alias("person_id"),
        F.lit(None).cast("double").alias("person_confidence"),
        F.concat(F.lit("shared "), "reason").alias("person_reason"),
    )


def _changed_days(new: DataFrame, old: DataFrame) -> list[dt.date]:
    """Return the days on which the two differ in any row."""

    def by_day(frame: DataFrame, name: str) -> DataFrame:
        columns = ("contact_id", "person_id", "person_confidence", "person_reason")
        content = F.struct(F.count(F.lit(1)), F.bit_xor(F.xxhash64(*columns)))
        return frame.groupBy("day").agg(content.alias(name))

    both = by_day(new, "new").join(by_day(old, "old"), "day", "full")
    return [row.day for row in both.where(~F.col("new").eqNullSafe(F.col("old"))).select("day").collect()]


if __name__ == "__main__":
    sys.exit(main(job="identity"))
