"""Where tables live: Parquet, one folder a table, one folder a local day in it, replaced whole."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.pandas.types import from_arrow_schema
from pyspark.sql.types import StructType

from analytics.errors import SchemaError
from analytics.lineage import is_watched, note_read, note_write
from analytics.schema import TABLES
from analytics.schema.versions import MARK, steps_from, version_of
from jobs.column_lineage import ALIAS, columns_of
from jobs.lake_lock import check_held
from jobs.lake_moves import STAGING, Moves, note_of
from jobs.window import Window


@dataclass(frozen=True)
class Lake:
    """The lake under `root`; tables are those of `analytics.schema`.

    With `by_day` off a table is one piece that each job replaces whole: right for one file analysed once, whose days
    may be thousands with a handful of rows each.
    """

    root: Path
    by_day: bool = True

    def read(self, spark: SparkSession, table: str, window: Window | None = None) -> DataFrame:
        """Return a table, or its days of `window`; a table not written yet is empty, with its columns."""
        note_read(table)
        schema = spark_schema(table)
        folder = f"{self.root}/{table}"
        if not _path(spark, folder).exists:
            return spark.createDataFrame([], schema).alias(ALIAS + table)
        columns = [_filled(table, name) for name in schema.fieldNames()]
        frame = spark.read.schema(schema).parquet(folder).select(*columns).alias(ALIAS + table)
        if window is not None and TABLES[table].by_day:
            frame = frame.where(F.col("day").between(F.lit(window.first), F.lit(window.last)))
        return frame

    def replace(self, frame: DataFrame, table: str, window: Window | None = None) -> int:
        """Put `frame` in the place of the days of `window` (of the whole table where it has no days).

        The rows are written aside and moved in when all are there. What a job killed between moves had still to move
        is moved by the next writer, before it begins. Rows outside the window are an error of the caller's.

        Returns
        -------
        int
            Rows written.
        """
        return self.replace_days(frame, table, None if window is None else window.days)

    def replace_days(self, frame: DataFrame, table: str, days: Sequence[dt.date] | None) -> int:
        """Do the same as `replace` for single days, which need not stand together; None means the whole table."""
        spark = frame.sparkSession
        declared = TABLES[table]
        staging = f"{self.root}/{STAGING}/{table}-{uuid.uuid4().hex[:12]}"
        ready = _declared_columns(frame, table)
        note_write(table, columns_of(ready) if is_watched() else None)
        in_days = declared.by_day and self.by_day
        is_whole = False
        try:
            if in_days:
                ready = ready.hint("rebalance", "day").sortWithinPartitions(
                    "day", *(c for c in declared.key if c != "day")
                )
                ready.write.partitionBy("day").parquet(staging)
            else:
                ready.coalesce(1).sortWithinPartitions(*declared.key).write.parquet(staging)
            n_rows: int = spark.read.schema(ready.schema).parquet(staging).count()  # from the footers
            is_whole = True
        finally:
            if not is_whole:  # a full disk, above all: what was written would take the room that is needed
                _path(spark, staging).delete()
        self._move_in(spark, table, staging, days if in_days else None)
        return n_rows

    def replace_arrow(self, spark: SparkSession, rows: pa.Table, table: str, window: Window | None = None) -> int:
        """Do the same as `replace` for rows already on the driver."""
        return self.replace(_to_spark(spark, rows, spark_schema(table)), table, window)

    def _move_in(self, spark: SparkSession, table: str, staging: str, days: Sequence[dt.date] | None) -> None:
        check_held(self.root.parent)
        wanted = [""] if days is None else [f"day={day}" for day in days]
        moves = Moves.of(table, wanted, {name for name in wanted if _path(spark, f"{staging}/{name}").exists})
        note = _path(spark, note_of(staging))
        note.write(moves.to_json())
        for name in wanted:
            _path(spark, f"{staging}/{name}").move_over(f"{self.root}/{table}/{name}")
        _path(spark, staging).delete()
        note.delete()


def spark_schema(table: str) -> StructType:
    """Return the Spark schema of the lake's file of `table`."""
    return from_arrow_schema(TABLES[table].arrow())


def _declared_columns(frame: DataFrame, table: str) -> DataFrame:
    schema = spark_schema(table)
    missing = [name for name in schema.fieldNames() if name not in frame.columns]
    if missing:
        raise SchemaError(f"table {table}: expected columns {missing}, got {frame.columns}")
    mark = {MARK: version_of(table)}  # stands in each file: of which version its rows are
    return frame.select(*(F.col(f.name).cast(f.dataType).alias(f.name, metadata=mark) for f in schema.fields))


def _filled(table: str, name: str) -> Column:
    """Return a column with the value that is declared for rows written before it came; Spark reads null there."""
    given = next((change.added[name] for change in steps_from(table, 1) if name in change.added), None)
    return F.col(name) if given is None else F.coalesce(F.col(name), F.lit(given)).alias(name)


def _to_spark(spark: SparkSession, rows: pa.Table, schema: StructType) -> DataFrame:
    if rows.num_rows == 0:
        return spark.createDataFrame([], schema)
    return spark.createDataFrame(rows)


@dataclass(frozen=True)
class _Path:
    """A path of whatever file system Spark knows: local, HDFS, an object store."""

    fs: Any
    path: Any
    make: Any

    @property
    def exists(self) -> bool:
        return bool(self.fs.exists(self.path))

    def delete(self) -> None:
        self.fs.delete(self.path, True)

    def write(self, text: str) -> None:
        """Make this a file with `text`."""
        out = self.fs.create(self.path, True)
        out.write(text.encode())
        out.close()

    def move_over(self, target: str) -> None:
        """Replace `target` by this folder; where this folder does not exist, `target` just goes."""
        aim = self.make(target.rstrip("/"))
        self.fs.delete(aim, True)
        if self.exists:
            self.fs.mkdirs(aim.getParent())
            self.fs.rename(self.path, aim)


def _path(spark: SparkSession, name: str) -> _Path:
    jvm = spark._jvm
    make = jvm.org.apache.hadoop.fs.Path
    path = make(str(name).rstrip("/"))
    return _Path(path.getFileSystem(spark._jsc.hadoopConfiguration()), path, make)
