from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from analytics.errors import SchemaError
from analytics.schema import TABLES
from analytics.signals.mood_changes import ChangeRule, latest_change, mood_changes

FIRST = dt.date(2026, 3, 2)


def daily(seed, levels, *, n=60, spread=0.03, channel="app", topic=""):
    """Days of about `n` contacts whose mean is the level, give or take what days differ by."""
    rng = np.random.default_rng(seed)
    counts = rng.poisson(n, len(levels)) + 5
    mean = np.asarray(levels) + rng.normal(0, spread, len(levels)) + rng.normal(0, 0.4, len(levels)) / np.sqrt(counts)
    days = [FIRST + dt.timedelta(days=i) for i in range(len(levels))]
    squares = counts * (mean**2 + 0.16)
    known = {"day": days, "channel": channel, "topic_id": topic, "n": counts, "total": counts * mean}
    return pd.DataFrame({**known, "squares": squares})


def day(number):
    return FIRST + dt.timedelta(days=number)


STEP = [0.1] * 50 + [-0.1] * 20


def test_a_planted_change_is_told_once_with_its_day_and_size():
    table = pd.concat([daily(1, STEP), daily(2, [0.1] * 70, channel="web"), daily(3, STEP, topic="t1")])
    found = mood_changes(table, (day(45), day(69)))
    pa.Table.from_pandas(found, schema=TABLES["mood_change"].arrow(), preserve_index=False)
    assert sorted(found[["channel", "topic_id"]].values.tolist()) == [["app", ""], ["app", "t1"]]
    for row in found.to_dict("records"):
        assert abs((row["changed_on"] - day(50)).days) <= 1 and (row["day"] - row["changed_on"]).days <= 7
        assert row["low"] < -0.2 < row["high"] < 0


def test_a_day_alone_says_what_it_says_in_a_run_over_weeks():
    table = daily(1, STEP)
    window = mood_changes(table, (day(45), day(69)))
    alone = pd.concat([mood_changes(table[table["day"] <= day(i)], (day(i), day(i))) for i in range(45, 70)])
    pd.testing.assert_frame_equal(alone.reset_index(drop=True), window, check_dtype=False)


def test_one_bad_day_is_no_lasting_change():
    levels = np.full(60, 0.1)
    levels[50] = -0.5
    assert mood_changes(daily(4, levels), (day(42), day(59))).empty


def test_of_two_changes_the_latest_is_seen_against_the_level_between():
    table = daily(5, [0.3] * 14 + [0.0] * 14 + [-0.3] * 14)
    found = latest_change(*(table[name].to_numpy(dtype=float) for name in ("n", "total", "squares")), ChangeRule())
    assert found is not None and found.at == 28
    assert found.before == pytest.approx(0.0, abs=0.06) and found.after == pytest.approx(-0.3, abs=0.06)


def test_steady_moods_are_rarely_said_to_change():
    found = [mood_changes(daily(seed, [0.1] * 90), (day(49), day(89))) for seed in range(20)]
    assert sum(len(table) for table in found) <= 1


def test_nothing_in_nothing_out_and_a_missing_column_is_named():
    assert mood_changes(daily(1, STEP).iloc[:0], (day(0), day(9))).empty
    with pytest.raises(SchemaError, match="squares"):
        mood_changes(daily(1, STEP).drop(columns="squares"), (day(0), day(9)))
