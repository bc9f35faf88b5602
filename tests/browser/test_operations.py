"""The inbox in a real browser: each decision once, with the keyboard and on a phone."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from analytics.inbox import Inbox

pytestmark = pytest.mark.web
expect.set_options(timeout=12_000)


def _state(inbox: Inbox, alert_id: str) -> tuple[str, str | None]:
    return next((alert.state, alert.owner) for alert in inbox.alerts() if alert.alert_id == alert_id)


def test_each_decision_once(duty_visit: Any, duty_inbox: tuple[Inbox, str]) -> None:
    page = duty_visit.page
    duty_visit.open("/operations")
    page.get_by_role("link", name="「呛口小辣椒面膜」激增").click()
    expect(page.locator("#alert-title")).to_have_text("「呛口小辣椒面膜」激增")
    assert "alert=a1" in page.url
    page.get_by_test_id("act-acknowledge").click()
    expect(page.locator("#alert-state")).to_have_text("已认领")
    page.get_by_test_id("open-assign").click()
    page.get_by_role("textbox", name="交给谁").fill("小王")
    page.get_by_test_id("act-assign").click()
    expect(page.locator("#card-alert")).to_contain_text("小王")
    page.get_by_test_id("open-comment").click()
    page.get_by_label("给下一位值班的人").fill("供应商在查，电话 13800138000")
    page.get_by_test_id("act-comment").click()
    expect(page.locator("#alert-history")).to_contain_text("供应商在查")
    expect(page.locator("#alert-history")).not_to_contain_text("13800138000")
    page.get_by_test_id("act-resolve").click()
    expect(page.locator("#alert-state")).to_have_text("已解决")
    page.get_by_test_id("act-reopen").click()
    expect(page.locator("#alert-state")).to_have_text("待处理")
    page.get_by_test_id("open-mute").click()
    page.get_by_role("radio", name="4 小时", exact=True).check()
    page.get_by_test_id("act-mute").click()
    expect(page.locator("#alert-state")).to_have_text("已静音")
    page.get_by_test_id("act-unmute").click()
    page.get_by_test_id("open-false_alarm").click()
    page.get_by_test_id("act-false_alarm").click()
    expect(page.locator("#alert-state")).to_have_text("正常波动")
    assert _state(duty_inbox[0], "a1") == ("false_alarm", "小王")


def test_the_later_officer_is_told_and_an_empty_comment_is_not_kept(
    duty_visit: Any, duty_inbox: tuple[Inbox, str]
) -> None:
    page = duty_visit.page
    duty_visit.open("/operations?alert=a2")
    page.get_by_test_id("open-comment").click()
    page.get_by_test_id("act-comment").click()
    expect(page.locator("#alert-actions [role=alert]")).to_have_text("请先写点什么。")
    duty_inbox[0].resolve("a2", "小李", dt.datetime.now(dt.UTC))
    page.get_by_test_id("act-acknowledge").click()
    expect(page.get_by_text("没有保存：小李 刚处理过")).to_be_visible()
    expect(page.locator("#alert-state")).to_have_text("已解决")
    assert _state(duty_inbox[0], "a2") == ("resolved", "小李")


def test_the_list_refreshes_by_itself_and_keeps_focus(duty_visit: Any, duty_inbox: tuple[Inbox, str]) -> None:
    page = duty_visit.page
    page.clock.install()
    duty_visit.open("/operations?alert=a2")
    page.get_by_test_id("open-comment").click()
    field = page.get_by_label("给下一位值班的人")
    field.fill("写到一半")
    duty_inbox[0].acknowledge("a2", "小李", dt.datetime.now(dt.UTC))
    page.clock.fast_forward("01:05")
    expect(page.locator("#inbox-news")).to_contain_text("刚被别人处理过")
    expect(page.locator("#inbox-list .pill").nth(1)).to_have_text("已认领 1")
    expect(field).to_have_value("写到一半")
    expect(field).to_be_focused()


def test_a_phone_shows_the_alert_first_reachable_by_keyboard_and_axe_finds_nothing_of_ours(duty_visit: Any) -> None:
    page = duty_visit.page
    page.set_viewport_size({"width": 390, "height": 844})
    duty_visit.open("/operations")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator("#inbox-list .alert-title").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#alert-title")).to_be_visible()
    assert page.locator("#card-alert").bounding_box()["y"] < page.locator("#card-alerts").bounding_box()["y"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    found = Axe().run(page, context={"include": [["#page .card"], ["#kpi-strip"]]}).response["violations"]
    assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found] == []
    page.get_by_test_id("act-acknowledge").focus()
    page.keyboard.press("Escape")
    expect(page.locator("#card-alert")).to_have_count(0)


def test_numbers_of_the_page_open_to_as_many_contacts(duty_visit: Any) -> None:
    page = duty_visit.page
    duty_visit.open("/operations?alert=a1&state=open")
    for button in ("part-n-s1", "team-n-微信组", "alert-n-a2"):
        number = page.get_by_test_id(button)
        shown = int("".join(c for c in number.inner_text() if c.isdigit()))
        number.click()
        expect(page.locator("#voices-count")).to_have_text(f"共 {shown:,} 条")
        page.keyboard.press("Escape")
        expect(page.locator("#voices-body")).to_be_hidden()
        page.wait_for_url(lambda url: "voices" not in url)
