from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from dashboards.filters import Filters, filters_of, other_pairs, read_pairs, with_pair, write_search

DEFAULT = Filters(dt.date(2026, 9, 21), dt.date(2026, 10, 4))
_values = st.lists(st.text(st.characters(codec="utf-8"), max_size=12), max_size=4, unique=True).map(tuple)


@given(st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1)), st.integers(0, 400), _values, _values)
def test_an_address_gives_back_its_filters(
    start: dt.date, n: int, channels: tuple[str, ...], products: tuple[str, ...]
) -> None:
    filters = Filters(start, start + dt.timedelta(days=n), channels, products)
    assert filters_of(read_pairs(write_search(filters.pairs())), DEFAULT) == filters


def test_days_that_make_no_sense_are_the_default_ones() -> None:
    for search in (
        "",
        "?from=2026-09-30",
        "?from=x&to=y",
        "?from=2026-10-01&to=2026-09-01",
        "?from=1970-01-01&to=1970-01-01",
    ):
        assert filters_of(read_pairs(search), DEFAULT) == DEFAULT


def test_undated_data_knows_no_days() -> None:
    assert filters_of(read_pairs("?from=2026-09-01&to=2026-09-02"), Filters()).start is None


def test_the_period_before_is_as_long_and_touches() -> None:
    before = DEFAULT.before()
    assert before is not None
    assert (before.start, before.end) == (dt.date(2026, 9, 7), dt.date(2026, 9, 20))
    assert Filters().before() is None


def test_other_parameters_are_kept_apart() -> None:
    pairs = read_pairs("?from=2026-09-01&topic=&channel=app")
    assert other_pairs(pairs) == [("topic", "")]
    assert with_pair(pairs, "topic", None) == [("from", "2026-09-01"), ("channel", "app")]
