"""Which identifiers link, and to whom: the steps of `analytics.identity.reference.assign` as Spark frames.

Nothing here is collected to the driver. Each step is checkpointed, because a plan that holds all of them grows with
every use of a step and takes longer to make than to run.
"""

from __future__ import annotations

from dataclasses import dataclass

from pyspark.sql import Column, DataFrame
from pyspark.sql import Window as Over
from pyspark.sql import functions as F

from analytics.identity import KIND_ORDER, Limits
from analytics.identity.rules import ACCOUNTS, COUNTED, PERSONAL
from jobs.connected import SMALL_EDGES, connected
from jobs.shipping import held

ROW = ("contact_id", "day", "id_hash", "strength")
"""One identifier of one contact; `strength` is the place of its kind in `KIND_ORDER`, 0 the strongest."""


def strongest(identifiers: DataFrame) -> DataFrame:
    """Return `ROW`: each identifier of a contact once, under its strongest kind there."""
    places = F.array_position(F.array(*(F.lit(kind) for kind in KIND_ORDER)), F.col("id_kind")) - 1
    known = identifiers.where(F.col("id_kind").isin(*KIND_ORDER)).withColumn("strength", places.cast("int"))
    return known.groupBy("contact_id", "id_hash").agg(F.min("day").alias("day"), F.min("strength").alias("strength"))


@dataclass(frozen=True)
class Graph:
    """Rows that may link (`ROW`, computed by the caller), and the rules."""

    rows: DataFrame
    limits: Limits
    small_edges: int = SMALL_EDGES

    def linked(self) -> DataFrame:
        """Return `ROW` and `label`: the rows that link, and the person (its smallest node) each leads to."""
        kept = held(self.rows.join(self._crowded(), "id_hash", "left_anti"))
        accounts = self._accounts(kept.where(_is_account()))
        groups = accounts.groupBy("contact_id").agg(F.min("label").alias("group"))
        flags = {
            kind: F.max((F.col("strength") == KIND_ORDER.index(kind)).cast("int")).alias(kind) for kind in PERSONAL
        }
        personal = accounts.groupBy(F.col("label").alias("group")).agg(*flags.values())
        names = accounts.select("id_hash", F.col("label").alias("own")).distinct()
        details = kept.where(~_is_account()).join(groups, "contact_id", "left").join(names, "id_hash", "left")
        details = held(self._believed(details, personal))
        first = F.min("node").over(Over.partitionBy("contact_id"))
        edges = details.select("node", F.coalesce("group", first).alias("component"))
        whole = connected(edges, small_edges=self.small_edges)
        persons = self._persons(whole, personal, groups, details)
        of_accounts = accounts.join(persons, accounts["label"] == persons["node"], "left").select(
            *ROW, F.when(F.col("is_torn"), F.col("label")).otherwise(F.coalesce("person", "label")).alias("label")
        )
        return of_accounts.unionByName(_detail_labels(details, persons))

    def _crowded(self) -> DataFrame:
        """Return the identifiers that too many share; only those of many contacts can be."""
        limits = self.limits
        n_contacts = self.rows.groupBy("id_hash").agg(F.count(F.lit(1)).alias("n"))
        heavy = n_contacts.where(F.col("n") > min(limits.max_persons, limits.max_contacts))
        counted = [place for place, kind in enumerate(KIND_ORDER) if kind in COUNTED]
        others = self.rows.where(F.col("strength").isin(counted)).select(
            "contact_id", F.col("id_hash").alias("other"), F.col("strength").alias("of_kind")
        )
        beside = self.rows.join(heavy, "id_hash").select("id_hash", "contact_id").join(others, "contact_id")
        widths = beside.where("other <> id_hash").groupBy("id_hash", "of_kind")
        wide = widths.agg(F.countDistinct("other").alias("n")).where(F.col("n") > limits.max_persons)
        return (
            heavy.where(F.col("n") > limits.max_contacts).unionByName(wide.drop("of_kind")).select("id_hash").distinct()
        )

    def _accounts(self, accounts: DataFrame) -> DataFrame:
        first = F.min("id_hash").over(Over.partitionBy("contact_id"))
        whole = connected(
            accounts.select(F.col("id_hash").alias("node"), first.alias("component")), small_edges=self.small_edges
        )
        joined = accounts.join(whole, accounts["id_hash"] == whole["node"], "left")
        return held(joined.select(*ROW, F.coalesce("component", "id_hash").alias("label")))

    def _believed(self, details: DataFrame, personal: DataFrame) -> DataFrame:
        """Return the details that do not touch too many groups, with their node, how many they touch and the only."""
        touched = details.select("id_hash", F.explode(F.array("group", "own")).alias("group")).where(
            "group is not null"
        )
        counts = (
            touched.distinct()
            .join(personal, "group")
            .groupBy("id_hash")
            .agg(
                F.count(F.lit(1)).alias("n_groups"),
                F.min("group").alias("only_group"),
                self._are_persons().alias("is_shared"),
            )
        )
        found = details.join(counts, "id_hash", "left").where(~F.coalesce("is_shared", F.lit(False)))
        return found.withColumn("node", F.coalesce("own", "id_hash"))

    def _are_persons(self) -> Column:
        """Return whether rows of `personal` put together are more than one person."""
        too_many = F.lit(False)
        for kind in PERSONAL:
            too_many = too_many | (F.sum(kind) > self.limits.max_accounts)
        return too_many

    def _persons(self, whole: DataFrame, personal: DataFrame, groups: DataFrame, details: DataFrame) -> DataFrame:
        """Return node, person and is_torn for each node that is joined to another."""
        roots = whole.select(F.col("component").alias("node"), "component").distinct()
        nodes = whole.unionByName(roots).withColumnRenamed("component", "person")
        torn = (
            nodes.join(personal, nodes["node"] == personal["group"])
            .groupBy("person")
            .agg((self._are_persons() | (F.count(F.lit(1)) > self.limits.max_groups)).alias("is_torn"))
            .where("is_torn")
            .select("person")
        )
        alone = details.where("group is null").groupBy("contact_id").agg(F.min("node").alias("node"))
        contacts = groups.withColumnRenamed("group", "node").unionByName(alone)
        many = (
            contacts.join(nodes, "node")
            .groupBy("person")
            .agg(F.count(F.lit(1)).alias("n"))
            .where(F.col("n") > self.limits.max_contacts)
            .select("person")
        )
        torn = torn.unionByName(many).distinct().withColumn("is_torn", F.lit(True))
        is_torn = F.coalesce("is_torn", F.lit(False)).alias("is_torn")
        return held(nodes.join(torn, "person", "left").select("node", "person", is_torn))


def _detail_labels(details: DataFrame, persons: DataFrame) -> DataFrame:
    """Return the details with the person they lead to; where a person is torn, only those that touch one group."""
    found = details.join(persons, "node", "left")
    kept = found.where(~F.coalesce("is_torn", F.lit(False)) | (F.coalesce("n_groups", F.lit(0)) <= 1))
    label = F.when(F.col("is_torn"), F.coalesce("only_group", "id_hash")).otherwise(F.coalesce("person", "node"))
    return kept.select(*ROW, label.alias("label"))


def _is_account() -> Column:
    return F.col("strength").isin([KIND_ORDER.index(kind) for kind in ACCOUNTS])
