"""The weekly report in a real browser, on screen and on paper: it draws, asks for nothing, and axe finds nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from dashboards.weekly.__main__ import main

pytestmark = pytest.mark.web


def test_it_stands_alone_and_prints(browser: Browser, warehouse: Path, tmp_path: Path) -> None:
    out = tmp_path / "week.html"
    assert main([str(out), "--warehouse", str(warehouse), "--inbox", "sqlite:///no/such/inbox.db"]) == 0
    page = browser.new_page(viewport={"width": 1000, "height": 800})
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda r: asked.append(r.url))
    page.on("console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") else None)
    page.goto(out.as_uri())
    assert page.locator("figure svg").count() >= 1
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    for width in (1000, 390):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    printed = page.pdf(prefer_css_page_size=True)
    assert 2 <= len(re.findall(rb"/Type\s*/Page\b", printed)) <= 6
    assert (asked, complaints) == ([out.as_uri()], [])
    page.close()


def test_the_page_of_the_api_reads_well(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 800})
    answer = page.goto(f"{address}/api/v1/")
    assert answer is not None and answer.ok
    assert page.locator("section").count() >= 10
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.close()
