"""The report as a file in a real browser: it draws, asks for nothing, and complains of nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from dashboards.report import write

pytestmark = pytest.mark.web


def test_the_report_stands_alone(browser: Browser, warehouse: Path, tmp_path: Path) -> None:
    out = write(warehouse, tmp_path / "report.html", title="九月的声音")
    page = browser.new_page(viewport={"width": 1000, "height": 800})
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda r: asked.append(r.url))
    page.on("console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda e: complaints.append(str(e)))
    page.goto(out.as_uri())
    page.wait_for_selector("#course .point")
    assert page.title() == "九月的声音"
    assert page.locator("article.topic").count() == 11
    assert page.locator(".modebar-btn").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 1000
    assert [url for url in asked if not url.startswith(("file://", "data:", "blob:"))] == []
    assert complaints == []
    page.close()
