"""The views of the page of topics: numbers are their lists, parts are the whole, who only looks decides nothing."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import dash
import flask
import pytest

from analytics.inbox import Inbox
from analytics.inbox.topics import TopicDecisions
from dashboards import deciding
from dashboards.access.viewer import Viewer
from dashboards.data import contacts
from dashboards.exports import TABLES
from dashboards.filters import read_pairs
from dashboards.pages import PAGES
from dashboards.parts.topic_actions import ONLY_LOOKS
from dashboards.preferences import Preferences, preferred
from dashboards.selection import selection_of
from dashboards.site import Site
from dashboards.topic_choices import changed_search

ZONE = "Asia/Shanghai"
MOST = 14
"""Lists counted of a view, about: spread over the page, so that each kind of number is among them."""
NO_INBOX = "sqlite:///no/such/inbox.db"
VIEWS = (
    "?topic=t09", "?topic=", "?view=time&topics=t02,t09&scale=same", "?view=mood",
    "?view=mood&by=touchpoint", "?view=mood&by=product&channel=app", "?view=compare",
    "?view=compare&by=product&sort=mood", "?view=compare&by=channel&a=weibo&b=phone", "?view=emerging",
)  # fmt: skip


@pytest.fixture(scope="module")
def site(warehouse: Path) -> Site:
    return Site(warehouse, NO_INBOX, ZONE, PAGES)


def _tree(site: Site, search: str) -> Any:
    drawn = site.draw("/topics", read_pairs(search))
    assert drawn.has_data
    return json.loads(json.dumps(drawn.children, default=_plain, ensure_ascii=False))


def _plain(value: Any) -> Any:
    return value.to_plotly_json() if hasattr(value, "to_plotly_json") else str(value)


def _parts(node: Any, kind: str) -> list[dict[str, Any]]:
    """Return the properties of every component whose id has this type."""
    if isinstance(node, list):
        return [found for item in node for found in _parts(item, kind)]
    if not isinstance(node, dict):
        return []
    own = [node] if isinstance(node.get("id"), dict) and node["id"].get("type") == kind else []
    return own + [found for value in node.values() for found in _parts(value, kind)]


def _text(node: Any) -> str:
    if isinstance(node, list):
        return "".join(_text(item) for item in node)
    if isinstance(node, dict):
        return _text(node.get("props", node).get("children", ""))
    return str(node) if node is not None else ""


def _number(button: dict[str, Any]) -> str:
    """Return the number that a button shows: of a word that of its last child, which the word's digits do not touch."""
    shown = button["children"]
    last = shown[-1] if isinstance(shown, list) else shown
    return "".join(c for c in _text(last) if c.isdigit())


