"""conform: landing files → contact, utterance, rejected.

One worker task reads one landing file and returns its contacts, utterances and refused rows; they are put into the
lake by local day. A contact that came twice is taken from the file collected last; the older one is refused as
`superseded`, so that rows in = contacts + rejected holds for each file.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import Window as Over
from pyspark.sql import functions as F
from pyspark.sql.pandas.types import from_arrow_schema

from analytics.schema import TABLES
from analytics.settings import Settings
from jobs.lake import Lake
from jobs.run_log import Counts
from jobs.sources.conform_file import conform_landed
from jobs.sources.manifest import LandedFile, files_touching
from jobs.stage import main
from jobs.window import Window

_WRITES = ("contact", "utterance", "rejected", "contact_identifier")
_MAX_TASKS = 64
_INTERNAL = ("_table", "_order", "_hash")


def run(spark: SparkSession, lake: Lake, settings: Settings, window: Window, counts: Counts) -> None:
    """Conform the landing files that touch `window`; replace its days of contact, utterance and rejected."""
    files = files_touching(settings.landing, window.first, window.last)
    rows = _conformed(spark, files, settings).where(F.col("day").between(F.lit(window.first), F.lit(window.last)))
    rows = rows.persist()
    try:
        newest = F.row_number().over(Over.partitionBy("contact_id").orderBy(F.desc("_order")))
        ranked = _only(rows, "contact").withColumn("_rank", newest).persist()
        contacts = ranked.where("_rank = 1")
        turns = _only(rows, "utterance").join(contacts.select("contact_id", "_order"), ["contact_id", "_order"])
        superseded = ranked.where("_rank > 1").withColumns({"reason": F.lit("superseded"), "raw_hash": F.col("_hash")})
        rejected = _only(rows, "rejected").unionByName(superseded, allowMissingColumns=True)
        n_contacts = lake.replace(contacts, "contact", window)
        counts.rows_rejected = lake.replace(rejected, "rejected", window)
        counts.rows_out = lake.replace(turns, "utterance", window)
        known = _only(rows, "contact_identifier").join(
            contacts.select("contact_id", "_order"), ["contact_id", "_order"]
        )
        lake.replace(known, "contact_identifier", window)
        counts.rows_in = n_contacts + counts.rows_rejected
        ranked.unpersist()
    finally:
        rows.unpersist()


def _union_schema() -> pa.Schema:
    """Return the columns of all three tables, and: which table, order of collection, hash of the file."""
    types: dict[str, pa.DataType] = {"_table": pa.string(), "_order": pa.int64(), "_hash": pa.string()}
    for table in _WRITES:
        types |= {field.name: field.type for field in TABLES[table].arrow()}
    return pa.schema(list(types.items()))


def _conformed(spark: SparkSession, files: list[LandedFile], settings: Settings) -> DataFrame:
    """Return the rows of all three tables in one frame: a file is read once, by one task."""
    schema = _union_schema()
    if not files:
        return spark.createDataFrame([], from_arrow_schema(schema))

    def read(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            for index in map(int, batch.column("index").to_numpy()):
                tables = conform_landed(files[index], settings).to_arrow()
                for name, rows in tables.items():
                    tagged = {"_table": name, "_order": index, "_hash": files[index].sha256}
                    yield from _widened(rows, tagged, schema).to_batches(max_chunksize=5000)

    indexes = spark.createDataFrame([(i,) for i in range(len(files))], "index long")
    return indexes.repartition(min(len(files), _MAX_TASKS), "index").mapInArrow(read, from_arrow_schema(schema))


def _widened(rows: pa.Table, tagged: dict[str, object], schema: pa.Schema) -> pa.Table:
    """Return the rows with all columns of `schema`: tags repeated, others null."""
    n_rows = rows.num_rows
    columns = []
    for field in schema:
        if field.name in tagged:
            columns.append(pa.repeat(pa.scalar(tagged[field.name], field.type), n_rows))
        elif field.name in rows.schema.names:
            columns.append(rows.column(field.name).cast(field.type))
        else:
            columns.append(pa.nulls(n_rows, field.type))
    return pa.table(columns, schema=schema)


def _only(rows: DataFrame, table: str) -> DataFrame:
    extra = [name for name in _INTERNAL if name != "_table"]
    return rows.where(F.col("_table") == table).select(*extra, *TABLES[table].arrow().names)


if __name__ == "__main__":
    sys.exit(main(job="conform"))
