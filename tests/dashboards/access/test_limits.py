"""People with limits try to see more: every page, list, file, contact, search and answer of the interface."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import flask
import pytest

from analytics.inbox import NewAlert
from analytics.warehouse import open_reader
from dashboards import alert_deciding
from dashboards.access.grant import access_now
from dashboards.access.limited import ViewersReader
from dashboards.access.looked import looked
from dashboards.api.site import current_site
from dashboards.data import contacts
from dashboards.exporting import saved
from dashboards.exports import TABLES
from dashboards.filters import Filters, read_pairs
from dashboards.pages import PAGES
from dashboards.parts import voices
from dashboards.selection import Selection, selection_of
from dashboards.site import Site
from tests.dashboards.access.conftest import Place

CONTACT = re.compile(r"\bc\d{5}\b")
PRODUCTS = ("轻薄笔记本", "无线耳机", "扫地机器人", "儿童手表")
SEARCHES = (
    "?channel=*&topic=t01&with=t02&a=phone&b=web&alert=a-d1&compare=channel:phone",
    "?channel=phone&channel=wechat&product=轻薄笔记本&day=2026-10-04&channel_is=wechat&team=微信组&team_is=微信组&scope=all",
)
SELECTIONS = (
    "scope=all", "spike=s2", "dip=d1", "channel_is=phone", "team_is=微信组", "product_is=轻薄笔记本", "mentions=t06",
    "category=anger", "mood=negative&channel=phone", "person=p1", "said=退款",
)  # fmt: skip


@contextmanager
def looking(place: Place, role: str) -> Iterator[Site]:
    """Be somebody of a role while a request is answered."""
    with place.server.test_request_context("/"):
        viewer = access_now().viewer(f"of_{role}", role)
        assert viewer is not None
        flask.g.viewer = viewer
        yield current_site()


@pytest.fixture(scope="module")
def visible(warehouse: Path) -> dict[str, set[str]]:
    """What each role may see, said without the code under test."""
    with open_reader(warehouse) as reader:
        conditions = {
            "app_team": "channel = 'app'", "mask": "product = '呛口小辣椒面膜'", "wechat_team": "team = '微信组'",
            "web_of_calls": "channel = 'web' AND team = '热线一组'",
        }  # fmt: skip
        return {
            role: set(reader.query(f"SELECT contact_id FROM contact WHERE {sql}")["contact_id"])
            for role, sql in conditions.items()
        }


def written(drawn: Any) -> str:
    return json.dumps(drawn, default=_plain, ensure_ascii=False)


def _plain(value: Any) -> Any:
    return value.to_plotly_json() if hasattr(value, "to_plotly_json") else str(value)


@pytest.mark.slow
@pytest.mark.parametrize(("role", "page"), [*(("mask", page.path) for page in PAGES), ("app_team", "/topics"),
                                            ("app_team", "/")])  # fmt: skip
def test_no_page_shows_a_hidden_contact_whatever_its_address(
    place: Place, visible: dict[str, set[str]], role: str, page: str
) -> None:
    with looking(place, role) as site:
        allowed = access_now().roles[role].pages
        for search in SEARCHES:
            drawn = site.draw(page, read_pairs(search))
            text = written(drawn.children)
            assert "unreadable" not in text, search
            assert set(CONTACT.findall(text)) <= visible[role], search
            if role == "mask":
                assert not [name for name in PRODUCTS if name in text and name not in search], search
            if allowed and page not in allowed:
                assert "not-yours" in text


@pytest.mark.parametrize("role", ["app_team", "mask", "wechat_team", "web_of_calls"])
def test_numbers_are_of_visible_contacts_and_equal_their_lists(
    place: Place, visible: dict[str, set[str]], role: str
) -> None:
    with looking(place, role) as site:
        everything = Selection(Filters())
        n = int(site.source.rows("SELECT count(*) AS n FROM contact")["n"].iloc[0])
        assert n == len(visible[role]) == site.extent().n_contacts == contacts.count(site.source, everything)
        assert site.extent().n_rejected == 0


@pytest.mark.slow
@pytest.mark.parametrize("role", ["mask", "wechat_team"])
def test_no_list_holds_a_hidden_contact_whatever_is_asked_for(
    place: Place, visible: dict[str, set[str]], role: str
) -> None:
    with looking(place, role) as site:
        for text in SELECTIONS:
            found = voices.answer(site.source, selection_of(text), {"startRow": 0, "endRow": 500})
            rows = found["rowData"]
            assert isinstance(rows, list)
            assert {row["contact_id"] for row in rows} <= visible[role], text
            assert contacts.count(site.source, selection_of(text)) <= len(visible[role]), text


def test_a_hidden_contact_is_not_told_even_by_its_id(place: Place, visible: dict[str, set[str]]) -> None:
    hidden = min(visible["wechat_team"])
    with looking(place, "wechat_team") as site:
        told = written(voices.conversation(site.source, hidden, {}))
        assert "请问有什么可以帮您" in told
    with looking(place, "app_team") as site:
        told = written(voices.conversation(site.source, hidden, {}))
        assert "请问有什么可以帮您" not in told and "想咨询一下" not in told
        assert contacts.turns(site.source, hidden).empty and contacts.matters(site.source, hidden).empty
    assert {look.viewer for look in place.looks.read(contact=hidden)} >= {"of_wechat_team"}
    assert "of_app_team" not in {look.viewer for look in place.looks.read(contact=hidden)}


@pytest.mark.slow
def test_no_file_holds_a_hidden_contact(place: Place, visible: dict[str, set[str]]) -> None:
    with looking(place, "mask") as site:
        for table in TABLES:
            content = saved(site, table, "csv", "?channel=*&topic=t01&with=t02&team_is=微信组")[1].decode("utf-8-sig")
            assert set(CONTACT.findall(content)) <= visible["mask"], table
            assert not [name for name in PRODUCTS if name in content], table


def test_an_alarm_over_hidden_contacts_is_neither_shown_nor_decided(place: Place) -> None:
    with looking(place, "app_team") as site:
        shown = site.alerts.table(site.source, start=None, end=None)
        assert set(shown["spike_id"]) <= {"s3"}
        said, _ = alert_deciding.decide(site, "acknowledge", "a-s2", {}, None)
        assert "没有这条告警" in said


def test_the_interface_answers_a_token_with_its_owners_contacts(place: Place, visible: dict[str, set[str]]) -> None:
    client = place.client()
    for role in ("app_team", "mask"):
        token = place.users.new_token(f"of_{role}", "test", contacts=True)
        head = {"Authorization": f"Bearer {token}"}
        for path in ("contacts?limit=200", "contacts?limit=200&spike=s2", "spikes", "alerts", "topics", "dips"):
            answer = client.get(f"/api/v1/{path}", headers=head)
            assert answer.status_code in (200, 404), path
            text = answer.get_data(as_text=True)
            assert set(CONTACT.findall(text)) <= visible[role], path
            if role == "mask":
                assert not [name for name in PRODUCTS if name in text], path
    assert client.get("/api/v1/topics", headers={"Authorization": "Bearer ksh_no"}).status_code == 401


def test_whoever_is_not_known_sees_nothing(place: Place) -> None:
    """A route that somebody opens by mistake answers with nothing, not with everything."""
    with place.server.test_request_context("/sign-in"):
        place.server.preprocess_request()
        frame = current_site().source.rows("SELECT count(*) AS n FROM contact")
        assert frame["n"].iloc[0] == 0


def test_one_viewers_answer_is_not_kept_for_another(place: Place, visible: dict[str, set[str]]) -> None:
    sql = "SELECT count(*) AS n FROM contact WHERE TRUE"
    counts = []
    for role in ("mask", "app_team", "mask"):
        with looking(place, role) as site:
            assert isinstance(site.source.reader, ViewersReader)
            counts.append(int(site.source.rows(sql)["n"].iloc[0]))
    assert counts == [len(visible["mask"]), len(visible["app_team"]), len(visible["mask"])]


def test_a_roles_filters_hold_where_the_address_names_none(place: Place) -> None:
    with looking(place, "app_team") as site:
        first = site.default_filters()
        assert first.channels == ("app",) and first.start is not None and first.end is not None
        assert (first.end - first.start).days == 6
        assert site.context(read_pairs("")).filters == first
        assert site.context(read_pairs("?channel=*")).filters.channels == ()


def test_the_quotations_of_an_opened_alert_are_looks(place: Place) -> None:
    at = dt.datetime(2026, 10, 4, 7, tzinfo=dt.UTC)
    told = NewAlert(
        alert_id="a-s3", spike_id="s3", key="t01", severity="high", channel="app", title="物流激增", body="",
        started_at=at, kind="topic", n_contacts=9, observed=9.0, expected=1.8,
    )  # fmt: skip
    with looking(place, "duty") as site:
        assert site.alerts.inbox is not None
        site.alerts.inbox.raise_alerts([told], now=at, send=False)
        site.draw("/operations", read_pairs("?alert=a-s3"))
    found = [look for look in place.looks.read(user="of_duty") if look.kind == "alert"]
    assert found and found[-1].selection == "alert=a-s3" and found[-1].contact_ids


def test_a_look_holds_who_when_and_which_contacts_but_no_words(place: Place) -> None:
    with looking(place, "mask") as site:
        found = voices.answer(site.source, selection_of("mood=negative"), {"startRow": 0, "endRow": 20})
        looked("list", "nothing was shown", [])
    rows = found["rowData"]
    assert isinstance(rows, list)
    last = list(place.looks.read(user="of_mask"))[-1]
    assert (last.kind, last.selection) == ("list", "mood=negative")
    assert list(last.contact_ids) == [row["contact_id"] for row in rows]
    assert "失望" not in place.places.looks.read_text(encoding="utf-8")