@pytest.mark.parametrize("search", VIEWS)
def test_every_number_of_every_view_equals_its_list(site: Site, search: str) -> None:
    tree = _tree(site, search)
    buttons = _parts(tree, "opens")
    assert buttons
    assert all(json.dumps(button["id"]).isascii() and "\\u" not in json.dumps(button["id"]) for button in buttons)
    numbered = [button for button in buttons if _number(button)]
    for button in numbered[:: max(len(numbered) // MOST, 1)]:
        selection = site.selection(read_pairs(search), button["id"]["spec"])
        assert contacts.count(site.source, selection) == int(_number(button)), button["id"]
    ids = [json.dumps(part["id"], sort_keys=True) for kind in ("opens", "graph") for part in _parts(tree, kind)]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("search", ["?topic=t09", "?view=time&topics=t02", "?view=emerging"])
def test_points_open_the_contacts_they_stand_for(site: Site, search: str) -> None:
    default = site.default_filters()
    checked = 0
    for graph in _parts(_tree(site, search), "graph"):
        for trace in graph["figure"]["data"]:
            for carried, said in list(zip(trace.get("customdata") or [], trace.get("hovertext") or [], strict=True))[
                :3
            ]:
                n = contacts.count(
                    site.source, type(site.selection([], ""))(default, selection_of(carried[0]).narrowing)
                )
                assert f" {n:,} " in f" {said} ".replace("<br>", " "), said
                checked += 1
    assert checked > 2


def test_parts_of_the_mood_add_up_to_what_is_said_and_saved(site: Site) -> None:
    for by in ("topic", "touchpoint", "channel", "product"):
        context = site.context(read_pairs(f"?view=mood&by={by}"))
        saved = TABLES["mood-drivers"].read(context)
        now, before = (
            (saved[mean] * saved[n]).sum() / saved[n].sum() for mean, n in (("均分", "条数"), ("上期均分", "上期条数"))
        )
        assert saved["影响"].sum() == pytest.approx(now - before, abs=1e-9)
        assert (saved["构成"] + saved["自身"] - saved["影响"]).abs().max() < 1e-12


@pytest.mark.parametrize("name", ["topics", "topic-words", "topic-courses", "mood-drivers", "topic-pairs"])
def test_saved_tables_have_rows_and_names_in_both_languages(site: Site, name: str) -> None:
    context = site.context(read_pairs("?topic=t09&view=compare"))
    chinese = TABLES[name].read(context)
    with preferred(Preferences(language="en")):
        english = TABLES[name].read(context)
    assert len(chinese) == len(english) > 4
    assert not any("\u4e00" <= c <= "\u9fff" for column in english.columns for c in column)
    assert not chinese.columns.duplicated().any() and not english.columns.duplicated().any()


def test_what_cannot_be_compared_says_why(site: Site) -> None:
    overlapping = _text(_tree(site, "?view=compare&b=2026-09-20~2026-09-25"))
    assert "重叠" in overlapping
    assert "请换一个" in _text(_tree(site, "?view=compare&by=product&a=儿童手表&b=儿童手表"))
    assert "不足两个渠道" in _text(_tree(site, "?view=compare&by=channel&channel=app"))
    assert "B 有 0 条" in _text(_tree(site, "?view=compare&b=2020-01-01~2020-01-07"))
    assert "没有可比的上期" in _text(_tree(site, "?view=mood&from=2026-09-08&to=2026-09-20"))
    assert "没有出现新主题" in _text(_tree(site, "?view=emerging&from=2026-09-07&to=2026-09-07&product="))


def test_a_new_topic_has_its_first_day_and_its_sentences(site: Site) -> None:
    text = _text(_tree(site, "?view=emerging"))
    assert "扫地机充不上电" in text and "2026-09-29 首次出现" in text and "退款未到账" not in text
    links = _parts(_tree(site, "?view=emerging"), "contact-link")
    assert len(links) == 2 and all(len(_text(link["children"])) > 4 for link in links)


def test_choices_are_written_into_the_address_once() -> None:
    assert changed_search("?view=time&topics=t02", "topics", "", default="t01") == "?view=time"
    assert changed_search("?view=time&topics=t02", "topics", "t02", default="t01") is dash.no_update
    assert changed_search("?a=x", "b", "p~q", default="r~s") == "?a=x&b=p~q"


@pytest.fixture
def inbox(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path / 'inbox.db'}"
    Inbox(url).close()
    return url


def _post(warehouse: Path, url: str, viewer: Viewer) -> Any:
    """Press 固定 of t01 as a browser does, whatever buttons the page has shown; return what the server answers."""
    app = dash.Dash("made up")
    app.layout = dash.html.Div()
    deciding.register(app, Site(warehouse, url, ZONE, PAGES))
    app.server.before_request(lambda: setattr(flask.g, "viewer", viewer))
    pressed = {"kind": "pin", "topic": "t01", "type": "decide"}
    said = {"kind": "any", "type": "decide-said"}
    output = next(name for name in app.callback_map if "decide-said" in name)
    body = {
        "output": output,
        "outputs": [{"id": "decided", "property": "data"}, {"id": "notices", "property": "sendNotifications"},
                    [{"id": said, "property": "children"}]],
        "inputs": [[{"id": pressed, "property": "n_clicks", "value": 1}]],
        "state": [[], [], [], [{"id": said, "property": "id", "value": said}]],
        "changedPropIds": [json.dumps(pressed, separators=(",", ":")) + ".n_clicks"],
    }  # fmt: skip
    # In a thread of its own, as on a server: a browser test before this one leaves an event loop in the main thread.
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(app.server.test_client().post, "/_dash-update-component", json=body).result()
    assert answer.status_code == 200
    return json.loads(answer.data)["response"]


def _kept(url: str) -> list[tuple[str, str, str]]:
    decisions = TopicDecisions(url)
    found = [(made.kind, made.topic_id, made.made_by) for made in decisions.holding()]
    decisions.close()
    return found


def test_who_only_looks_cannot_decide_by_posting_and_the_name_is_kept_of_who_may(warehouse: Path, inbox: str) -> None:
    refused = _post(warehouse, inbox, Viewer("guest", may_decide=False))
    assert ONLY_LOOKS in json.dumps(refused, ensure_ascii=False) and "decided" not in refused
    assert _kept(inbox) == []
    assert _post(warehouse, inbox, Viewer("lin"))["decided"]["data"]
    assert _kept(inbox) == [("pin", "t01", "lin")]


def test_the_buttons_of_who_only_looks_are_off_and_say_why(site: Site) -> None:
    with flask.Flask("made up").test_request_context("/topics"):
        flask.g.viewer = Viewer("guest", may_decide=False)
        tree = _tree(site, "?topic=t01")
    buttons = _parts(tree, "act") + _parts(tree, "decide")
    assert len(buttons) == 6 and all(button["disabled"] and button["title"] == ONLY_LOOKS for button in buttons)
    assert ONLY_LOOKS in _text(tree) and not _parts(tree, "decide-why")
