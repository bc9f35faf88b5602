from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from analytics.errors import SchemaError
from analytics.signals import daily_dips

SLOW = dt.date(2026, 3, 25)


@pytest.fixture(scope="module")
def week(moods):
    """Noon on WeChat is slow each day from the 18th on; the days of a week are judged in one run."""
    return daily_dips(moods(2, slow_days=tuple(range(16, 28)), extra=20), (SLOW - dt.timedelta(days=3), SLOW))


def test_a_day_alone_says_what_it_says_in_a_run_over_days(week, moods):
    contacts = moods(2, slow_days=tuple(range(16, 28)), extra=20).sample(frac=1, random_state=3)
    day = contacts["started_at"].dt.tz_convert("Asia/Shanghai").dt.date
    alone = daily_dips(contacts[day <= SLOW], (SLOW, SLOW))
    pd.testing.assert_frame_equal(week[week["day"] == SLOW].reset_index(drop=True), alone)


def test_the_slow_noon_of_each_day_goes_with_delay_and_counts_the_days_so_far(week):
    noon = week[week["started_at"].dt.tz_convert("Asia/Shanghai").dt.hour == 12]
    assert set(noon["channel"]) == {"wechat"} and noon["day"].tolist() == sorted(set(week["day"]))
    assert noon["verdict"].str.contains("回复变慢相关：").all()
    counted = noon["verdict"].str.extract(r"^(\d+) 天")[0].astype(int)
    assert (np.diff(counted) >= 0).all() and counted.iloc[-1] <= 8


def test_days_without_contacts_have_no_falls_and_a_missing_column_is_named(moods):
    contacts = moods(2, slow_days=tuple(range(16, 28)), extra=20)
    assert daily_dips(contacts, (dt.date(2027, 1, 1), dt.date(2027, 1, 1))).empty
    with pytest.raises(SchemaError, match="contact_id"):
        daily_dips(contacts.drop(columns="contact_id"), (SLOW, SLOW))
