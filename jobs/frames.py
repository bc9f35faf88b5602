"""Between Spark and pandas: times keep their zone, frames keep their declared columns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd
import pyarrow as pa
from pyspark.sql import DataFrame

from analytics.schema import TABLES

GROUP_ROWS = 65_536
"""So many turns are worked on at once in a worker: some 10 MB of text, in which most repeats meet."""


def to_pandas(frame: DataFrame) -> pd.DataFrame:
    """Return the rows with times in UTC: Spark gives naive times of the session's zone, which is UTC."""
    found: pd.DataFrame = frame.toPandas()
    times = found.select_dtypes("datetime64[ns]").columns
    return found.assign(**{name: found[name].dt.tz_localize("UTC") for name in times})


def to_arrow(rows: pd.DataFrame, table: str) -> pa.Table:
    """Return the rows as the lake's columns of `table`; columns it does not declare are left out."""
    return pa.Table.from_pandas(rows, schema=TABLES[table].arrow(), preserve_index=False)


def no_rows(table: str) -> pd.DataFrame:
    """Return a frame of `table` that has nothing to say."""
    return pd.DataFrame({name: pd.Series(dtype=object) for name in TABLES[table].arrow().names})


def in_groups(batches: Iterator[pa.RecordBatch], *, n_rows: int = GROUP_ROWS) -> Iterator[pa.Table]:
    """Yield the rows of many small batches as tables of at least `n_rows`, the last one smaller; none for no batch.

    Examples
    --------
    >>> batches = pa.table({"a": range(10)}).to_batches(max_chunksize=2)
    >>> [group.num_rows for group in in_groups(iter(batches), n_rows=5)]
    [6, 4]
    """
    held: list[pa.RecordBatch] = []
    n_held = 0
    for batch in batches:
        held.append(batch)
        n_held += batch.num_rows
        if n_held >= n_rows:
            yield pa.Table.from_batches(held)
            held, n_held = [], 0
    if held:
        yield pa.Table.from_batches(held)


def distinct_texts(rows: pa.Table, column: str) -> tuple[list[str], pa.Array[Any]]:
    """Return the texts of a column that differ, null as '', and for each row the place of its text among them.

    Examples
    --------
    >>> texts, places = distinct_texts(pa.table({"text": ["好", None, "好"]}), "text")
    >>> texts, places.to_pylist()
    (['好', ''], [0, 1, 0])
    """
    found = rows[column].combine_chunks().fill_null("").dictionary_encode()
    return [str(text) for text in found.dictionary.to_pylist()], found.indices
