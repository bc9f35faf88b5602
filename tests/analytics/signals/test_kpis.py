from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from analytics.errors import SchemaError
from analytics.kpi_catalog import INDICATORS
from analytics.schema import TABLES
from analytics.signals import kpi_day

_NOT_GIVEN = {"topic_id", "due_at", "n_reopened", "rating"}
MIDNIGHT = pd.Timestamp("2026-01-05", tz="Asia/Shanghai").tz_convert("UTC")


def contact(number, hours, **other):
    started = MIDNIGHT + pd.Timedelta(hours=hours)
    usual = {
        "contact_id": f"c{number}",
        "started_at": started,
        "ended_at": started + pd.Timedelta(minutes=5),
        "kind": "chat",
        "channel": "app",
        "team": "一组",
        "agent_id": "a1",
        "person_id": None,
        "first_response_seconds": 30.0,
        "mean_response_seconds": 40.0,
        "sentiment_score": 0.0,
        "sentiment_label": "neutral",
        "sentiment_first": 0.0,
        "mood_course": None,
        "product": None,
        "topic_id": None,
        "category": None,
        "due_at": None,
        "n_reopened": None,
        "rating": None,
    }
    return {**usual, **other}


def value(table, indicator, channel="*", team="*", day=dt.date(2026, 1, 5)):
    where = (table["indicator"] == indicator) & (table["channel"] == channel) & (table["team"] == team)
    row = table[where & (table["day"] == day)]
    return (row["value"].item(), row["n"].item()) if len(row) else None


@pytest.fixture
def kpis():
    rows = [
        contact(1, 1, person_id="p", sentiment_label="negative", sentiment_score=-0.8),
        contact(2, 2, first_response_seconds=90.0, mood_course="steady"),
        contact(3, 3, channel="phone", team="二组", kind="call", agent_id=None, first_response_seconds=np.nan),
        contact(4, 4, channel="review", team=None, kind="review", agent_id=None, first_response_seconds=np.nan),
        contact(
            5,
            26,
            channel="phone",
            team="二组",
            kind="call",
            person_id="p",
            sentiment_first=-0.6,
            mood_course="recovered",
        ),
        contact(6, 30, sentiment_label=None, sentiment_score=np.nan),
    ]
    return kpi_day(pd.DataFrame(rows))


def test_every_contact_counts_once_at_every_level(kpis):
    assert value(kpis, "n_contacts") == (4, 4)
    parts = kpis[(kpis["indicator"] == "n_contacts") & (kpis["channel"] != "*") & (kpis["team"] != "*")]
    assert parts["value"].sum() == 6


def test_shares_count_only_those_that_are_asked(kpis):
    assert value(kpis, "negative_share") == (0.25, 4)
    assert value(kpis, "answered_share") == (pytest.approx(2 / 3), 3)
    assert value(kpis, "negative_share", day=dt.date(2026, 1, 6)) == (0.0, 1)


def test_who_came_negative_is_won_back_or_not_and_who_came_well_turns_or_not():
    courses = (
        (-0.6, "recovered"),
        (-0.3, "steady"),
        (-0.8, "steady"),
        (-0.29, "soured"),
        (0.8, "steady"),
        (-0.9, None),
    )
    rows = [contact(i, 1, sentiment_first=first, mood_course=course) for i, (first, course) in enumerate(courses)]
    found = kpi_day(pd.DataFrame(rows))
    assert value(found, "recovered_share") == (pytest.approx(1 / 3), 3)
    assert value(found, "soured_share") == (0.5, 2)
    row = found[(found["indicator"] == "recovered_share") & (found["channel"] == "*") & (found["team"] == "*")].iloc[0]
    assert (row["low"], row["high"]) == (pytest.approx(0.061, abs=1e-3), pytest.approx(0.792, abs=1e-3))


def test_a_person_who_is_back_on_another_channel_is_a_repeat(kpis):
    second = dt.date(2026, 1, 6)
    assert value(kpis, "repeat_share") == (0.0, 1)
    assert value(kpis, "repeat_share", day=second) == (1.0, 1)
    assert value(kpis, "repeat_share", channel="app", team="一组", day=second) is None


def test_times_are_medians_and_means(kpis):
    assert value(kpis, "first_response_seconds") == (60.0, 2)
    assert value(kpis, "handling_seconds") == (300.0, 3)
    assert value(kpis, "mean_response_seconds", channel="app") == (40.0, 2)


def test_the_table_is_as_declared_with_ordered_intervals(kpis):
    pa.Table.from_pandas(kpis, schema=TABLES["kpi_day"].arrow(), preserve_index=False)
    bounded = kpis.dropna(subset=["low", "high"])
    assert ((bounded["low"] <= bounded["value"]) & (bounded["value"] <= bounded["high"])).all()
    assert set(kpis["indicator"]) == {name for name, one in INDICATORS.items() if not _NOT_GIVEN & set(one.source)}
    assert not kpis.duplicated(["day", "channel", "team", "indicator"]).any()


def test_earlier_days_serve_only_to_see_who_is_back():
    rows = [contact(1, -30, person_id="p"), contact(2, 5, person_id="p")]
    found = kpi_day(pd.DataFrame(rows), first_day=dt.date(2026, 1, 5))
    assert set(found["day"]) == {dt.date(2026, 1, 5)} and value(found, "repeat_share") == (1.0, 1)


def test_nothing_in_nothing_out_and_a_missing_column_is_named():
    table = pd.DataFrame([contact(1, 1)])
    assert kpi_day(table.iloc[:0]).empty
    with pytest.raises(SchemaError, match="person_id"):
        kpi_day(table.drop(columns="person_id"))


def test_a_column_without_any_value_is_borne():
    bare = pd.DataFrame([contact(1, 1), contact(2, 2)]).assign(
        ended_at=pd.NaT,
        mean_response_seconds=None,
        sentiment_score=None,
        sentiment_label=None,
        sentiment_first=None,
        first_response_seconds=None,
    )
    found = kpi_day(bare.assign(ended_at=pd.to_datetime(bare["ended_at"], utc=True)))
    assert value(found, "n_contacts") == (2, 2) and value(found, "negative_share") is None
