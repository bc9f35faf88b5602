"""What a product manager does with topics in a real browser: names one, merges two, opens what shows a birth."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.web
WHY = "[placeholder^='原因']:visible"


def _shown(page: Page) -> list[str]:
    found: list[str] = page.locator("#topic-rows .topic-name:visible").all_inner_texts()
    return found


def test_a_new_name_is_seen_at_once_and_can_be_searched(deciding_visit: Any) -> None:
    page = deciding_visit.page
    deciding_visit.open("/topics?topic=t04")
    page.get_by_role("button", name="改名").click()
    page.get_by_label("新名称").fill("领了券用不上")
    page.get_by_test_id("decide-rename").click()
    expect(page.locator(".not-corrected:visible")).to_have_text("请写一句原因，方便以后的人看懂")
    page.locator(WHY).fill("客户都这么说")
    page.get_by_test_id("decide-rename").click()
    expect(page.locator("#card-topic")).to_contain_text("领了券用不上")
    expect(page.get_by_test_id("topic-row-t04")).to_contain_text("领了券用不上")
    expect(page.locator("#card-history")).to_contain_text("客户都这么说")
    page.get_by_label("搜索主题").fill("用不上")
    expect(page.get_by_test_id("topic-row-t01")).to_be_hidden()
    assert _shown(page) == ["领了券用不上"]
    page.get_by_label("搜索主题").fill("没有这样的主题")
    expect(page.locator("#topic-no-match")).to_be_visible()


def test_a_merge_says_when_it_holds_and_is_undone(deciding_visit: Any) -> None:
    page = deciding_visit.page
    deciding_visit.open("/topics?topic=t02")
    page.get_by_role("button", name="合并到").click()
    page.get_by_label("合并到").first.click()
    options = page.get_by_role("option")
    expect(options.first).to_have_text("尺码与换货（最相近）")
    options.first.click()
    page.locator(WHY).fill("说的是同一件事")
    page.get_by_test_id("decide-merge").click()
    expect(page.locator(".pending").filter(has_text="将并入「尺码与换货」")).to_contain_text("将在下次运行后生效")
    page.get_by_test_id("decide-unmerge").click()
    expect(page.get_by_test_id("decide-unmerge")).to_be_hidden()
    expect(page.get_by_role("button", name="合并到")).to_be_visible()


def test_a_moment_of_the_history_opens_its_contact(visit: Any) -> None:
    visit.open("/topics?topic=t08")
    moment = visit.page.locator("#card-history .moment").first
    expect(moment).to_contain_text("首次出现")
    moment.get_by_role("button", name="原声 1").click()
    expect(visit.page.locator("#contact-body .turn-text")).to_have_count(4)
    expect(visit.page.locator("#contact-body")).to_contain_text("扫地机充不上电")
