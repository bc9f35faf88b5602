"""The numbers of the API are those of the pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from dashboards.data import contacts, mood, operations, topics
from dashboards.data.source import Source
from dashboards.filters import Filters
from dashboards.selection import Selection

Get = Callable[..., TestResponse]
START, END = dt.date(2026, 9, 14), dt.date(2026, 10, 4)
PERIOD = f"from={START}&to={END}"
SELECTION = Selection(Filters(START, END, ("app", "wechat")))
ASKED = f"{PERIOD}&channel=app&channel=wechat"


def test_topics(get: Get, source: Source) -> None:
    page = topics.topic_table(source, SELECTION)
    told = get(f"topics?{ASKED}&hidden=true&limit=500").json
    assert told["page"]["total"] == len(page) == len(told["data"])
    for name in ("topic_id", "label", "n", "mean", "share", "share_low", "change", "q_value", "verdict"):
        assert [row[name] for row in told["data"]] == page[name].to_list(), name


def test_one_topic_has_the_course_of_its_page(get: Get, source: Source) -> None:
    told = get(f"topics/t08?{ASKED}").json["data"]
    course = topics.topic_over_time(source, SELECTION, "t08")
    assert [(p["day_from"], p["n"], p["share"]) for p in told["course"]] == list(
        zip(course["day_from"], course["n"], course["share"], strict=True)
    )
    assert [event["event"] for event in told["events"]] == ["born"]


def test_days(get: Get, source: Source) -> None:
    page = mood.over_time(source, SELECTION)
    told = get(f"series?{ASKED}").json["data"]
    assert [point["start"] for point in told] == [f"{day:%Y-%m-%d}T00:00:00+08:00" for day in page["bucket"]]
    for name in ("n", "n_mood", "n_negative", "mean", "low", "high"):
        assert [point[name] for point in told] == page[name].to_list(), name


def test_hours(get: Get, source: Source) -> None:
    page = operations.by_hour(source, SELECTION, END)
    told = get(f"series?from={END}&to={END}&channel=app&channel=wechat&step=hour").json["data"]
    page = page[page["n"] > 0]
    assert [point["start"] for point in told] == [f"{hour:%Y-%m-%dT%H:00:00}+08:00" for hour in page["hour"]]
    assert [point["n"] for point in told] == page["n"].to_list()
    assert [p["median_response_seconds"] for p in told] == pytest.approx(page["median_response_seconds"].to_list())


@pytest.mark.parametrize("by", ["channel", "product", "topic"])
def test_parts_add_up(get: Get, source: Source, by: str) -> None:
    told = get(f"series?{ASKED}&by={by}&limit=500").json
    assert told["page"]["next"] is None
    assert sum(point["n"] for point in told["data"]) == contacts.count(source, SELECTION)


def test_indicators(get: Get, source: Source) -> None:
    page = operations.kpis(source, START, END, "app")
    page = page[page["indicator"] == "negative_share"]
    told = get(f"indicators/negative_share?{PERIOD}&channel=app").json["data"]
    assert len(told) > 0
    for name in ("value", "low", "high", "n"):
        assert [row[name] for row in told] == page[name].to_list()
    names = [row["name"] for row in get("indicators").json["data"]]
    assert names == list(source.indicators)


def test_events_and_the_contacts_behind_them(get: Get, source: Source) -> None:
    for path, key, read in (("spikes", "spike", operations.spikes), ("dips", "dip", operations.dips)):
        page = read(source, START, END)
        told = get(f"{path}?{PERIOD}").json["data"]
        assert [row[f"{key}_id"] for row in told] == page[f"{key}_id"].to_list()
        for row in told:
            behind = get(f"contacts?{key}={row[f'{key}_id']}&limit=1").json
            assert behind["page"]["total"] == row["n_contacts"]
    dip = get(f"dips?{PERIOD}").json["data"][0]
    assert dip["drop"] == pytest.approx(dip["within_topic"] + dip["mix"] + dip["delay"] + dip["unexplained"])


def test_alerts_and_their_evidence(get: Get) -> None:
    told = get(f"alerts?{PERIOD}").json["data"]
    assert [row["alert_id"] for row in told] == ["a-d1", "a-s1", "a-s3", "a-s2"]
    assert [row["alert_id"] for row in get(f"alerts?{PERIOD}&state=acknowledged").json["data"]] == ["a-s3"]
    one = get("alerts/a-s1").json["data"]
    assert len(one["contact_ids"]) == one["n_contacts"] > 0


def test_contacts_are_those_of_the_page(get: Get, source: Source) -> None:
    told = get(f"contacts?{ASKED}&mood=negative&limit=5&offset=10").json
    chosen = SELECTION.narrowed(mood="negative")
    page = contacts.page(source, chosen, start=10, stop=15, order=("started", "desc"))
    assert [row["contact_id"] for row in told["data"]] == page["contact_id"].to_list()
    assert told["page"]["total"] == contacts.count(source, chosen)
    assert told["data"][0]["started"] == page["started"].iloc[0].replace(" ", "T") + ":00+08:00"


def test_pages_of_a_list_are_the_list(get: Get) -> None:
    whole = get(f"series?{ASKED}&by=channel").json["data"]
    found, path = [], f"series?{ASKED}&by=channel&limit=9"
    while path:
        told = get(path).json
        found += told["data"]
        path = (told["page"]["next"] or "").removeprefix("/api/v1/")
    assert found == whole
