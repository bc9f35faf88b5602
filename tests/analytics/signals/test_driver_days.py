from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from analytics.schema import TABLES
from analytics.signals.driver_days import driver_days

LAST = dt.date(2026, 3, 29)


def contacts(seed=0, n=700):
    rng = np.random.default_rng(seed)
    back = rng.integers(0, 17, n)
    days = [LAST - dt.timedelta(days=int(days)) for days in back]
    topic = rng.choice(np.array(["t1", "t2", None], dtype=object), n)
    late = (back < 7) & (topic == "t1")
    hour = pd.to_timedelta(rng.integers(0, 15, n), unit="h")
    return pd.DataFrame(
        {
            "contact_id": [f"c{i}" for i in range(n)],
            "day": days,
            "started_at": pd.to_datetime(pd.Series(days)).dt.tz_localize("UTC") + hour,
            "person_id": rng.choice(np.array([*"abcdefghij", None], dtype=object), n),
            "topic_id": topic,
            "touchpoint": rng.choice(np.array(["支付", "物流"], dtype=object), n),
            "sentiment_score": np.clip(rng.normal(0.2, 0.3, n) - 0.6 * late, -1, 1),
            "rating": np.where(rng.random(n) < 0.3, rng.integers(1, 6, n), np.nan),
        }
    )


def test_the_table_is_as_declared_and_the_worse_topic_leads():
    found = driver_days(contacts(), (LAST, LAST))
    pa.Table.from_pandas(found, schema=TABLES["driver"].arrow(), preserve_index=False)
    assert set(zip(found["measure"], found["dimension"], strict=True)) == {
        (measure, dimension) for measure in ("sentiment", "csat", "repeat") for dimension in ("topic", "touchpoint")
    }
    lead = found[(found["measure"] == "sentiment") & (found["dimension"] == "topic") & (found["rank"] == 1)].iloc[0]
    assert lead["key"] == "t1" and lead["high"] < 0
    assert (lead["period_start"], lead["base_end"]) == (dt.date(2026, 3, 23), dt.date(2026, 3, 22))


def test_contributions_add_up_to_the_change_of_the_mean():
    table = contacts()
    found = driver_days(table, (LAST, LAST))
    since, before = (LAST - dt.timedelta(days=days) for days in (7, 14))
    now, base = table[table["day"] > since], table[(table["day"] > before) & (table["day"] <= since)]
    for measure, column in (("sentiment", "sentiment_score"), ("csat", "rating")):
        for dimension in ("topic", "touchpoint"):
            parts = found[(found["measure"] == measure) & (found["dimension"] == dimension)]
            change = now[column].mean() - base[column].mean()
            assert parts["contribution"].sum() == pytest.approx(change, abs=1e-9)


def test_a_day_alone_and_in_a_window_in_any_order_of_rows_are_the_same():
    window = driver_days(contacts(), (LAST - dt.timedelta(days=2), LAST))
    alone = driver_days(contacts().sample(frac=1, random_state=1), (LAST, LAST))
    pd.testing.assert_frame_equal(window[window["day"] == LAST].reset_index(drop=True), alone)


def test_a_repeat_is_the_same_person_on_the_same_topic_within_three_days_on_any_channel():
    table = pd.DataFrame(
        [
            {"contact_id": name, "day": LAST - dt.timedelta(days=back), "person_id": "a", "topic_id": topic}
            for name, back, topic in [("1", 9, "t1"), ("2", 4, "t1"), ("3", 2, "t1"), ("4", 2, "t2")]
        ]
    ).assign(touchpoint=None, sentiment_score=np.nan, rating=np.nan)
    table["started_at"] = pd.to_datetime(table["day"]).dt.tz_localize("UTC")
    found = driver_days(table, (LAST, LAST))
    topics = found[found["dimension"] == "topic"]
    assert set(topics["measure"]) == {"repeat"}
    assert topics["contribution"].sum() == pytest.approx(1 / 3)


def test_nothing_in_is_nothing_out():
    assert driver_days(contacts().iloc[:0], (LAST, LAST)).empty
