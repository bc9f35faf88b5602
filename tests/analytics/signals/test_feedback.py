from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analytics.errors import SchemaError
from analytics.signals import JudgedHours, detect_spikes
from analytics.signals.feedback import normal_days
from analytics.signals.grid import hour_grid

FIRST = pd.Timestamp("2026-07-06", tz="Asia/Shanghai").tz_convert("UTC")
HOURS = pd.date_range(FIRST, periods=28 * 24, freq="h")
PAYDAYS = (14, 21, 27)


def counts():
    """Both words three times a day; 工资 and 停机 come 20 times in the hours 10 to 12 of three days."""
    rng = np.random.default_rng(2)
    parts = []
    for key in ("工资", "停机"):
        n = rng.poisson(3 / 24, len(HOURS))
        for day in PAYDAYS:
            n[day * 24 + 10 : day * 24 + 13] += 20
        parts.append(pd.DataFrame({"hour": HOURS, "key": key, "n_contacts": n}))
    table = pd.concat(parts, ignore_index=True)
    return table[table["n_contacts"] > 0]


def marked(key, *days):
    start = [FIRST + pd.Timedelta(days=day, hours=10) for day in days]
    return pd.DataFrame({"key": key, "started_at": start, "ended_at": [s + pd.Timedelta(hours=3) for s in start]})


def alarming(normal):
    totals = pd.DataFrame({"hour": HOURS, "n_contacts": 40})
    last_day = JudgedHours(FIRST + pd.Timedelta(days=27), HOURS[-1])
    return set(detect_spikes(counts(), totals, kind="keyword", hours=last_day, normal=normal)["key"])


def test_what_a_person_called_normal_alarms_no_more_and_the_rest_still_does():
    assert alarming(None) == {"工资", "停机"}
    assert alarming(marked("工资", 14, 21)) == {"停机"}


def test_a_mark_of_today_or_of_another_key_changes_nothing_of_today():
    assert alarming(marked("工资", 27)) == {"工资", "停机"}
    assert alarming(marked("还没出现过", 14, 21)) == {"工资", "停机"}


def test_marks_that_reach_beyond_the_hours_are_cut():
    grid = hour_grid(HOURS[0], HOURS[47], "Asia/Shanghai")
    wide = pd.DataFrame({"key": ["a"], "started_at": [HOURS[0] - pd.Timedelta(days=9)], "ended_at": [HOURS[-1]]})
    assert normal_days(wide, pd.Index(["a"]), grid).tolist() == [[0, 0], [0, 1]]
    late = wide.assign(started_at=HOURS[60])
    assert normal_days(late, pd.Index(["a"]), grid).shape == (0, 2)


def test_marks_without_a_zone_or_a_column_are_refused():
    grid = hour_grid(HOURS[0], HOURS[47], "Asia/Shanghai")
    with pytest.raises(SchemaError, match="ended_at"):
        normal_days(marked("a", 1).drop(columns="ended_at"), pd.Index(["a"]), grid)
    naive = marked("a", 1).assign(started_at=pd.to_datetime(["2026-07-06"]))
    with pytest.raises(SchemaError, match="with a zone"):
        normal_days(naive, pd.Index(["a"]), grid)
