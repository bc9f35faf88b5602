"""Between Spark and pandas: times keep their zone, frames keep their declared columns."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
from pyspark.sql import DataFrame

from analytics.schema import TABLES


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
