"""A newcomer's way: from the first page to why the mood fell, and in whose words, in three clicks."""

from __future__ import annotations

import re
from typing import Any

import pytest

pytestmark = [pytest.mark.web, pytest.mark.slow]


def test_why_the_mood_fell_and_in_whose_words_is_three_clicks_away(visit: Any) -> None:
    visit.open("/")
    page = visit.page
    page.locator("#card-alerts a", has_text="情绪").first.click()
    number = page.locator("[data-testid^='dip-n-']").first
    number.wait_for()
    assert page.locator(".verdict").first.inner_text()  # why
    number.click()
    rows = page.locator("#voices-body .ag-row [col-id='started']")
    rows.filter(has_text=re.compile(r"\d")).first.click()  # not the row that says that rows are coming
    page.wait_for_selector("#contact-body .turn-text")  # in whose words
