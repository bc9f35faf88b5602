"""What the views of topics are computed from: words, births, pairs, parts of a mood, one reading for all."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards.data import contacts, mood, topic_shares, topics
from dashboards.data.source import Source, extent
from dashboards.data.topic_births import births, sentences
from dashboards.data.topic_daily import SUMS, daily, every_day, summed
from dashboards.data.topic_drivers import drivers, drivers_between
from dashboards.data.topic_pairs import Side, compare
from dashboards.data.topic_words import topic_words
from dashboards.filters import Filters
from dashboards.selection import Selection

DAYS = st.lists(
    st.tuples(st.sampled_from("abc"), st.integers(0, 4), st.integers(1, 9), st.floats(-1, 1)), min_size=1, max_size=12,
    unique_by=lambda row: row[:2],
)  # fmt: skip


@pytest.fixture(scope="module")
def whole(source: Source) -> Selection:
    return Selection(extent(source).default)


def _rows(days: list[tuple[str, int, int, float]]) -> pd.DataFrame:
    """Return daily rows in which all contacts of a key and day score the same."""
    frame = pd.DataFrame(days, columns=["key", "day", "n", "score"]).assign(n_mood=lambda f: f["n"])
    frame = frame.assign(total=frame["n"] * frame["score"], squares=frame["n"] * frame["score"] ** 2)
    for name in set(SUMS) - set(frame.columns):
        frame[name] = 0
    return frame.assign(day=pd.Timestamp(2026, 9, 7) + pd.to_timedelta(frame["day"], unit="D"))


@settings(max_examples=15, deadline=None)
@given(DAYS, DAYS)
def test_parts_of_a_mood_are_the_whole_whatever_the_days(now: list[tuple], base: list[tuple]) -> None:
    found = drivers_between(_rows(now), _rows(base))
    assert found.parts["contribution"].sum() == pytest.approx(found.mean - found.base_mean, abs=1e-9)
    assert set(found.parts["verdict"]) <= {"significant", "flat", "none"}
    assert found.parts["n"].sum() == sum(row[2] for row in now)


def test_sums_of_days_are_the_summary_of_all(source: Source, whole: Selection) -> None:
    rows = daily(source, whole)
    found = summed(rows.assign(key=""), ["key"]).iloc[0]
    told = mood.summary(source, whole)
    assert (found["n"], found["n_negative"]) == (told.n, told.n_negative)
    assert np.allclose([found["mean"], found["low"], found["high"]], [told.mean, told.low, told.high])
    filled = every_day(rows, ["t01", "no such"])
    assert filled.groupby("key")["n"].sum().to_dict() == {"t01": told.n, "no such": told.n}
    assert filled[filled["key"] == "no such"]["k"].sum() == 0


def test_words_are_counted_as_they_are_listed_and_growth_is_told(source: Source, whole: Selection) -> None:
    found = topic_words(source, whole, "t09", ["泛红", "又红又痛", "没人说"])
    assert "没人说" not in set(found.rows["word"])
    assert "又红又痛" in set(found.of("word")["word"])
    phrases = found.of("phrase")
    assert "脸上又红又痛" in set(phrases["word"]) and (phrases["n"] >= 3).all()
    for row in found.rows.head(6).to_dict("records"):
        narrowing = {"topic": "t09", "exact": row["word"], "day_from": str(found.since), "day_to": str(found.until)}
        assert contacts.count(source, whole.narrowed(**narrowing)) == row["n"]
    assert (found.rows["q_value"] >= found.rows["p_value"]).all()
    late = Selection(Filters(dt.date(2026, 9, 7), dt.date(2026, 10, 4)))
    assert topic_words(source, late, "t09", []).since == dt.date(2026, 9, 7)


def test_a_topic_too_large_is_read_over_fewer_days(
    source: Source, whole: Selection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboards.data.topic_words.MAX_CONTACTS", 40)
    found = topic_words(source, whole, "t09", ["又红又痛"])
    assert found.since == dt.date(2026, 9, 28)
    assert found.n == contacts.count(source, whole.narrowed(topic="t09", day_from="2026-09-28"))


def test_births_are_of_the_days_and_say_what_showed_them(source: Source, whole: Selection) -> None:
    found = births(source, whole.filters)
    assert list(found["topic_id"]) == ["t08"] and found["born"].item() == "2026-09-29"
    said = sentences(source, found)["t08"]
    assert len(said) == 2 and all(len(text) > 4 for _, text in said)
    assert births(source, Filters(dt.date(2026, 9, 7), dt.date(2026, 9, 14))).empty
    assert births(source, Filters()).empty


def test_a_pair_turned_round_has_the_differences_turned_round(source: Source, whole: Selection) -> None:
    sides = [Side(name, whole.narrowed(channel_is=name), {"channel_is": name}) for name in ("phone", "wechat")]
    there, back = (compare(source, *order) for order in (sides, sides[::-1]))
    assert there.n == back.n[::-1] and there.mood.difference == pytest.approx(-back.mood.difference)
    both = there.topics.merge(back.topics, on="topic_id", suffixes=("", "_back"))
    for name in ("change", "mood_change"):
        assert np.allclose(both[name], -both[f"{name}_back"], equal_nan=True)
    assert np.allclose(both["q_value"], both["q_value_back"]) and (both["verdict"] == both["verdict_back"]).all()
    assert there.topics["n_a"].sum() == there.n[0] == contacts.count(source, sides[0].selection)
    assert there.topics["topic_id"].iloc[-1] == ""


def test_a_pair_of_periods_is_the_change_of_the_list(source: Source, whole: Selection) -> None:
    before = whole.filters.before()
    assert before is not None
    pair = compare(source, Side("A", whole, {}), Side("B", Selection(before), {}))
    listed = topics.topic_table(source, whole)
    both = pair.topics.merge(listed, on="topic_id", suffixes=("", "_listed"))
    assert len(both) == len(listed)
    for name in ("change", "change_low", "p_value", "q_value"):
        assert np.allclose(both[name], both[f"{name}_listed"])
    moved = drivers(source, whole, "topic")
    assert moved.change.difference == pytest.approx(pair.mood.difference)


def test_products_with_more_of_a_topic_are_told_from_chance(source: Source, whole: Selection) -> None:
    frame = topic_shares.by_column(source, whole, "t01", "product").set_index("key")
    assert set(frame["times_verdict"]) <= {"significant", "flat"}
    one = frame.iloc[0]
    rest = frame.iloc[1:][["k", "n"]].sum()
    assert one["times"] == pytest.approx(one["share"] / (rest["k"] / rest["n"]))
