"""What a data engineer does in a real browser: saves a chart and a table, opens a number, copies a command."""

from __future__ import annotations

import base64
import struct
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.web

_CORNER = """async (png) => {
    const bytes = Uint8Array.from(atob(png), (c) => c.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const canvas = new OffscreenCanvas(image.width, image.height);
    const pen = canvas.getContext("2d");
    pen.drawImage(image, 0, 0);
    return [...pen.getImageData(3, 3, 1, 1).data];
}"""


def _saved(page: Page, button: str) -> tuple[str, bytes]:
    with page.expect_download() as found:
        page.locator(button).click()
    return found.value.suggested_filename, Path(found.value.path()).read_bytes()


@pytest.mark.parametrize("dark", [False, True])
def test_a_chart_is_saved_as_a_picture_on_paper_of_its_look(visit: Any, dark: bool) -> None:
    scheme = "dark" if dark else "light"
    visit.page.context.add_cookies([{"name": "kesheng-scheme", "value": scheme, "url": visit.base}])
    visit.open("/data?from=2026-09-21&to=2026-10-04")
    name, png = _saved(visit.page, "#card-coverage .png-button")
    assert name == "kesheng-coverage-20260921-20261004.png"
    assert png.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", png[16:24])
    assert 1100 <= width <= 2600 and 500 <= height <= 1200 and len(png) > 15_000
    paper = visit.page.evaluate(_CORNER, base64.b64encode(png).decode())
    assert paper == ([0x1B, 0x21, 0x2C, 255] if dark else [255, 255, 255, 255])
    expect(visit.page.locator("#card-coverage .png-button")).to_be_enabled()


def test_a_table_is_saved_with_what_the_page_shows(visit: Any) -> None:
    visit.open("/data")
    page = visit.page
    shown = page.locator("#grid-reasons .ag-row").first.locator(".ag-cell").all_inner_texts()
    name, content = _saved(page, "#card-reasons .export:has-text('CSV')")
    text = content.decode("utf-8-sig")
    assert name.startswith("kesheng-data_reasons-") and ",".join(shown) in text
    assert text.startswith("# 内容: 被拒原因") and "# 数据发布于" in text
    button = page.locator("#card-reasons .export:has-text('XLSX')")
    expect(button).to_be_enabled()
    name, content = _saved(page, "#card-reasons .export:has-text('XLSX')")
    assert name.endswith(".xlsx") and content.startswith(b"PK")


def test_a_number_opens_to_positions_in_files_and_the_link_can_be_sent(visit: Any) -> None:
    visit.open("/data")
    page = visit.page
    page.locator("#grid-reasons .data-link").first.click()
    expect(page.locator("#detail-count")).to_have_text("共 2 条")
    expect(page.locator("#grid-detail .ag-row")).to_have_count(2)
    expect(page.locator("#grid-detail")).to_contain_text("demo.jsonl")
    assert "show=refused&reason=no_text&of=demo" in page.url
    visit.open(page.url.removeprefix(visit.base))
    expect(page.locator("#card-detail")).to_contain_text("被拒记录 · 没有内容")
    page.locator("#detail-close").click()
    expect(page.locator("#card-detail")).to_have_count(0)
    page.go_back()
    expect(page.locator("#card-detail")).to_be_visible()


def test_what_is_to_be_done_stands_as_a_command_that_can_be_copied(visit: Any) -> None:
    visit.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visit.open("/data")
    page = visit.page
    expect(page.locator("#card-hints code").first).to_have_text("kesheng run kpi --day 2026-10-04")
    button = page.locator("#card-hints .copy-button").first
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_text("已复制")
    assert page.evaluate("navigator.clipboard.readText()") == "kesheng run kpi --day 2026-10-04"
