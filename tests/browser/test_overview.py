"""The overview in a real browser: sentences, bars and cells open what they count, also by key and on a phone."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from dashboards.data import contacts
from dashboards.data.source import Source, extent
from dashboards.selection import Selection

pytestmark = pytest.mark.web
_STICKING_OUT = """
[...document.querySelectorAll('#page .card, #page .tile')].filter(it => it.scrollWidth > it.clientWidth + 1).length
"""


def _number(text: str) -> int:
    return int("".join(character for character in text if character.isdigit()))


def _opened(visit: Any, button: Any) -> int:
    """Click, return how many contacts the list says it has, and close it."""
    button.click()
    count = visit.page.locator("#voices-count")
    expect(count).to_be_visible()
    n = _number(count.inner_text())
    visit.page.keyboard.press("Escape")
    expect(visit.page.locator("#voices-body")).to_be_hidden()
    visit.page.wait_for_url(lambda url: "voices" not in url)
    return n


def test_sentences_bars_and_cells_open_the_contacts_they_count(visit: Any, source: Source) -> None:
    visit.open("/")
    sentence = visit.page.locator("#card-points .number").first
    assert _opened(visit, sentence) == _number(sentence.inner_text()) > 0
    bar = visit.page.get_by_test_id("topic-bar-t01")
    assert _opened(visit, bar) == contacts.count(source, Selection(extent(source).default, {"topic": "t01"}))
    cell = visit.page.get_by_test_id("touch-n-3")
    assert _opened(visit, cell) == _number(cell.inner_text())


def test_a_cell_is_reached_by_key_and_opens_all_over(visit: Any) -> None:
    visit.open("/")
    cell = visit.page.get_by_test_id("touch-n-0")
    place = cell.locator("xpath=ancestor::div[contains(@class, 'way-cell ')]")
    place.click(position={"x": 4, "y": 4})
    expect(visit.page.locator("#voices-count")).to_have_text(f"共 {_number(cell.inner_text()):,} 条")
    visit.page.keyboard.press("Escape")
    visit.page.wait_for_url(lambda url: "voices" not in url)
    cell.focus()
    visit.page.keyboard.press("Enter")
    expect(visit.page.locator("#voices-count")).to_be_visible()


@pytest.mark.parametrize("cookies", [{}, {"kesheng-scheme": "dark", "kesheng-language": "en"}])
def test_the_page_fits_a_phone_and_can_be_read(visit: Any, cookies: dict[str, str]) -> None:
    visit.page.context.add_cookies([{"name": k, "value": v, "url": visit.base} for k, v in cookies.items()])
    visit.page.set_viewport_size({"width": 390, "height": 844})
    visit.open("/")
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert visit.page.evaluate(_STICKING_OUT) == 0
    found = Axe().run(visit.page, context="#page > *").response["violations"]
    assert [(problem["id"], problem["nodes"][0]["html"]) for problem in found] == []
