"""The page of verbatims: its numbers are those of its list, its state is its address."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from dash.development.base_component import Component

from analytics.access import Look
from dashboards.access import looked as looking
from dashboards.context import Context
from dashboards.data import contacts
from dashboards.filters import read_pairs
from dashboards.pages import PAGES
from dashboards.pages.voices import read_export
from dashboards.parts import found, voices
from dashboards.selection import Selection, page_selection
from dashboards.site import Site


@pytest.fixture(scope="module")
def site(warehouse: Path) -> Site:
    return Site(warehouse, "sqlite:///no/such/inbox.db", "Asia/Shanghai", PAGES)


def _context(site: Site, search: str) -> Context:
    return site._context(site.extent(), read_pairs(search))


def _written(parts: Any) -> str:
    def plain(value: object) -> object:
        return value.to_plotly_json() if isinstance(value, Component) else str(value)

    return json.dumps(parts, default=plain, ensure_ascii=False)


def _links(parts: Any) -> dict[str, tuple[str, int]]:
    """Return address and number of each mood, by its id."""
    text = _written(parts)
    found: dict[str, tuple[str, int]] = {}
    for node in json.JSONDecoder().decode(text):
        for link in node["props"].get("children", []) if node["type"] == "Div" else []:
            props = link["props"]
            n = int(re.sub(r"\D", "", props["children"][-1]["props"]["children"]))
            found[props["id"]] = (props["href"], n)
    return found


@pytest.mark.parametrize(
    "search", ["", "?channel=app&mood=negative", "?says=物流&sort=wait", "?kind_is=call&says=-你好"]
)
def test_numbers_by_mood_are_those_of_the_lists_they_lead_to(site: Site, search: str) -> None:
    context = _context(site, search)
    selection = page_selection(context.filters, context.view)
    place = found.place(context, selection).to_plotly_json()["props"]
    numbers = found.counted(site.source, place["id"]["selection"], place["id"]["spec"])
    links = _links(numbers)
    assert len(links) == 4
    for href, n in links.values():
        there = _context(site, href.partition("?")[2])
        assert contacts.count(site.source, page_selection(there.filters, there.view)) == n
        assert there.view.get("sort") == context.view.get("sort")
    shown = f"共 {contacts.count(site.source, selection):,} 条"
    assert shown in _written(numbers)
    assert (shown in _written(place["children"])) == (not selection.searches)


def test_an_export_has_the_rows_of_the_list_in_its_order(site: Site) -> None:
    context = _context(site, "?says=物流&sort=worst")
    frame = read_export(context)
    selection = page_selection(context.filters, context.view)
    assert len(frame) == contacts.count(site.source, selection) > 50
    listed = voices.answer(site.source, selection, {"startRow": 0, "endRow": 50}, "worst")["rowData"]
    assert list(frame["编号"][:50]) == [row["contact_id"] for row in listed]
    assert frame["情绪分"].is_monotonic_increasing
    assert frame["客户原声"].str.contains("物流").all()


def test_what_no_field_shows_is_said_and_can_be_taken_away(site: Site) -> None:
    drawn = site.draw("/voices", read_pairs(f"?{urlencode({'person': 'p7', 'says': '物流', 'day_from': 'x'})}"))
    text = _written(drawn.children)
    assert "同一位客户" in text
    assert "去掉这个条件" in text
    assert "清除全部条件" in text
    hrefs = [dict(parse_qsl(href.partition("?")[2])) for href in re.findall(r'"href": "(/voices\?[^"]*)"', text)]
    assert any("person" not in pairs and pairs.get("says") == "物流" for pairs in hrefs)


def test_it_is_kept_who_read_which_words(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Look] = []

    class Log:
        def add(self, look: Look) -> None:
            seen.append(look)

    monkeypatch.setattr(looking, "access_now", lambda: type("Access", (), {"looks": Log()})())
    selection = Selection(site.extent().default, {"topic": "t01"})
    rows = voices.answer(site.source, selection, {"startRow": 0, "endRow": 10})["rowData"]
    voices.answer(site.source, selection.narrowed(says="物流"), {"startRow": 0, "endRow": 1})
    voices.conversation(site.source, "c00001", {})
    assert [look.kind for look in seen] == ["list", "search", "conversation"]
    assert list(seen[0].contact_ids) == [row["contact_id"] for row in rows]
    assert list(seen[2].contact_ids) == ["c00001"]
