from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from analytics.errors import SchemaError
from analytics.schema import TABLES
from analytics.signals import sentiment_hour


def cells(n):
    rng = np.random.default_rng(1)
    scores = [rng.uniform(-1, 1, size) for size in n]
    return pd.DataFrame(
        {
            "hour": pd.date_range("2026-01-05 15:00Z", periods=len(n), freq="h"),
            "channel": "app",
            "team": "",
            "product": "",
            "topic_id": "",
            "n": n,
            "n_negative": 0,
            "n_neutral": n,
            "n_positive": 0,
            "score_sum": [s.sum() for s in scores],
            "score_square_sum": [(s**2).sum() for s in scores],
            "median_response_seconds": 30.0,
        }
    )


def test_the_table_is_as_declared():
    found = sentiment_hour(cells([3, 1, 20]))
    table = pa.Table.from_pandas(found, schema=TABLES["sentiment_hour"].arrow(), preserve_index=False)
    assert table.num_rows == 3
    assert [day.isoformat() for day in found["day"]] == ["2026-01-05", "2026-01-06", "2026-01-06"]


def test_intervals_hold_the_mean_stay_in_range_and_shrink_with_n():
    found = sentiment_hour(cells([1, 2, 5, 30, 400]))
    assert ((found["low"] <= found["mean"]) & (found["mean"] <= found["high"])).all()
    assert found["low"].min() >= -1 and found["high"].max() <= 1
    widths = (found["high"] - found["low"]).tolist()
    assert widths[3] > widths[4] and widths[0] > widths[3]


def test_empty_cells_have_no_row_and_nothing_in_is_nothing_out():
    assert len(sentiment_hour(cells([0, 4]))) == 1
    assert sentiment_hour(cells([3]).iloc[:0]).empty


def test_a_missing_column_is_named():
    with pytest.raises(SchemaError, match="score_sum"):
        sentiment_hour(cells([3]).drop(columns="score_sum"))
