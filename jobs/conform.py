"""conform: landing files → contact, utterance, contact_identifier, rejected.

One worker task reads one landing file and returns its rows of all four tables; they are put into the lake by local day.
Where files hold the same records (the manifest says which do), all rows of such a contact are brought together and
settled: the newest version stays, parts of a session become one, a deletion leaves nothing. What loses is a row of
`rejected`, so that rows in = contacts (or turns) + rejected holds for each file.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.pandas.types import from_arrow_schema

from analytics.lineage import note_read
from analytics.schema import TABLES
from analytics.settings import Settings
from jobs.lake import Lake
from jobs.pending import newest_landed
from jobs.person_key import with_person_key
from jobs.run_log import Counts
from jobs.sources.conform_file import conform_landed
from jobs.sources.conformed_rows import TABLE_COLUMN, WRITES, settled, tagged_rows, union_schema
from jobs.sources.manifest import LandedFile, files_touching
from jobs.stage import main
from jobs.window import Window

_MAX_TASKS = 512
_BUCKETS = 16


def run(spark: SparkSession, lake: Lake, settings: Settings, window: Window, counts: Counts) -> None:
    """Conform the landing files that touch `window`; replace its days of the four tables."""
    files = files_touching(settings.landing, window.first, window.last)
    for source in sorted({file.source for file in files}):
        note_read(f"landing/{source}")
    counts.inputs["landed"] = newest_landed(files)
    rows = _conformed(spark, files, with_person_key(settings))
    if any(file.linked for file in files):
        rows = _settled(rows, settings.timezone)
    rows = rows.where(F.col("day").between(F.lit(window.first), F.lit(window.last))).persist()
    try:
        written = {name: lake.replace(_only(rows, name), name, window) for name in WRITES}
    finally:
        rows.unpersist()
    counts.rows_rejected, counts.rows_out = written["rejected"], written["utterance"]
    counts.rows_in = written["contact"] + counts.rows_rejected


def _conformed(spark: SparkSession, files: list[LandedFile], settings: Settings) -> DataFrame:
    """Return the rows of all tables in one frame: a file is read once, by one task."""
    schema = from_arrow_schema(union_schema())
    if not files:
        return spark.createDataFrame([], schema)

    def read(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            for index in map(int, batch.column("id").to_numpy()):
                done = conform_landed(files[index], settings)
                yield from tagged_rows(done, order=index, raw_hash=files[index].sha256)

    # A range is cut evenly; hashed numbers would give one task several files and another none.
    indexes = spark.range(0, len(files), 1, min(len(files), _MAX_TASKS))
    return indexes.mapInArrow(read, schema)


def _settled(rows: DataFrame, zone: str) -> DataFrame:
    """Bring the rows of contacts that several files have together; leave the others as they are."""
    schema = from_arrow_schema(union_schema())
    rows = rows.persist()
    said = rows.where(F.col(TABLE_COLUMN).isin("contact", "gone")).select("contact_id", "_order")
    shared = said.groupBy("contact_id").agg(F.count_distinct("_order").alias("_files")).where("_files > 1")
    shared = F.broadcast(shared.select("contact_id").persist())
    bucket = F.pmod(F.hash("contact_id"), F.lit(_BUCKETS))
    together = rows.join(shared, "contact_id", "left_semi").groupBy(bucket)
    settled_rows = together.applyInArrow(lambda table: settled(table, zone), schema)
    alone = rows.join(shared, "contact_id", "left_anti").where(F.col(TABLE_COLUMN) != "gone")
    return alone.select(*schema.fieldNames()).unionByName(settled_rows)


def _only(rows: DataFrame, table: str) -> DataFrame:
    return rows.where(F.col(TABLE_COLUMN) == table).select(*TABLES[table].arrow().names)


if __name__ == "__main__":
    sys.exit(main(job="conform"))
