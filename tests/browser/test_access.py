"""Signing in, looking with limits, and being signed out, in a real browser under the strict policy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from analytics.access import LookLog, Users
from analytics.access.places import Places
from analytics.access.roles import load_roles
from analytics.serve_settings import ServeSettings
from dashboards.access.gate import Gate
from dashboards.access.grant import Access
from tests.browser.conftest import _serve

pytestmark = pytest.mark.web
PASSWORD = "correct horse battery"
ROLE = 'label = "微信组"\nlabel_en = "WeChat team"\npages = ["/", "/voices"]\n[limits]\nteams = ["微信组"]'


@dataclass
class Site:
    base: str
    users: Users
    looks: LookLog


@pytest.fixture(scope="module")
def site(warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    places = Places(tmp_path_factory.mktemp("home"))
    places.views.mkdir()
    (places.views / "wechat.toml").write_text(ROLE, encoding="utf-8")
    users, looks = Users(places.users), LookLog(places.looks)
    users.add("wang", "wechat", PASSWORD)
    access = Access(users, load_roles(places.views), looks, sign_in="local")
    gate = Gate(access, ServeSettings(sign_in="local"), "k" * 32)
    for base in _serve(warehouse, gate=gate):
        yield Site(base, users, looks)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    found = browser.new_page(viewport={"width": 1440, "height": 900})
    found.set_default_timeout(12_000)
    yield found
    found.close()


def sign_in(page: Page, password: str = PASSWORD) -> None:
    page.fill("#name", "wang")
    page.fill("#password", password)
    page.keyboard.press("Enter")


def test_somebody_signs_in_looks_at_their_contacts_and_is_signed_out(page: Page, site: Site) -> None:
    complaints: list[str] = []
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda e: complaints.append(str(e)))
    page.goto(site.base + "/?topic=t01")
    expect(page).to_have_url(site.base + "/sign-in?next=%2F%3Ftopic%3Dt01")
    sign_in(page, "wrong password")
    expect(page.get_by_role("alert")).to_contain_text("用户名或密码不对")
    sign_in(page)
    expect(page).to_have_url(site.base + "/?topic=t01")
    expect(page.locator("#page .card").first).to_be_visible()
    expect(page.locator(".account")).to_contain_text("wang")
    assert [link.inner_text() for link in page.locator(".nav-link").all()] == ["总览", "原声"]
    assert len(complaints) == 1 and "401" in complaints[0]  # the wrong password; nothing that the policy forbids
    page.locator("#page .number").first.click()
    expect(page.locator("#voices-drawer-body .ag-row .ag-cell").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert list(site.looks.read(user="wang"))
    assert len(complaints) == 1
    site.users.set_password("wang", PASSWORD)  # her open session ends
    page.keyboard.press("Escape")
    page.wait_for_url(re.compile("/sign-in"))
    page.goto(site.base + "/sign-in")  # back to the page, not to the list that was open
    sign_in(page)
    page.locator(".account-out").click()
    expect(page.locator("#password")).to_be_visible()
    assert page.context.request.get(site.base + "/_dash-layout").status == 401


@pytest.mark.parametrize(("width", "scheme", "language"), [(1440, "light", "zh-CN"), (390, "dark", "en")])
def test_the_sign_in_page_can_be_read_and_used_by_everybody(
    browser: Browser, site: Site, width: int, scheme: str, language: str
) -> None:
    with browser.new_context(viewport={"width": width, "height": 800}) as context:
        kept = {"kesheng-scheme": scheme, "kesheng-language": language}
        context.add_cookies([{"name": name, "value": value, "url": site.base} for name, value in kept.items()])
        page = context.new_page()
        page.goto(site.base + "/sign-in")
        sign_in(page, "wrong password")
        expect(page.get_by_role("alert")).to_be_visible()
        assert Axe().run(page).response["violations"] == []
        assert page.evaluate("document.documentElement.scrollWidth") == width
