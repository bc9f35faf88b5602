"""Connected components of a graph in Spark: what can fit one task is joined in one, the rest by alternating stars."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import Window as Over
from pyspark.sql import functions as F

from analytics.errors import StageError
from analytics.identity.components import contract
from jobs.shipping import held

SMALL_EDGES = 2_000_000
"""Edges that one task joins: two columns of 16 letters, about 100 MB. Beyond, no task ever sees the whole graph."""
_CHUNK_EDGES = 500_000
_MAX_ROUNDS = 60
"""Rounds grow with the square of the logarithm of the nodes at worst; 60 would be a graph of more than all people."""

_EDGE = "node string, component string"


def connected(edges: DataFrame, *, small_edges: int = SMALL_EDGES) -> DataFrame:
    """Return node and component (its smallest node) for every node that is not the smallest itself.

    Parameters
    ----------
    edges : DataFrame
        Columns node and component, strings: the ends of each edge, in any order. Held in memory while this runs.
    small_edges : int
        Up to so many edges are joined in one task.

    References
    ----------
    .. [1] R. Kiveris et al., "Connected Components in MapReduce and Beyond", SoCC 2014 (large-star and small-star).
    """
    edges = held(edges.where("node <> component").distinct())
    if edges.count() <= small_edges:
        return held(_contracted(edges.coalesce(1)))
    # Each task first joins what it has: fewer edges, and long chains become short.
    stars, before = held(_contracted(edges)), None
    for _ in range(_MAX_ROUNDS):
        stars = held(_small_star(_large_star(stars)))
        now = stars.agg(F.count(F.lit(1)), F.bit_xor(F.xxhash64("node", "component"))).first()
        if now == before:
            return stars
        before = now
    raise StageError(f"identity: components did not settle in {_MAX_ROUNDS} rounds; expected far fewer; report this")


def _large_star(edges: DataFrame) -> DataFrame:
    """Connect each node's larger neighbours to the smallest it has."""
    both = edges.unionByName(edges.select(F.col("component").alias("node"), F.col("node").alias("component")))
    smallest = F.least("node", F.min("component").over(Over.partitionBy("node")))
    return (
        both.withColumn("_smallest", smallest)
        .where("component > node")
        .select(F.col("component").alias("node"), F.col("_smallest").alias("component"))
    )


def _small_star(edges: DataFrame) -> DataFrame:
    """Connect each node and its smaller neighbours to the smallest of them."""
    starred = edges.withColumn("_smallest", F.min("component").over(Over.partitionBy("node")))
    ends = F.explode(F.array("node", "component")).alias("node")
    return starred.select(ends, F.col("_smallest").alias("component")).where("node <> component").distinct()


def _contracted(edges: DataFrame) -> DataFrame:
    def contract_part(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Join chunk after chunk to what the chunks before left, so that a task holds no more than its nodes."""
        held: list[pa.Table] = []
        n_held = 0
        for batch in batches:
            held.append(pa.Table.from_batches([batch]))
            n_held += batch.num_rows
            if n_held >= _CHUNK_EDGES:
                held, n_held = [_joined(held)], 0
        if held:
            yield from _joined(held).to_batches(max_chunksize=50_000)

    return edges.mapInArrow(contract_part, _EDGE)


def _joined(parts: list[pa.Table]) -> pa.Table:
    whole = pa.concat_tables(parts).combine_chunks()
    ends = [_array(whole.column(name)) for name in ("node", "component")]
    return pa.table(dict(zip(("node", "component"), contract(*ends), strict=True)))


def _array(column: pa.ChunkedArray[Any]) -> pa.Array[Any]:
    parts = [chunk.cast(pa.string()) for chunk in column.chunks]
    return pa.concat_arrays(parts) if parts else pa.array([], pa.string())
