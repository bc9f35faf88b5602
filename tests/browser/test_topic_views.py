"""The views of topics in a real browser: what is chosen stands in the address, and numbers open their contacts."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.web
expect.set_options(timeout=12_000)


def _opened(page: Any) -> int:
    """Return how many contacts the open list says it has."""
    expect(page.locator("#voices-count")).to_have_text(re.compile(r"\d"))
    return int(re.sub(r"\D", "", page.locator("#voices-count").inner_text()))


def test_chosen_topics_stand_beside_each_other_and_in_the_address(visit: Any) -> None:
    visit.open("/topics?view=time&topics=t02")
    page = visit.page
    expect(page.locator(".panel")).to_have_count(1)
    page.get_by_role("textbox", name="比较的主题").click()
    page.get_by_role("option", name="面膜用后泛红").click()
    expect(page.locator(".panel")).to_have_count(2)
    assert "topics=t02%2Ct09" in page.url and "view=time" in page.url
    page.get_by_role("link", name="统一纵轴").click()
    expect(page.get_by_role("link", name="统一纵轴")).to_have_class(re.compile("is-on"))
    tops = page.evaluate("[...document.querySelectorAll('.panel .js-plotly-plot')].map(p => p.layout.yaxis.range[1])")
    assert len(tops) == 2 and tops[0] == tops[1]
    number = page.get_by_test_id("course-n-t09")
    n = int(re.sub(r"\D", "", number.inner_text()))
    number.click()
    assert _opened(page) == n


def test_two_products_are_chosen_and_a_part_of_a_mood_opens_the_period_before(visit: Any) -> None:
    visit.open("/topics?view=compare&by=product")
    page = visit.page
    before = page.locator(".pair-name").nth(1).inner_text()
    page.locator(".pair-pick input").nth(1).click()
    options = page.get_by_role("option")
    other = next(name for name in options.all_inner_texts() if name not in page.locator(".pair-name").all_inner_texts())
    page.get_by_role("option", name=other, exact=True).click()
    expect(page.locator(".pair-name").nth(1)).to_have_text(other)
    assert other != before and "&b=" in page.url
    page.locator("#topic-view-mood").click()
    number = page.get_by_test_id("driver-topic-t09-before")
    expect(number).to_be_visible()
    n = int(number.inner_text())
    number.click()
    assert _opened(page) == n


def test_a_word_of_a_topic_opens_the_contacts_that_say_it(visit: Any) -> None:
    page = visit.page
    page.set_default_timeout(30_000)  # the page with the most on it; other work on the machine makes it wait
    visit.open("/topics?topic=t09")
    word = page.locator("#card-words .word.is-open").first
    n = int(word.locator("b").inner_text())
    word.click()
    assert _opened(page) == n
    assert "exact=" in page.url or "exact%3D" in page.url


def test_a_new_topic_opens_what_was_said(visit: Any) -> None:
    visit.open("/topics?view=emerging")
    page = visit.page
    expect(page.get_by_test_id("birth-t08")).to_contain_text("2026-09-29 首次出现")
    page.get_by_test_id("birth-t08-0").click()
    expect(page.locator("#contact-body .turn-text").first).to_be_visible()
