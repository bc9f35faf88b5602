"""The page of verbatims in a real browser: search, read, step, correct, look at the person, on a phone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from dashboards.data import contacts
from dashboards.data.source import Source, extent
from dashboards.selection import Selection

pytestmark = pytest.mark.web
# Landmarks are the frame's, the order of card titles under its h1 is that of `parts.cards`.
OF_THE_FRAME = {"landmark-main-is-top-level", "landmark-no-duplicate-main", "landmark-unique", "page-has-heading-one",
                "landmark-no-duplicate-banner", "heading-order"}  # fmt: skip


def _first(page: Any) -> Any:
    row = page.locator("#card-results .ag-row .said").first
    row.wait_for()
    return row


def test_a_search_marks_its_words_and_its_state_is_the_address(visit: Any, source: Source) -> None:
    visit.open("/voices")
    visit.page.get_by_label("搜索客户说的话").fill("物流 你好")
    visit.page.get_by_label("搜索客户说的话").press("Enter")
    visit.page.wait_for_url("**says=**")
    truth = contacts.count(source, Selection(extent(source).default, {"says": "物流 你好"}))
    expect(visit.page.locator("#voices-n")).to_have_text(f"共 {truth:,} 条")
    _first(visit.page)
    expect(
        visit.page.locator("#card-results .hit").first
    ).to_be_visible()  # the rows of the search, not those before it
    assert set(visit.page.locator("#card-results .hit").all_inner_texts()) == {"物流", "你好"}
    visit.page.locator("#mood-negative").click()
    visit.page.wait_for_url("**mood=negative**")
    visit.page.get_by_text("等得最久").click()
    visit.page.wait_for_url("**sort=wait**")
    expect(visit.page.locator("#mood-negative")).to_have_class(re.compile("is-on"))
    visit.page.reload()
    expect(visit.page.get_by_label("搜索客户说的话")).to_have_value("物流 你好")
    visit.page.go_back()
    visit.page.wait_for_url(lambda url: "sort" not in url)


def test_contacts_are_opened_and_stepped_through_by_keyboard(visit: Any) -> None:
    visit.open("/voices?says=退款")
    _first(visit.page).click()
    visit.page.wait_for_url("**contact=**")
    expect(visit.page.locator("#contact-body .turn-text")).to_have_count(4)
    expect(visit.page.locator("#contact-body .course-card")).to_be_visible()
    first, shown = visit.page.url, visit.page.locator("#contact-steps")
    contact = str(shown.get_attribute("data-contact"))
    visit.page.keyboard.press("ArrowRight")
    visit.page.wait_for_url(lambda url: url != first)
    expect(shown).not_to_have_attribute("data-contact", contact)
    visit.page.get_by_role("button", name="上一条").click()
    visit.page.wait_for_url(first)
    visit.page.reload()
    expect(visit.page.locator("#contact-body .turn-text")).to_have_count(4)
    visit.page.locator("#contact-body .person-contact").first.click()
    visit.page.wait_for_url(lambda url: url != first)
    expect(shown).not_to_have_attribute("data-contact", contact)
    visit.page.go_back()
    visit.page.wait_for_url(first)
    expect(shown).to_have_attribute("data-contact", contact)
    visit.page.keyboard.press("Escape")
    visit.page.wait_for_url(lambda url: "contact=" not in url)
    row = visit.page.locator("#card-results .ag-row .ag-cell").first
    row.focus()
    row.press("Enter")
    visit.page.wait_for_url("**contact=**")


def test_a_mood_and_a_topic_are_corrected_and_stay_so(deciding_visit: Any) -> None:
    page = deciding_visit.page
    deciding_visit.open("/voices?contact=c00012")
    page.locator("#contact-body .turns .correct-open").last.click()
    page.locator("#contact-body .correct-menu[open] .correct-item").nth(2).click()
    expect(page.locator("#contact-body .turns .corrected")).to_have_text("已更正为正面，下次训练时采用")
    expect(page.locator("#contact-body .correct-menu[open]")).to_have_count(0)
    page.get_by_placeholder("更正主题").click()
    page.get_by_role("option", name="发票怎么开").click()
    said = page.locator("#contact-body .facts .corrected")
    expect(said).to_have_text("已更正为「发票怎么开」，下次运行时采用")
    page.reload()
    expect(said).to_have_text("已更正为「发票怎么开」，下次运行时采用")


@pytest.mark.parametrize("path", ["/voices?says=退款&mood=negative", "/voices?contact=c00012"])
def test_axe_finds_nothing_but_what_the_frame_has(visit: Any, path: str) -> None:
    visit.open(path)
    place = visit.page.locator("#contact-body .turn-text" if "contact" in path else "#card-results .hit").first
    expect(place).to_be_visible()
    found = Axe().run(visit.page, context="#page" if "contact" not in path else "#contact-body")
    assert [v["id"] for v in found.response["violations"] if v["id"] not in OF_THE_FRAME] == []


def test_on_a_phone_rows_are_cards(visit: Any) -> None:
    visit.page.set_viewport_size({"width": 390, "height": 844})
    visit.open("/voices?says=退款")
    box = _first(visit.page).bounding_box()
    assert box["width"] > 300
    expect(visit.page.locator("#card-results .said-head").first).to_be_visible()
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 390
