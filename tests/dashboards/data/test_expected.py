from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from dashboards.data import contacts
from dashboards.data.alert_course import course, narrowing_of, product_of
from dashboards.data.alerts import Alerts
from dashboards.data.expected import as_usual, forecast_errors, forecast_of_day, hours_expected
from dashboards.data.source import Source, extent
from dashboards.data.teams import teams
from dashboards.filters import Filters
from dashboards.selection import Selection

FIRST, LAST = dt.date(2026, 9, 7), dt.date(2026, 10, 4)


def _counts(n_days: int, level: float, seed: int = 1) -> pd.Series:
    hours = pd.date_range(LAST - dt.timedelta(days=n_days - 1), periods=24 * n_days, freq="h")
    return pd.Series(np.random.default_rng(seed).poisson(level, len(hours)), index=hours, dtype=float)


def test_eight_of_ten_hours_lie_in_the_usual_range() -> None:
    counts = _counts(120, 20.0)
    start = LAST - dt.timedelta(days=80)
    found = as_usual(counts, start, LAST, start - dt.timedelta(days=39))
    inside = ((found["n"] >= found["low"]) & (found["n"] <= found["high"])).mean()
    assert 0.75 < inside < 0.88


def test_without_two_weeks_before_nothing_is_expected_and_silence_is_no_alarm() -> None:
    counts = _counts(28, 0.0)
    found = as_usual(counts, FIRST, LAST, FIRST)
    known = found["expected"].notna()
    assert not known[found["hour"] < pd.Timestamp(FIRST + dt.timedelta(days=14))].any()
    assert known[found["hour"] >= pd.Timestamp(FIRST + dt.timedelta(days=14))].all()
    assert (found.loc[known, "high"] >= 1).all() and (found.loc[known, "low"] == 0).all()


def test_the_hours_are_those_of_the_list_and_the_forecast_made_before_goes_first(source: Source) -> None:
    found = hours_expected(source, Selection(Filters()), LAST, FIRST)
    assert len(found) == 72
    day = Selection(Filters(LAST, LAST))
    assert int(found.tail(24)["n"].sum()) == contacts.count(source, day)
    assert list(found["is_forecast"]) == [False] * 24 + [True] * 48
    ten = found[found["hour"] == pd.Timestamp(LAST) + pd.Timedelta(hours=10)].iloc[0]
    assert (ten["expected"], ten["low"], ten["high"]) == (9.0, 7.0, 12.0)
    of_product = hours_expected(source, Selection(Filters(products=("儿童手表",))), LAST, FIRST)
    assert not of_product["is_forecast"].any()


def test_the_forecast_of_tomorrow_and_how_far_past_ones_were_off(source: Source) -> None:
    tomorrow = forecast_of_day(source, LAST + dt.timedelta(days=1))
    assert set(tomorrow["channel"]) == {"*", "app", "phone"}
    assert tomorrow[tomorrow["channel"] == "*"]["hour"].dt.hour.tolist() == list(range(24))
    errors = forecast_errors(source, LAST)
    assert errors is not None and errors.n_hours == 48
    found = hours_expected(source, Selection(Filters()), LAST, FIRST).tail(48)
    assert errors.miss == pytest.approx((found["n"] - found["expected"]).abs().sum() / found["n"].sum())
    assert errors.inside == pytest.approx(((found["n"] >= found["low"]) & (found["n"] <= found["high"])).mean())
    assert forecast_errors(source, FIRST) is None


def test_teams_count_what_they_open_to_and_queues_add_up(source: Source) -> None:
    found = teams(source, Selection(extent(source).default), LAST)
    day = {"day_from": LAST.isoformat(), "day_to": LAST.isoformat()}
    for row in found.to_dict("records"):
        more = {} if row["is_team"] else {"channel_is": row["channel"]}
        assert contacts.count(source, Selection(Filters(), {**day, "team_is": row["team"], **more})) == row["n"]
    several = found[found["team"] == "在线一组"]
    assert several["channel"].tolist()[0] == "" and set(several["channel"]) == {"", "app", "web"}
    assert several["n"].iloc[0] == several["n"].iloc[1:].sum()
    whole = contacts.count(source, Selection(Filters(LAST - dt.timedelta(days=14), LAST - dt.timedelta(days=1))))
    assert found[found["is_team"] == 1]["usual_n"].sum() * 14 == pytest.approx(whole)
    assert teams(source, Selection(Filters(channels=("telegram",))), LAST).empty


def test_an_alert_has_its_own_hours(source: Source) -> None:
    alerts = Alerts("sqlite:///no/inbox")
    rows = {name: alerts.find(source, name) or {} for name in ("a-s1", "a-s2", "a-s3", "a-d1")}
    for name in ("a-s2", "a-s3"):
        found = course(source, rows[name], FIRST, LAST)
        assert found is not None and found.narrowing is not None
        busiest = found.hours.loc[found.hours["n"].idxmax()]
        clicked = {**found.narrowing, "hour": busiest["hour"].isoformat()}
        assert contacts.count(source, Selection(Filters(), clicked)) == busiest["n"] > 0
    word = course(source, rows["a-s1"], FIRST, LAST)
    assert word is not None and word.narrowing is None and word.hours["n"].sum() > 0
    assert course(source, rows["a-d1"], FIRST, LAST) is None


def test_an_alert_on_a_product_is_known_by_it() -> None:
    alert = {"kind": "negative", "key": "无线耳机", "channel": "*"}
    assert product_of(alert) == "无线耳机"
    assert narrowing_of(alert) == {"scope": "all", "product_is": "无线耳机", "mood": "negative"}
    assert product_of({"kind": "volume", "key": "app", "channel": "app"}) == ""
    assert product_of({"kind": "keyword", "key": "无线耳机", "channel": "*"}) == ""
