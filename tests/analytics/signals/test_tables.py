from __future__ import annotations

import datetime as dt

import pandas as pd

from analytics.signals.tables import local_day, stable_id


def test_ids_differ_where_parts_differ_and_do_not_run_together():
    assert stable_id("a", "b") == stable_id("a", "b")
    assert len({stable_id("a", "b"), stable_id("ab"), stable_id("a", "b", ""), stable_id("b", "a")}) == 4


def test_a_day_is_local():
    late = pd.Series(pd.to_datetime(["2026-01-05 15:59Z", "2026-01-05 16:00Z"]))
    assert local_day(late, "Asia/Shanghai").tolist() == [dt.date(2026, 1, 5), dt.date(2026, 1, 6)]
    assert local_day(late.iloc[:0], "Asia/Shanghai").empty
