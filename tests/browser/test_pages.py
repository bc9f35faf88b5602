"""The three pages in a real browser: charts drawn, numbers open, filters in the address, nothing from elsewhere."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from dashboards.data import contacts
from dashboards.data.source import Source, extent
from dashboards.selection import Selection

pytestmark = pytest.mark.web
ENGLISH = re.compile(r"[A-Za-z]{3,}")
KNOWN = {"App", "VOC", "CSV", "XLSX", "PNG"}


def _listed(page: Page, place: str) -> int:
    """Return how many rows the grid of contacts in `place` has, once its first row is there."""
    page.wait_for_selector(f"{place} .ag-row[row-id]:not(.ag-row-loading) .said")
    page.wait_for_function(
        "place => /\\/ [\\d,]+/.test(document.querySelector(place + ' .ag-paging-row-summary-panel')?.innerText ?? '')",
        arg=place,
    )
    panel = page.locator(f"{place} .ag-paging-row-summary-panel").inner_text()
    return _number(panel.split("/")[-1])


def _number(text: str) -> int:
    return int("".join(character for character in text if character.isdigit()))


def _drawn(page: Page) -> list[int]:
    """Return for every graph how many marks it has drawn."""
    page.wait_for_selector(".js-plotly-plot .main-svg")
    marks: list[int] = page.evaluate(
        "[...document.querySelectorAll('.js-plotly-plot')]"
        ".map(graph => graph.querySelectorAll('.point, .lines path, .js-line').length)"
    )
    return marks


@pytest.mark.parametrize(("path", "n_graphs"), [("/", 1), ("/topics", 2), ("/operations", 4)])
def test_charts_are_drawn_in_chinese_without_cloud_or_logo(visit: Any, path: str, n_graphs: int) -> None:
    visit.open(path)
    marks = _drawn(visit.page)
    assert len(marks) >= n_graphs
    assert all(marks)
    assert visit.page.locator(".modebar-btn").count() == 0
    words = set(ENGLISH.findall(visit.page.locator("body").inner_text())) - KNOWN
    assert words == set()
    width = visit.page.evaluate("document.documentElement.scrollWidth")
    assert width <= 1440


@pytest.mark.parametrize("path", ["/", "/topics", "/operations"])
def test_nothing_sticks_out_on_a_narrow_screen(visit: Any, path: str) -> None:
    visit.page.set_viewport_size({"width": 1024, "height": 800})
    visit.open(path)
    _drawn(visit.page)
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 1024


def test_a_click_on_a_topic_shows_its_sentences(visit: Any, source: Source) -> None:
    visit.open("/")
    visit.page.get_by_role("link", name="物流迟迟不更新", exact=True).click()
    visit.page.wait_for_url("**/topics?topic=t01")
    expect(visit.page.locator("#card-topic")).to_contain_text("物流迟迟不更新")
    truth = contacts.count(source, Selection(extent(source).default, {"topic": "t01"}))
    expect(visit.page.locator("#topic-voices-count")).to_have_text(f"共 {truth:,} 条")
    assert _listed(visit.page, "#card-topic-voices") == truth
    visit.page.locator("#card-topic-voices .said").first.click()
    expect(visit.page.locator("#contact-body .turn-text")).to_have_count(4)


@pytest.mark.parametrize(
    ("path", "button"),
    [
        ("/", "tile-contacts-n"),
        ("/", "tile-negative-n"),
        ("/", "topic-n-other"),
        ("/", "touch-n-0"),
        ("/", "alert-n-a-s1"),
        ("/?channel=app&product=", "tile-mood-n"),
        ("/operations", "kpi-n-repeat_share"),
        ("/operations", "kpi-hits-recovered_share"),
        ("/operations", "dip-n-d1"),
        ("/operations", "strong-n-safety"),
    ],
)
def test_a_number_opens_to_as_many_contacts(visit: Any, path: str, button: str) -> None:
    visit.open(path)
    number = visit.page.get_by_test_id(button)
    if not number.is_visible():
        visit.page.locator("#kpi-more > summary").click()
    shown = _number(number.inner_text())
    number.click()
    expect(visit.page.locator("#voices-count")).to_have_text(f"共 {shown:,} 条")
    assert _listed(visit.page, "#voices-body") == shown > 0


def test_a_bar_opens_again_and_again_and_the_list_can_be_linked_to(visit: Any) -> None:
    visit.open("/")
    _drawn(visit.page)
    bar = visit.page.locator(".barlayer .trace").nth(0).locator(".point path").nth(3)
    for _ in range(2):
        bar.hover(force=True)
        expect(visit.page.locator(".hoverlayer .hovertext").first).to_be_visible()  # Plotly clicks on what it hovers
        bar.click(force=True)
        visit.page.wait_for_url("**voices=**")
        count = visit.page.locator("#voices-count")
        expect(count).to_be_visible()
        shown = _number(count.inner_text())
        assert _listed(visit.page, "#voices-body") == shown
        link = visit.page.url
        visit.page.keyboard.press("Escape")
        expect(visit.page.locator("#voices-body")).to_be_hidden()
        visit.page.wait_for_url(lambda url: "voices" not in url)
        visit.page.mouse.move(0, 0)
    visit.page.goto(link)
    expect(visit.page.locator("#voices-count")).to_have_text(f"共 {shown:,} 条")


def test_every_row_of_a_list_can_be_reached(visit: Any) -> None:
    visit.open("/topics?topic=t02")
    n = _listed(visit.page, "#card-topic-voices")
    seen: set[str] = set()
    n_pages = -(-n // 50)
    for number in range(n_pages):
        due = time.monotonic() + 20
        while len(seen) < min(50 * (number + 1), n) and time.monotonic() < due:
            rows = visit.page.locator("#card-topic-voices .ag-row")
            ids = rows.evaluate_all("rows => rows.map(row => row.getAttribute('row-id'))")
            seen |= {row for row in ids if row and row.startswith("c")}
            # Down by less than a screen; at the end, from the top again for rows that came late.
            visit.page.locator("#card-topic-voices .ag-body-viewport").evaluate(
                "box => { const end = box.scrollTop + box.clientHeight >= box.scrollHeight - 1;"
                " end ? box.scrollTo(0, 0) : box.scrollBy(0, 280) }"
            )
            visit.page.wait_for_timeout(60)
        if number + 1 < n_pages:
            visit.page.locator("#card-topic-voices .ag-paging-button").nth(2).click()
    assert len(seen) == n


def test_filters_live_in_the_address_and_stay_across_pages(visit: Any, source: Source) -> None:
    visit.open("/")
    everything = visit.page.get_by_test_id("tile-contacts-value").inner_text()
    visit.page.locator("#filter-channel").click()
    visit.page.get_by_role("option", name="微信").click()
    visit.page.wait_for_url("**?channel=wechat")
    expect(visit.page.get_by_test_id("tile-contacts-value")).not_to_have_text(everything)
    fewer = visit.page.get_by_test_id("tile-contacts-value").inner_text()
    visit.page.keyboard.press("Escape")
    visit.page.get_by_role("link", name="主题", exact=True).click()
    visit.page.wait_for_url("**/topics?channel=wechat")
    visit.page.get_by_role("link", name="总览", exact=True).click()
    expect(visit.page.get_by_test_id("tile-contacts-value")).to_have_text(fewer)
    visit.page.reload()
    expect(visit.page.get_by_test_id("tile-contacts-value")).to_have_text(fewer)
    visit.page.locator("#filter-reset").click()
    expect(visit.page.get_by_test_id("tile-contacts-value")).to_have_text(everything)
    assert "channel" not in visit.page.url


def test_a_link_restores_days_channel_and_product(visit: Any) -> None:
    visit.open("/?from=2026-09-10&to=2026-09-12&channel=app&channel=phone&product=")
    expect(visit.page.locator("#filter-days")).to_contain_text("2026-09-10 至 2026-09-12")
    pills = visit.page.locator(".mantine-Pill-label")
    expect(pills).to_have_text(["App", "电话", "未注明商品"])
    assert visit.page.url.endswith("?from=2026-09-10&to=2026-09-12&channel=app&channel=phone&product=")


def test_the_calendar_speaks_chinese(visit: Any) -> None:
    visit.open("/")
    visit.page.locator("#filter-days").click()
    expect(visit.page.get_by_text("2026年10月")).to_be_visible()
    visit.page.get_by_text("近 7 天").click()
    visit.page.wait_for_url("**from=2026-09-28&to=2026-10-04**")


def test_without_a_warehouse_the_page_says_what_to_run(empty_visit: Any) -> None:
    for path in ("/", "/topics", "/operations"):
        empty_visit.open(path)
        expect(empty_visit.page.locator("#no-warehouse")).to_contain_text("kesheng demo")
        expect(empty_visit.page.locator("#filter-bar")).to_be_hidden()
