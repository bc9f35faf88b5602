"""conform: landing files → contact, utterance, rejected.

One worker task reads one landing file and returns its contacts, utterances and refused rows; they are put into the
lake by local day. A contact that came twice is taken from the file collected last; the older one is refused as
`superseded`, so that rows in = contacts + rejected holds for each file.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.pandas.types import from_arrow_schema

from analytics.conform import Conformed, SourceSpec
from analytics.schema import TABLES
from analytics.settings import Settings
from jobs.job import Job
from jobs.lake import Lake
from jobs.run_log import Counts
from jobs.sources.conform_file import conform_landed
from jobs.sources.landing import LandedFile, files_touching
from jobs.window import Window

_WRITES = ("contact", "utterance", "rejected")
_WHOLE_CONTACTS = "superseded"


def run(spark: SparkSession, lake: Lake, settings: Settings, window: Window, counts: Counts) -> None:
    """Conform the landing files that touch `window`; replace its days of contact, utterance and rejected."""
    files = files_touching(settings.landing, window.first, window.last)
    rows = _conformed(spark, files, settings).where(F.col("day").between(F.lit(window.first), F.lit(window.last)))
    rows = rows.persist()
    try:
        contacts, superseded = _newest(_only(rows, "contact"))
        utterances = _only(rows, "utterance").join(contacts.select("contact_id", "_order"), ["contact_id", "_order"])
        rejected = _only(rows, "rejected").unionByName(superseded, allowMissingColumns=True)
        counts.rows_out = lake.replace(contacts, "contact", window)
        counts.rows_rejected = lake.replace(rejected, "rejected", window)
        counts.rows_out += lake.replace(utterances, "utterance", window)
        counts.rows_in = sum(file.n_records for file in files)
    finally:
        rows.unpersist()


def _union_schema() -> pa.Schema:
    fields: dict[str, pa.Field] = {"_table": pa.field("_table", pa.string()), "_order": pa.field("_order", pa.int64())}
    for table in _WRITES:
        fields |= {field.name: field for field in TABLES[table].arrow()}
    return pa.schema(list(fields.values()))


def _conformed(spark: SparkSession, files: list[LandedFile], settings: Settings) -> DataFrame:
    """Return the rows of all three tables in one frame; `_order` is the order of collection."""
    schema = _union_schema()

    def read(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            for index in batch.column("index").to_pylist():
                file = files[index]
                yield from _stacked(conform_landed(file, settings), index, schema)

    if not files:
        return spark.createDataFrame([], from_arrow_schema(schema))
    indexes = spark.createDataFrame([(i,) for i in range(len(files))], "index long")
    spread = indexes.repartitionByRange(min(len(files), 64), "index")
    return spread.mapInArrow(read, from_arrow_schema(schema))
