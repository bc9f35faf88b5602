from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from analytics.inbox import Inbox, Trouble, trouble_alert
from dashboards.data import contacts
from dashboards.filters import read_pairs
from dashboards.pages import PAGES
from dashboards.site import Site

ZONE = "Asia/Shanghai"
NO_INBOX = "sqlite:///no/such/inbox.db"


@pytest.fixture(scope="module")
def site(warehouse: Path) -> Site:
    return Site(warehouse, NO_INBOX, ZONE, PAGES)


def _written(site: Site, path: str, search: str = "") -> str:
    drawn = site.draw(path, read_pairs(search))
    return json.dumps([child.to_plotly_json() for child in drawn.children], default=_plain, ensure_ascii=False)


def _plain(value: Any) -> Any:
    return value.to_plotly_json() if hasattr(value, "to_plotly_json") else str(value)


def _opening(text: str) -> list[dict[str, Any]]:
    """Return the properties of every button that opens contacts."""
    found: list[dict[str, Any]] = []

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            if isinstance(node.get("id"), dict) and node["id"].get("type") == "opens":
                found.append(node)
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    walk(json.loads(text))
    return found


@pytest.mark.parametrize("path", [page.path for page in PAGES])
@pytest.mark.parametrize("search", ["", "?channel=app&product=", "?channel=weibo&from=2026-10-04&to=2026-10-04"])
def test_every_number_on_a_page_equals_its_list(site: Site, path: str, search: str) -> None:
    buttons = _opening(_written(site, path, search))
    assert len(buttons) > 3 or path == "/voices"  # its numbers narrow its own list: see test_voices
    for button in buttons:
        selection = site.selection(read_pairs(search), button["id"]["spec"])
        shown = "".join(c for c in str(button["children"]) if c.isdigit())
        if shown:
            assert contacts.count(site.source, selection) == int(shown), button["id"]
    places = [json.dumps(button["id"], sort_keys=True) for button in buttons]
    assert len(places) == len(set(places))


@pytest.mark.parametrize("path", [page.path for page in PAGES])
def test_undated_data_says_so_and_breaks_nothing(undated: Path, path: str) -> None:
    text = _written(Site(undated, NO_INBOX, ZONE, PAGES), path)
    assert "没有时间" in text
    assert "--time" in text


@pytest.mark.parametrize("path", [page.path for page in PAGES])
def test_a_missing_warehouse_says_what_to_run(tmp_path: Path, path: str) -> None:
    drawn = Site(tmp_path / "voc.duckdb", NO_INBOX, ZONE, PAGES).draw(path, [])
    assert not drawn.has_data
    text = json.dumps([child.to_plotly_json() for child in drawn.children], default=_plain, ensure_ascii=False)
    assert "kesheng demo" in text
    assert "kesheng run" in text


def test_a_file_that_is_no_warehouse_is_said_to_be_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "voc.duckdb"
    path.write_bytes(b"no database" * 1000)
    drawn = Site(path, NO_INBOX, ZONE, PAGES).draw("/", [])
    assert drawn.children[0].id == "unreadable"


def test_no_match_and_unknown_pages_are_said_kindly(site: Site) -> None:
    assert "没有联络" in _written(site, "/", "?channel=telegram")
    assert "没有联络" in _written(site, "/topics", "?channel=telegram")
    assert "没有这个页面" in _written(site, "/nowhere")
    assert "没有联络" in _written(site, "/topics", "?topic=gone")
    assert "没有联络" in _written(site, "/operations", "?channel=telegram")


@pytest.mark.slow
def test_a_page_newly_published_is_read_at_once(made_up: Any, tmp_path: Path) -> None:
    path = tmp_path / "voc.duckdb"
    site = Site(path, NO_INBOX, ZONE, PAGES)
    assert not site.draw("/", []).has_data
    made_up.build(path)
    assert site.draw("/", []).has_data


def test_the_topic_of_the_address_is_shown(site: Site) -> None:
    assert "退款未到账" in _written(site, "/topics", "?topic=t02&from=2026-09-21&to=2026-10-04")
    other = _written(site, "/topics", "?topic=")
    assert "出现了新的话题" in other


def test_the_day_with_the_fall_is_shown_first(site: Site) -> None:
    text = _written(site, "/operations")
    assert "主要与回复变慢有关" in text
    assert "情绪下降 12:00–13:00" in text
    assert "当日没有情绪下降" in _written(site, "/operations", "?day=2026-10-01&focus=app")


def test_filters_are_kept_in_links(site: Site) -> None:
    text = _written(site, "/", "?channel=app&product=")
    assert "/topics?channel=app&product=&topic=t01" in text


@pytest.mark.slow
def test_no_english_word_stands_alone_on_a_page(site: Site) -> None:
    for path in ("/", "/topics", "/operations"):
        drawn = _opening(_written(site, path))
        for word in ("negative", "phone", "wechat", "open", "high"):
            assert word not in [str(button["children"]) for button in drawn]


def test_the_link_of_a_message_shows_its_alert_first(site: Site) -> None:
    """`analytics.inbox.message` writes /operations?from=DAY&to=DAY&alert=ID."""
    text = _written(site, "/operations", "?from=2026-10-02&to=2026-10-04&alert=a-s2")
    assert "10月2日" in text
    assert text.count("联络量 160 条，预期 98") == 2  # in the list of those that are over, and opened
    assert "微信情绪在 12:00–13:00 下降" not in text
    assert text.count("is-chosen") == 1


def test_trouble_of_the_system_says_what_to_do_and_leads_to_the_run(warehouse: Path, tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'inbox.db'}"
    inbox = Inbox(address)
    trouble = Trouble(dag_id="analyze", tasks=["conform"], run_url="http://airflow/run")
    at = dt.datetime(2026, 12, 1, tzinfo=dt.UTC)
    alert_id = inbox.report_trouble(trouble_alert(trouble, at, "http://kesheng"), now=at, ways=())
    inbox.close()
    text = _written(Site(warehouse, address, ZONE, PAGES), "/operations", f"?alert={alert_id}")
    for said in ("系统：分析（analyze）运行失败", "系统故障 · analyze", "失败任务", "http://airflow/run", "自动结束"):
        assert said in text
    assert "标为正常波动" not in text and "客户怎么说" not in text


@pytest.mark.slow
def test_strong_moods_stand_on_the_page_of_operations_and_say_what_to_do_when_there_are_none(site: Site) -> None:
    text = _written(site, "/operations")
    assert "强情绪" in text and "strong-n-safety" in text and "strong-n-escalate" not in text
    quiet = _written(site, "/operations", "?channel=weibo&product=儿童手表&from=2026-09-07&to=2026-09-07")
    assert "所选范围内没有强情绪" in quiet
    assert "strong-n-safety" in _written(site, "/operations", "?from=2026-09-07&to=2026-10-04")
