from __future__ import annotations

import datetime as dt
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.data import contacts, searching
from dashboards.data.searching import spans_of, tally
from dashboards.data.source import Source, extent
from dashboards.filters import Filters
from dashboards.parts import voices
from dashboards.selection import Selection


@pytest.fixture
def little(monkeypatch: pytest.MonkeyPatch) -> None:
    """Days are read some two at a time, and fifteen or so in all."""
    monkeypatch.setattr(searching, "spans_of", partial(spans_of, budget=1600, first=220))


@given(st.lists(st.integers(1, 50), max_size=40), st.integers(1, 500), st.integers(1, 60))
def test_spans_are_all_the_days_that_fit_the_budget_newest_first(counts: list[int], budget: int, first: int) -> None:
    last = dt.date(2026, 9, 30)
    days = [(last - dt.timedelta(days=place), n) for place, n in enumerate(counts)]
    reach = spans_of(days, budget=budget, first=first)
    read = [day for day, _ in days for start, end in reach.spans if start <= day <= end]
    assert read == [day for day, _ in days[: len(read)]]
    assert reach.unread == (days[len(read)][0] if len(read) < len(days) else None)
    assert sum(counts[: len(read)]) <= max(budget, counts[0] if counts else 0)


@pytest.mark.usefixtures("little")
@pytest.mark.parametrize("order", [("started", "desc"), ("started", "asc"), ("mood", "asc"), ("wait", "desc")])
def test_pages_of_a_search_are_its_contacts_once_in_order(source: Source, order: tuple[str, str]) -> None:
    """As many as are counted; of a search that could not be read whole those of the newest days."""
    selection = Selection(Filters(), {"says": "物流"})
    found = tally(source, selection)
    assert found.unread is not None
    pages = [contacts.listed(source, selection, start=at, stop=at + 50, order=order) for at in range(0, found.n, 50)]
    rows = [row for page in pages for row in page.rows.to_dict("records")]
    assert len({row["contact_id"] for row in rows}) == len(rows) == found.n == pages[-1].n
    column = {"started": "started", "mood": "sentiment_score", "wait": "wait"}[order[0]]
    values = [row[column] for row in rows]
    assert values == sorted(values, reverse=order[1] == "desc")
    assert min(row["day"] for row in rows).date() > found.unread
    assert all(("物流", True) in row["text"] for row in rows)


@pytest.mark.usefixtures("little")
def test_the_first_page_reads_no_more_than_it_needs(source: Source) -> None:
    selection = Selection(Filters(), {"says": "你好"})
    assert contacts.listed(source, selection, start=0, stop=50, order=("started", "desc")).n is None
    assert voices.answer(source, selection, {"startRow": 0, "endRow": 50})["rowCount"] is None


def test_what_was_read_whole_is_counted_as_the_list_is(source: Source) -> None:
    selection = Selection(extent(source).default, {"says": "物流 -你好", "exact": "没有"})
    assert tally(source, selection).n == contacts.count(source, selection) == 0
    selection = Selection(extent(source).default, {"says": "物流"})
    found = tally(source, selection)
    assert found.n == contacts.count(source, selection) == sum(found.moods.values()) > 0
    assert found.unread is None


def test_a_search_in_days_without_contacts_finds_none(source: Source) -> None:
    empty = Selection(Filters(dt.date(2020, 1, 1), dt.date(2020, 1, 2)), {"says": "物流"})
    assert tally(source, empty).n == 0
    assert voices.answer(source, empty, {}) == {"rowData": [], "rowCount": 0}
