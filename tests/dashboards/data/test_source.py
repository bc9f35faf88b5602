from __future__ import annotations

import datetime as dt

import pandas as pd

from dashboards.data.source import Source, buckets, extent, step_of
from dashboards.filters import Filters


def test_the_extent_counts_everything(source: Source) -> None:
    known = extent(source)
    assert known.n_contacts == int(source.rows("SELECT count(*) AS n FROM contact")["n"].iloc[0])
    assert (known.first_day, known.last_day) == (dt.date(2026, 9, 7), dt.date(2026, 10, 4))
    assert (known.n_undated, known.n_rejected) == (0, 3)
    assert set(known.channels) == {"phone", "app", "web", "wechat", "weibo"}
    assert "" in known.products
    assert known.default == Filters(dt.date(2026, 9, 21), dt.date(2026, 10, 4))


def test_undated_data_has_no_days(undated_source: Source) -> None:
    known = extent(undated_source)
    assert known.first_day is None
    assert known.n_undated == known.n_contacts > 0
    assert known.default == Filters()


def test_buckets_fill_gaps_and_cut_to_the_period() -> None:
    filters = Filters(dt.date(2026, 9, 2), dt.date(2026, 9, 16))
    frame = pd.DataFrame({"bucket": [pd.Timestamp(2026, 9, 7)], "n": [3], "mean": [0.5]})
    weeks = buckets(frame, filters, "week")
    assert list(weeks["day_from"]) == ["2026-09-02", "2026-09-07", "2026-09-14"]
    assert list(weeks["day_to"]) == ["2026-09-06", "2026-09-13", "2026-09-16"]
    assert list(weeks["n"]) == [0, 3, 0]
    assert list(weeks["mean"].notna()) == [False, True, False]


def test_long_periods_take_wider_steps() -> None:
    start = dt.date(2020, 1, 1)
    steps = [step_of(Filters(start, start + dt.timedelta(days=n)), 10**6) for n in (13, 99, 100, 690, 2000)]
    assert steps == ["day", "day", "week", "week", "month"]


def test_few_contacts_take_wider_steps_too() -> None:
    start = dt.date(2020, 1, 1)
    steps = [step_of(Filters(start, start + dt.timedelta(days=n)), 200) for n in (13, 27, 60, 400)]
    assert steps == ["day", "week", "week", "month"]


def test_months_start_where_the_period_starts() -> None:
    months = buckets(
        pd.DataFrame({"bucket": pd.to_datetime([]), "n": []}),
        Filters(dt.date(2020, 1, 20), dt.date(2020, 3, 2)),
        "month",
    )
    assert list(zip(months["day_from"], months["day_to"], strict=True)) == [
        ("2020-01-20", "2020-01-31"),
        ("2020-02-01", "2020-02-29"),
        ("2020-03-01", "2020-03-02"),
    ]
