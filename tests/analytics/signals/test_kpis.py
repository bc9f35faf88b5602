from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.errors import ConfigError, SchemaError
from analytics.kpi_catalog import INDICATORS, load_indicators
from analytics.schema import ALL, TABLES
from analytics.signals import kpi_day
from analytics.signals.kpi_estimates import estimates
from analytics.signals.kpis import kpi_tables

_NOT_GIVEN = {"topic_id", "due_at", "n_reopened", "n_transfers", "rating"}
MIDNIGHT = pd.Timestamp("2026-01-05", tz="Asia/Shanghai").tz_convert("UTC")


def contact(number, hours, **other):
    usual = {
        "contact_id": f"c{number}",
        "started_at": (started := MIDNIGHT + pd.Timedelta(hours=hours)),
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
        "n_transfers": None,
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


_known = st.sampled_from(["a", "b", None])
_contacts = st.lists(
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from(["chat", "call", "work_order", "review"]),
            "channel": st.sampled_from(["app", "NPS问卷", None]),
            "team": _known,
            "product": _known,
            "topic_id": _known,
            "person_id": _known,
            "agent_id": _known,
            "category": st.sampled_from(["投诉", "咨询", None]),
            "sentiment_score": st.one_of(st.none(), st.floats(-1, 1)),
            "sentiment_label": st.sampled_from(["negative", "positive", None]),
            "mean_response_seconds": st.one_of(st.none(), st.floats(0, 1e6)),
            "mood_course": st.sampled_from(["recovered", "steady", None]),
            "sentiment_first": st.sampled_from([-0.5, 0.1]),
            "n_reopened": st.sampled_from([0, 1, None]),
            "rating": st.sampled_from([1.0, 5.0, 9.0, None]),
            "hours": st.integers(0, 120),
            "due_hours": st.one_of(st.none(), st.integers(0, 48)),
        }
    ),
    min_size=1,
    max_size=25,
)


def frame(said):
    rows = []
    for number, one in enumerate(said):
        due = one["due_hours"]
        values = {name: value for name, value in one.items() if name not in ("hours", "due_hours")}
        row = contact(number, one["hours"], **values)
        rows.append({**row, "due_at": None if due is None else row["started_at"] + pd.Timedelta(hours=due)})
    return pd.DataFrame(rows)


@pytest.mark.slow
@settings(max_examples=7, deadline=None)
@given(_contacts, st.randoms(use_true_random=False))
def test_the_parts_of_the_cube_add_up_to_every_row_of_the_days_in_whatever_order(said, random):
    table = frame(said)
    found = kpi_tables(table)
    order = list(range(len(table)))
    random.shuffle(order)
    again = kpi_tables(table.iloc[order])
    assert found.day.equals(again.day) and found.cube.equals(again.cube)
    cube, days = found.cube.to_pandas(), found.day.to_pandas()
    assert not cube.duplicated(list(TABLES["kpi_cube"].key)).any()
    for row in days.itertuples():
        one = INDICATORS[row.indicator]
        if not one.is_additive:
            assert row.indicator not in set(cube["indicator"])
            continue
        of_row = (cube["indicator"] == row.indicator) & (cube["day"] == row.day)
        for level in ("channel", "team"):
            of_row &= (cube[level] == getattr(row, level)) | (getattr(row, level) == ALL)
        parts = cube[of_row]
        n, total, squares = (np.array([parts[name].sum()], float) for name in ("n", "numerator", "squares"))
        # A sum of doubles may be a hair off what it is of decimals; both stand for the same millionth.
        value, low, high = (part[0] for part in estimates(one.statistic, n, total.round(6), squares))
        assert (row.n, row.value) == (n[0], pytest.approx(value, abs=1e-9, rel=1e-12))
        assert (row.low, row.high) == pytest.approx((low, high), abs=1e-4, rel=1e-6, nan_ok=True)


def value_at(rows, indicator, **where):
    return value(kpi_tables(pd.DataFrame(rows), **where).day.to_pandas(), indicator)


