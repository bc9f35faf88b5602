"""The overview over the made-up warehouse, in whose last week some things have been made to happen."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import duckdb
import pandas as pd
import pytest

from analytics.signals.driver_days import driver_days
from dashboards.data import contacts, mood, mood_drivers
from dashboards.data.days_ahead import days_ahead
from dashboards.data.overview import facts
from dashboards.exports import TABLES
from dashboards.filters import Filters, read_pairs
from dashboards.names import duration, percent, score
from dashboards.pages.overview import PAGE
from dashboards.parts import overview_news as news
from dashboards.parts.overview_points import N_POINTS, ranked
from dashboards.preferences import Preferences, preferred
from dashboards.selection import Selection
from dashboards.site import Site

ZONE, NO_INBOX = "Asia/Shanghai", "sqlite:///no/such/inbox.db"
LAST = dt.date(2026, 10, 4)
WEEK = "?from=2026-09-28&to=2026-10-04"
_HAPPENED = (
    "UPDATE contact SET topic_id = 't09' WHERE day >= '2026-09-28' AND topic_id = 't03'",
    "UPDATE contact SET sentiment_score = -0.95, sentiment_label = 'negative'"
    " WHERE day >= '2026-09-28' AND topic_id = 't09'",
    "UPDATE contact SET topic_id = 't12' WHERE day = '2026-10-02' AND topic_id IN ('t06', 't07')",
    "INSERT INTO topic_birth SELECT DATE '2026-09-29', 't08', 12, 2.1, 1e-6, ['充不上电'], []",
    "INSERT INTO mood_change SELECT DATE '2026-10-03', DATE '2026-09-28', 'app', '', 0.1, -0.3, -0.5, -0.3, 1e-6, 40",
)


@pytest.fixture(scope="module")
def site(warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Site:
    path = tmp_path_factory.mktemp("lively") / "voc.duckdb"
    shutil.copy(warehouse, path)
    with duckdb.connect(str(path)) as connection:
        for statement in _HAPPENED:
            connection.execute(statement)
        connection.register("hours", _forecast())
        connection.execute("DELETE FROM forecast_hour")
        connection.execute("INSERT INTO forecast_hour BY NAME SELECT * FROM hours")
    return Site(path, NO_INBOX, ZONE, (PAGE,))


def _forecast() -> pd.DataFrame:
    made_at = pd.Timestamp(LAST + dt.timedelta(days=1), tz=ZONE).tz_convert("UTC")
    hours = pd.date_range(made_at, periods=7 * 24, freq="h")
    frames = [
        pd.DataFrame({"day": LAST, "hour": hours, "channel": name, "made_at": made_at, "expected": n, "low": n / 2,
                      "high": n * 2})
        for name, n in (("*", 5.0), ("app", 2.0), ("phone", 1.0))
    ]  # fmt: skip
    return pd.concat(frames)


def _nodes(site: Site, search: str) -> Iterator[dict[str, Any]]:
    def walk(node: Any) -> Iterator[dict[str, Any]]:
        if hasattr(node, "to_plotly_json"):
            node = node.to_plotly_json()
        if isinstance(node, dict):
            yield node
            for value in node.values():
                yield from walk(value)
        elif isinstance(node, list | tuple):
            for value in node:
                yield from walk(value)

    yield from walk(_drawn(site, search))


def _text(site: Site, search: str = WEEK) -> str:
    return json.dumps(_drawn(site, search), default=_plain, ensure_ascii=False)


@cache
def _drawn(site: Site, search: str) -> list[Any]:
    return list(site.draw("/", read_pairs(search)).children)


def _plain(value: Any) -> Any:
    return value.to_plotly_json() if hasattr(value, "to_plotly_json") else str(value)


@cache
def _count(site: Site, search: str, spec: str) -> int:
    return contacts.count(site.source, site.selection(read_pairs(search), spec))


@pytest.mark.parametrize("search", [WEEK, "?channel=app", "?from=2026-10-01&to=2026-10-04&product=无线耳机"])
def test_every_number_and_mark_opens_as_many_contacts_as_it_says(site: Site, search: str) -> None:
    opened = 0
    for node in _nodes(site, search):
        match node.get("id"):
            case {"type": "opens", "spec": spec}:
                shown = "".join(c for c in str(node["children"]) if c.isdigit())
                assert not shown or _count(site, search, spec) == int(shown), node["id"]
                opened += bool(shown)
            case {"type": "graph", "name": ("volume-and-mood" | "ahead")}:
                bars = [trace for trace in node["figure"].data if trace.type == "bar" and trace.customdata is not None]
                for y, (spec,) in [(y, d) for trace in bars for y, d in zip(trace.y, trace.customdata, strict=True)]:
                    assert _count(site, search, spec) == (0 if pd.isna(y) else int(y))
                    opened += 1
    assert opened > 30


def test_what_happened_is_said_worst_first_each_with_its_certainty(site: Site) -> None:
    context = site.context(read_pairs(WEEK))
    found = facts(context, mood.summary(context.source, context.selection))
    told = ranked(context, found)
    names = [one.name for one in told]
    assert len(told) == N_POINTS
    assert {"mood", "driver", "topic"} <= set(names) and names[-1] == "unchanged"
    assert names.index("driver") == names.index("mood") + 1
    assert [one.weight for one in told] == sorted((one.weight for one in told), reverse=True)
    assert [one.how for one in told if not any(sign in one.how for sign in ("区间", "q", "·", "p"))] == []
    text = _text(site)
    assert "情绪变差主要来自「面膜用后泛红」" in text and "「面膜用后泛红」明显增多" in text
    assert "与上期 2026年9月21日 – 9月27日 相比" in text


def test_each_kind_of_news_is_told_when_there_is_some(site: Site) -> None:
    context = site.context(read_pairs(WEEK))
    found = facts(context, mood.summary(context.source, context.selection))
    rush, lasting, born = news.burst(context, found), news.lasting(context, found), news.newcomers(context, found)
    assert rush is not None and "预售什么时候发" in rush.lead and "10月2日" in rush.rest
    assert lasting is not None and lasting.tone == "worse" and "App的情绪自9月28日起持续变差" in lasting.lead
    assert born is not None and "出现 1 个新主题" in born.lead and "预计 2.1" in born.how
    started = news.started(context, found)
    assert started is not None and "发生 4 起异常，其中 2 起严重" in started.lead


def test_a_quiet_week_says_that_nothing_changed(site: Site) -> None:
    text = _text(site, "?from=2026-09-21&to=2026-09-27")
    assert "没有显著变化" in text and "全部 10 个主题的占比" in text
    assert "客户说得最多的是" in text
    assert "客户情绪变差" not in text and "客户情绪好转" not in text


def test_without_a_period_before_it_says_how_things_stand(site: Site, undated: Path) -> None:
    text = _text(site, "?from=2026-09-07&to=2026-10-04")
    assert "够不着一个等长的上期" in text and "客户说得最多的是" in text and "较上期 " not in text
    text = _text(Site(undated, NO_INBOX, ZONE, (PAGE,)), "")
    assert "这批数据没有时间，只说现状" in text and "接下来的联络量" not in text


@pytest.mark.parametrize("channel", ["*", "app"])
def test_tiles_of_a_day_are_its_indicators(warehouse: Path, channel: str) -> None:
    untouched = Site(warehouse, NO_INBOX, ZONE, (PAGE,))
    search = "?from=2026-10-03&to=2026-10-03" + ("" if channel == "*" else f"&channel={channel}")
    kpis = untouched.source.rows(
        "SELECT indicator, value FROM kpi_day WHERE day = '2026-10-03' AND channel = $channel AND team = '*'",
        channel=channel,
    ).set_index("indicator")["value"]
    shown = {
        node["data-testid"]: node["children"]
        for node in _nodes(untouched, search)
        if str(node.get("data-testid", "")).startswith("tile-") and node["data-testid"].endswith("-value")
    }
    assert shown == {
        "tile-contacts-value": f"{kpis['n_contacts']:,.0f}",
        "tile-mood-value": score(kpis["sentiment_mean"]),
        "tile-negative-value": percent(kpis["negative_share"]),
        "tile-response-value": duration(kpis["first_response_seconds"]),
    }


def test_drivers_are_those_of_the_table_for_the_last_seven_days(site: Site) -> None:
    selection = site.context(read_pairs(WEEK)).selection
    found = mood_drivers.drivers(site.source, selection).set_index("key")
    rows = site.source.rows(
        "SELECT contact_id, day, started_at, person_id, topic_id, touchpoint, sentiment_score, rating FROM contact"
    )
    rows = rows.assign(day=pd.to_datetime(rows["day"]).dt.date)
    table = driver_days(rows, (LAST, LAST)).query("measure == 'sentiment' and dimension == 'topic'").set_index("key")
    assert set(found.index) == set(table.index)
    for column in ("n", "base_n", "contribution", "mix", "within", "low", "high"):
        expected = table.loc[found.index, column].to_numpy(dtype=float)
        assert found[column].to_numpy(dtype=float) == pytest.approx(expected, nan_ok=True)


def test_the_days_ahead_add_up_hours_and_never_intervals_of_channels(site: Site) -> None:
    week = site.context(read_pairs(WEEK)).selection
    everything = days_ahead(site.source, week, ())
    assert everything is not None and list(everything.days["expected"]) == [120.0] * 7
    assert (everything.days["low"] == 60).all() and (everything.days["high"] == 240).all()
    two = days_ahead(site.source, week, ("app", "phone"))
    assert two is not None and (two.days["expected"] == 72).all() and two.days["low"].isna().all()
    assert days_ahead(site.source, Selection(Filters(dt.date(2026, 9, 7), dt.date(2026, 9, 13))), ()) is None
    assert "几个渠道的区间不能相加" in _text(site, "?channel=app&channel=phone")
    assert "预测只分渠道" in _text(site, "?product=无线耳机")
    assert "把时段调到最近" in _text(site, "?from=2026-09-21&to=2026-09-27")


def test_saved_tables_hold_the_numbers_of_the_page(site: Site) -> None:
    context, text = site.context(read_pairs(WEEK)), _text(site)
    frames = {name: TABLES[f"overview-{name}"].read(context) for name in ("days", "topics", "touchpoints", "ahead")}
    n = mood.summary(site.source, context.selection).n
    assert frames["days"]["联络量"].sum() == frames["topics"]["条数"].sum() == n
    assert frames["ahead"]["联络量"].dropna().sum() == n and frames["ahead"]["预计"].dropna().sum() == 840
    assert all(f'"{count:,}"' in text for count in frames["touchpoints"]["条数"])
    with preferred(Preferences(language="en")):
        assert "Contacts" in TABLES["overview-topics"].read(context).columns


def test_all_touchpoints_have_their_cell_and_few_contacts_are_said_to_be_few(site: Site) -> None:
    cells = [node for node in _nodes(site, WEEK) if str(node.get("className", "")).startswith("way-cell ")]
    assert len(cells) == 28
    text = _text(site, "?channel=weibo&from=2026-10-04&to=2026-10-04")
    assert "way-cell is-small" in text and "share-row is-small" in text and "样本少" in text


def test_links_keep_the_filters(site: Site) -> None:
    links = [str(node["href"]) for node in _nodes(site, f"{WEEK}&channel=app") if "href" in node]
    assert links
    for link in links:
        pairs = parse_qsl(link.split("?")[1], keep_blank_values=True)
        assert ("channel", "app") in pairs and ("from", "2026-09-28") in pairs
