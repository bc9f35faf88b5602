from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.errors import SchemaError
from analytics.schema import TABLES
from analytics.topics.share import topic_day, wilson_interval


def counts(**changed):
    row = {
        "day": dt.date(2026, 3, 1),
        "topic_id": "t001",
        "channel": "app",
        "product": "",
        "n_contacts": 5,
        "n_total": 50,
    }
    return pd.DataFrame(
        [row | {"n_negative": 3, "n_neutral": 1, "n_positive": 0, "score_sum": -2.0, "score_square_sum": 1.8} | changed]
    )


def test_columns_are_those_of_the_schema():
    assert list(topic_day(counts()).columns) == [column.name for column in TABLES["topic_day"].columns]


def test_share_and_mood():
    row = topic_day(counts()).iloc[0]
    assert row["share"] == pytest.approx(0.1)
    assert row["share_low"] == pytest.approx(0.0435, abs=1e-4)  # textbook value for 5 of 50
    assert row["share_high"] == pytest.approx(0.2136, abs=1e-4)
    assert row["sentiment_mean"] == pytest.approx(-0.5)
    # Four scores, deviation .516, t of 3 degrees 3.182: half is .822, and no score is below -1.
    assert (row["sentiment_low"], row["sentiment_high"]) == (-1.0, pytest.approx(0.322, abs=1e-3))


def test_the_mean_of_one_contact_has_no_interval():
    one = topic_day(counts(n_negative=1, n_neutral=0, score_sum=-0.5, score_square_sum=0.25)).iloc[0]
    assert one["sentiment_mean"] == -0.5 and np.isnan(one["sentiment_low"]) and np.isnan(one["sentiment_high"])


def test_without_moods_the_mean_is_missing():
    assert np.isnan(topic_day(counts(n_negative=0, n_neutral=0, score_sum=0.0)).sentiment_mean.iloc[0])


def test_no_rows_give_no_rows():
    assert topic_day(counts().iloc[:0]).empty


def test_impossible_counts_and_missing_columns_are_refused():
    with pytest.raises(SchemaError, match="n_contacts <= n_total"):
        topic_day(counts(n_contacts=51))
    with pytest.raises(SchemaError, match="missing score_sum"):
        topic_day(counts().drop(columns="score_sum"))


@given(st.integers(1, 10_000).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total))))
def test_the_interval_holds_the_share_and_stays_within_0_and_1(pair):
    hits, total = pair
    low, high = wilson_interval(hits, total)
    assert 0 <= low <= hits / total <= high <= 1


def test_the_interval_covers_what_it_says():
    draws = np.random.default_rng(5).binomial(40, 0.08, size=4000)
    low, high = wilson_interval(draws, np.full(4000, 40))
    assert 0.93 <= np.mean((low <= 0.08) & (high >= 0.08)) <= 0.98