def test_who_is_not_back_for_the_same_matter_was_helped_the_first_time():
    def said(number, hours, person="p", topic="t", **other):
        return contact(number, hours, person_id=person, topic_id=topic, **other)

    rows = [
        said(1, 1),
        said(2, 2, topic="u"),  # another matter: no second contact of the first
        said(3, 3, person="q"),
        said(4, 73.1, person="q", channel="review", kind="review"),  # within 72 hours of it, on another channel
        said(5, 4, person="r"),
        said(6, 77, person="r"),  # 73 hours later: a new errand
        said(7, 5, person="s", kind="review"),  # a review asks for nothing
        said(8, 6, person=None),
        said(9, 7, topic=None),
        said(10, 200, person="z"),
    ]
    assert value_at(rows, "first_contact_resolution_share") == (0.75, 4)
    assert value_at([*rows, said(11, 1.5)], "first_contact_resolution_share") == (0.5, 4)
    assert value_at(rows, "topic_repeat_share") == (0.0, 5)
    assert value_at([*rows, said(11, 1.5)], "topic_repeat_share") == (pytest.approx(1 / 6), 6)


def test_contacts_of_the_newest_hours_wait_to_be_judged():
    rows = [contact(i, i, person_id=f"p{i}", topic_id="t") for i in range(4)]
    assert value_at(rows, "first_contact_resolution_share") is None
    seen = (MIDNIGHT + pd.Timedelta(hours=72 + 2)).to_pydatetime()
    assert value_at(rows, "first_contact_resolution_share", seen_until=seen) == (1.0, 3)


def test_a_work_order_is_late_once_its_limit_has_passed_and_not_before():
    def order(number, ended, due, **other):
        at = {
            name: MIDNIGHT + pd.Timedelta(hours=hours) if hours else None for name, hours in (("e", ended), ("d", due))
        }
        return contact(number, 1, kind="work_order", ended_at=at["e"], due_at=at["d"], **other)

    rows = [order(1, 5, 9, category="投诉-物流"), order(2, 10, 9), order(3, None, 9, category="Complaint")]
    rows += [order(4, None, 90), order(5, 5, None), contact(6, 20)]
    assert value_at(rows, "on_time_share") == (pytest.approx(1 / 3), 3)
    assert value_at(rows, "complaint_on_time_share") == (0.5, 2)


def test_ratings_are_counted_on_their_own_scale():
    rows = [contact(i, 1, rating=rating) for i, rating in enumerate([5, 4, 2, 9, None])]
    rows += [
        contact(10 + i, 1, kind="review", channel="NPS问卷", rating=rating) for i, rating in enumerate([10, 9, 8, 3])
    ]
    rows += [contact(20, 1, kind="review", channel="csat问卷", rating=5), contact(21, 1, kind="review", rating=1)]
    assert value_at(rows, "csat_share") == (0.75, 4)
    assert value_at(rows, "nps") == (25.0, 4)


def test_a_work_order_opened_again_was_not_done():
    rows = [contact(i, 1, kind="work_order", n_reopened=n) for i, n in enumerate([0, 2, 0, None])]
    assert value_at(rows, "reopened_share") == (pytest.approx(1 / 3), 3)


def test_asking_for_some_days_gives_these_as_all_days_have_them():
    rows = pd.DataFrame([contact(i, 11 * i, person_id=f"p{i % 2}", topic_id="t") for i in range(12)])
    every, some = kpi_tables(rows), kpi_tables(rows, days=[dt.date(2026, 1, 6), dt.date(2026, 1, 9)])
    for whole, part in ((every.day, some.day), (every.cube, some.cube)):
        kept = whole.to_pandas()
        kept = kept[kept["day"].isin([dt.date(2026, 1, 6), dt.date(2026, 1, 9)])].reset_index(drop=True)
        pd.testing.assert_frame_equal(part.to_pandas(), kept)


def test_a_site_s_own_indicator_is_computed_and_one_that_does_not_fit_the_data_says_no_value(tmp_path):
    text = """name = "own"\nlabel = "自己的"\nunit = "seconds"\ndirection = "lower"\nstatistic = "mean"
grain = ["day", "channel", "product", "team", "topic"]\nsource = ["product"]\nformula = "试"\nmeasure = MEASURE"""
    file = tmp_path / "own.toml"
    rows = pd.DataFrame([contact(1, 1, product="abc"), contact(2, 1, product="12")])
    file.write_text(text.replace("MEASURE", '"length(product)"'), encoding="utf-8")
    assert value(kpi_tables(rows, load_indicators(tmp_path)).day.to_pandas(), "own") == (2.5, 2)
    file.write_text(text.replace("MEASURE", '"CASE WHEN product = 12 THEN 1 ELSE 0 END"'), encoding="utf-8")
    with pytest.raises(ConfigError, match="does not fit what its columns hold") as caught:
        kpi_tables(rows, load_indicators(tmp_path))
    assert "abc" not in str(caught.value)
