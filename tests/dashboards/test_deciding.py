"""What people decide about a topic is kept, seen, undone, and refused in plain Chinese."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from analytics.inbox import Inbox
from analytics.inbox.topics import TopicDecisions
from dashboards.deciding import NOT_KEPT, decide
from dashboards.filters import read_pairs
from dashboards.pages import PAGES
from dashboards.parts import voices
from dashboards.site import Site

WHY = "一线都这么说"


@pytest.fixture
def url(tmp_path: Path) -> str:
    found = f"sqlite:///{tmp_path / 'inbox.db'}"
    Inbox(found).close()
    return found


@pytest.fixture
def site(warehouse: Path, url: str) -> Site:
    return Site(warehouse, url, "Asia/Shanghai", PAGES)


def _page(site: Site, search: str) -> str:
    drawn = site.draw("/topics", read_pairs(search))
    assert drawn.has_data
    return _written(drawn.children)


def _written(parts: Any) -> str:
    def plain(value: Any) -> Any:
        return value.to_plotly_json() if hasattr(value, "to_plotly_json") else str(value)

    return json.dumps(parts, default=plain, ensure_ascii=False)


def _kept(url: str) -> list[tuple[str, str, str | None]]:
    decisions = TopicDecisions(url)
    found = [(made.kind, made.topic_id, made.other_topic_id or made.value) for made in decisions.holding()]
    decisions.close()
    return found


def test_a_name_is_seen_at_once_told_in_the_history_and_given_back(site: Site, url: str) -> None:
    assert decide(site, "rename", "t02", "  退款  迟迟不到 ", f"{WHY}，电话13800138000") == ""
    assert _kept(url) == [("rename", "t02", "退款 迟迟不到")]
    text = _page(site, "?topic=t02")
    assert "改名为「退款 迟迟不到」" in text and WHY in text and '"kind": "unrename"' in text
    assert "13800138000" not in text
    assert decide(site, "unrename", "t02", None, "") == ""
    assert _kept(url) == []
    text = _page(site, "?topic=t02")
    assert '"title": "退款未到账' in text and '"kind": "unrename"' not in text


@pytest.mark.slow
def test_a_merge_waits_for_the_next_run_and_can_be_undone_from_either_side(site: Site, url: str) -> None:
    assert decide(site, "merge", "t02", "t10", WHY) == ""
    for topic in ("t02", "t10"):
        text = _page(site, f"?topic={topic}")
        assert "将在下次运行后生效" in text and "kesheng run publish" in text and "撤销合并" in text
    assert "将并入「尺码与换货」" in _page(site, "?topic=t02")
    assert decide(site, "rename", "t02", "别的名字", WHY).startswith("这个主题已并入别的主题")
    assert decide(site, "unmerge", "t02", None, "") == ""
    assert _kept(url) == []
    assert "没有可撤销" in decide(site, "unmerge", "t02", None, "")


@pytest.mark.slow
def test_split_pin_hide_and_touchpoint_are_shown(site: Site) -> None:
    for kind, value in (("split", 3), ("pin", None), ("hide", None), ("touchpoint", "催促发货")):
        assert decide(site, kind, "t01", value, WHY) == ""
    text = _page(site, "?topic=t01")
    for said in ("将拆成 3 个主题", "已固定", "已隐藏", "取消隐藏", "触点改为「催促发货」", "显示已隐藏（1）"):
        assert said in text
    assert "topic-row-t01" not in text
    assert "topic-row-t01" in _page(site, "?topic=t01&hidden=1")
    assert "topic-row-t01" not in _written(site.draw("/", []).children)


@pytest.mark.parametrize(
    ("kind", "topic", "value", "why", "said"),
    [
        ("rename", "t01", " ", WHY, "请填写新名称"),
        ("rename", "t01", "很" * 21, WHY, "20 个字以内"),
        ("rename", "t01", "物流迟迟不更新", WHY, "与现在的相同"),
        ("rename", "t01", "退款未到账", WHY, "合并到"),
        ("rename", "t01", "快递不动", " ", "原因"),
        ("merge", "t01", None, WHY, "请选择"),
        ("merge", "t01", "t01", WHY, "不能合并到自己"),
        ("merge", "t01", "t11", WHY, "请直接选「退款未到账」"),
        ("merge", "t02", "t11", WHY, "请先撤销"),
        ("split", "t01", "9", WHY, "2 到 5"),
        ("split", "t01", "", WHY, "2 到 5"),
        ("touchpoint", "t01", "没有的触点", WHY, "请选择"),
        ("pin", "t99", None, "", "请刷新"),
    ],
)
def test_what_cannot_be_is_said_and_not_kept(
    site: Site, url: str, kind: str, topic: str, value: Any, why: str, said: str
) -> None:
    assert said in decide(site, kind, topic, value, why)
    assert _kept(url) == []


def test_a_pinned_topic_is_not_merged_away(site: Site) -> None:
    assert decide(site, "pin", "t01", None, "") == ""
    assert "请先取消固定" in decide(site, "merge", "t01", "t02", WHY)


def test_without_an_inbox_it_says_what_to_run_and_makes_none(warehouse: Path, tmp_path: Path) -> None:
    file = tmp_path / "no" / "inbox.db"
    site = Site(warehouse, f"sqlite:///{file}", "Asia/Shanghai", PAGES)
    assert decide(site, "hide", "t01", None, "") == NOT_KEPT
    assert decide(site, "unhide", "t01", None, "") == NOT_KEPT
    assert "kesheng run" in NOT_KEPT
    assert not file.exists()
    assert "退款未到账" in _page(site, "?topic=t02")


def test_a_topic_that_is_part_of_another_leads_there(site: Site) -> None:
    text = _page(site, "?topic=t11")
    assert "它的联络都算在「退款未到账」里" in text and "已并入「退款未到账」" in text
    assert "topic=t02" in text


def test_topics_stand_under_their_touchpoints(site: Site) -> None:
    text = _page(site, "?group=stage")
    places = [text.index(f'"children": "{name}"') for name in ("选购", "商品", "物流", "售后")]
    assert places == sorted(places)
    assert text.index('"children": "退款进度"') < text.index("topic-row-t02")


def test_turns_are_marked_where_a_contact_has_several_matters(site: Site) -> None:
    several = site.source.rows("SELECT contact_id FROM topic_segment ORDER BY 1 LIMIT 1")["contact_id"].item()
    text = _written(voices.conversation(site.source, several, {}))
    assert "顺带提到" in text and "is-matter-0" in text and "is-matter-1" in text
    assert "is-matter" not in _written(voices.conversation(site.source, "c00001", {}))
