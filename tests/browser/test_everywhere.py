"""What holds on every page: WCAG AA as axe-core judges it, no sideways scrolling, both languages, light and dark."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from dashboards.pages import PAGES

WIDTHS = (1440, 1024, 390)
PATHS = [page.path for page in PAGES]
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}

pytestmark = [pytest.mark.web, pytest.mark.slow]


@pytest.fixture
def tab(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": WIDTHS[0], "height": 900}, base_url=address)
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


def _settled(tab: Page, path: str) -> None:
    tab.goto(path)
    tab.wait_for_selector("#page .card, #page .empty")
    tab.wait_for_load_state("networkidle")


def _faults(tab: Page) -> list[str]:
    found = Axe().run(tab, options=RULES).response["violations"]
    return [f"{fault['id']}: {node['target']} {node['html'][:160]}" for fault in found for node in fault["nodes"]]


@pytest.mark.parametrize("path", PATHS)
def test_axe_finds_nothing_in_light_or_dark(tab: Page, path: str) -> None:
    _settled(tab, path)
    assert _faults(tab) == []
    tab.click("[data-preference=scheme]")
    tab.wait_for_selector("html[data-mantine-color-scheme=dark] #page .card")
    tab.wait_for_load_state("networkidle")
    assert _faults(tab) == []


@pytest.mark.parametrize("path", PATHS)
def test_no_page_scrolls_sideways(tab: Page, path: str) -> None:
    _settled(tab, path)
    wide = {}
    for width in WIDTHS:
        tab.set_viewport_size({"width": width, "height": 900})
        for _ in range(50):  # charts take the new width a moment later
            wide[width] = tab.evaluate("document.documentElement.scrollWidth")
            if wide[width] <= width:
                break
            tab.wait_for_timeout(200)
    assert all(found <= width for width, found in wide.items()), wide


def test_the_switch_of_language_changes_every_text_of_the_frame(tab: Page) -> None:
    _settled(tab, "/")
    tab.click("[data-preference=language]")
    tab.wait_for_selector("html[lang=en] #page .card")
    frame = " ".join(tab.locator(".header, .card-title, .tile-label").all_inner_texts())
    assert re.findall("[\u3400-\u9fff]+", frame.replace("中", "")) == []
