"""judge: what is usual is told by the same weekday, and what is not known is not judged."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.quality import Expectation, Numbers, judge

LAST = dt.date(2026, 9, 27)
DAYS = [LAST - dt.timedelta(days=i) for i in reversed(range(57))]
TOMORROW = LAST + dt.timedelta(days=1)
ROWS = Expectation(name="rows", label="行数", table="contact", kind="usual", side="low", least=20)
SHARE = Expectation(name="share", label="比例", table="contact", kind="usual", scale="share", side="high", floor=0.04)


def usual(day: dt.date) -> float:
    """A centre with a weekly course and some noise."""
    return 600.0 - 150 * (day.weekday() >= 5) + day.toordinal() * 7919 % 60


def counts(last: float, n_days: int = 57) -> Numbers:
    days = DAYS[-n_days:]
    return Numbers({(day, ""): (usual(day) if day != LAST else last, 1) for day in days}, days)


@pytest.mark.parametrize(("last", "status"), [(450.0, "passed"), (900.0, "passed"), (235.0, "failed"), (0.0, "failed")])
def test_half_of_a_day_is_missed_and_an_ordinary_day_is_not(last: float, status: str) -> None:
    (found,) = judge(ROWS, counts(last), [LAST], TOMORROW)
    assert found.status == status
    assert found.is_stop == (status == "failed")


def test_a_new_site_is_not_judged_by_two_weeks() -> None:
    (found,) = judge(ROWS, counts(1.0, n_days=21), [LAST], TOMORROW)
    assert (found.status, found.is_stop) == ("short_history", False)
    (found,) = judge(ROWS, counts(1.0, n_days=22), [LAST], TOMORROW)
    assert found.status == "failed"


def test_a_day_that_goes_on_is_not_judged_and_a_holiday_is_a_warning() -> None:
    (found,) = judge(ROWS, counts(100.0), [LAST], LAST)
    assert found.status == "not_over"
    (found,) = judge(ROWS, counts(100.0), [LAST], TOMORROW, holidays={LAST})
    assert (found.status, found.severity, found.is_stop) == ("failed", "warning", False)


def test_what_was_accepted_once_is_usual_from_then_on() -> None:
    numbers = counts(200.0)
    known = Numbers(numbers.values, numbers.days, accepted={"": [210.0]})
    assert judge(ROWS, known, [LAST], TOMORROW)[0].status == "passed"


def test_a_part_that_is_gone_is_found_and_a_small_one_is_not_judged() -> None:
    values = {(day, part): (n, 1) for day in DAYS for part, n in (("phone", 200.0), ("fax", 5.0)) if day != LAST}
    found = judge(ROWS.model_copy(update={"by": "channel"}), Numbers(values, DAYS), [LAST], TOMORROW)
    assert [(one.part, one.status, one.observed) for one in found] == [("phone", "failed", 0.0)]


def test_a_share_that_jumps_is_found_and_one_of_few_rows_is_not() -> None:
    values = {(day, ""): (0.15 + day.day % 3 * 0.01, 600) for day in DAYS}
    ordinary = judge(SHARE, Numbers(values, DAYS), [LAST], TOMORROW)
    jumped = judge(SHARE, Numbers({**values, (LAST, ""): (1.0, 600)}, DAYS), [LAST], TOMORROW)
    few = judge(SHARE, Numbers({**values, (LAST, ""): (1.0, 3)}, DAYS), [LAST], TOMORROW)
    assert [ordinary[0].status, jumped[0].status, few[0].status] == ["passed", "failed", "passed"]


def test_parts_must_equal_the_whole_also_where_there_are_none() -> None:
    whole = Expectation(name="w", label="一致", table="kpi_cube", kind="whole", whole_source="SELECT day FROM voice")
    equal = judge(whole, Numbers({(LAST, ""): (9.0, 3)}, DAYS, {(LAST, ""): 9.0}), [LAST], TOMORROW)
    gone = judge(whole, Numbers({}, DAYS, {(LAST, ""): 9.0}), [LAST], TOMORROW)
    assert (equal[0].status, gone[0].status, gone[0].observed) == ("passed", "failed", 0.0)


@pytest.mark.parametrize(("late", "status"), [(1, "passed"), (3, "passed"), (4, "failed")])
def test_a_stale_day_is_found(late: int, status: str) -> None:
    fresh = Expectation(name="f", label="新", table="contact", kind="fresh", severity="warning")
    (found,) = judge(fresh, Numbers({}, DAYS), [LAST], LAST + dt.timedelta(days=late))
    assert (found.status, found.observed) == (status, late)


@given(st.floats(0.2, 50), st.integers(0, 400))
def test_bounds_scale_with_the_site(factor: float, last: int) -> None:
    """More of everything never makes a passed day fail: bounds in proportion only get narrower by chance."""
    bigger = Numbers({key: (v * 1000 * factor, n) for key, (v, n) in counts(last).values.items()}, DAYS)
    biggest = Numbers({key: (v * 10000 * factor, n) for key, (v, n) in counts(last).values.items()}, DAYS)
    assert judge(ROWS, bigger, [LAST], TOMORROW)[0].status == judge(ROWS, biggest, [LAST], TOMORROW)[0].status
