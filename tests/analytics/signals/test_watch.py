"""All kinds at once: the same rows for a day whether it is judged alone or with others."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from analytics.signals import SpikeRule
from analytics.signals.watch import Counted, alarms_of_days, incidents_of_days, without_told_moods

FIRST = dt.date(2026, 3, 2)
ZONE = "Asia/Shanghai"
WORDS = ("发货", "退款", "发票", "安装")


def day_of(number: int) -> dt.date:
    return FIRST + dt.timedelta(days=number)


@pytest.fixture(scope="module")
def centre() -> tuple[Counted, pd.DataFrame]:
    """36 days of 120 contacts; on days 33 and 34 30 angry ones more say 白屏, in the category app_fault."""
    rng = np.random.default_rng(5)
    rows = []
    for day in range(36):
        for hour in range(9, 21):
            n = rng.poisson(10)
            drawn = zip(rng.choice(["app", "web"], n), rng.choice(WORDS, n), rng.random(n) < 0.2, strict=True)
            rows += [(day, hour, *contact, "") for contact in drawn]
        if day in (33, 34):
            rows += [(day, 10 + n % 8, "app", "白屏", True, "app_fault") for n in range(30)]
    told = pd.DataFrame(rows, columns=["day", "clock", "channel", "word", "bad", "category"])
    local = pd.Timestamp(FIRST, tz=ZONE)
    told["hour"] = (local + pd.to_timedelta(told["day"] * 24 + told["clock"], unit="h")).dt.tz_convert("UTC")
    told["contact_id"] = [f"c{number:05d}" for number in range(len(told))]
    counts = {"n_contacts": ("contact_id", "size"), "n": ("contact_id", "size"), "n_negative": ("bad", "sum")}
    faults = told[told["category"] != ""]
    counted = Counted(
        moods=told.assign(product="").groupby(["hour", "channel", "product"], as_index=False).agg(**counts),
        keywords=_counts(told, ["hour", "word"]),
        themes={"category": _counts(faults, ["hour", "channel", "category"])},
    )
    parts = [
        told.assign(kind="volume", key=told["channel"]),
        told[told["bad"]].assign(kind="negative", key=told["channel"]),
        told.assign(kind="keyword", key=told["word"]),
        faults.assign(kind="category", key=faults["category"]),
    ]
    members = pd.concat(parts, ignore_index=True)[["kind", "key", "channel", "hour", "contact_id"]]
    return counted, members


def _counts(told: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    counts = told.groupby(by, as_index=False).agg(n_contacts=("contact_id", "size"))
    return counts.rename(columns={by[-1]: "key"})


def told_of(centre: tuple[Counted, pd.DataFrame], days: list[int]) -> pd.DataFrame:
    """Return the incidents of some days, judged with the two days before them, as the job does."""
    counted, members = centre
    judged = [day_of(number) for number in range(min(days) - 2, max(days) + 1)]
    alarms = alarms_of_days(counted, judged, rule=SpikeRule(history_days=21))
    return incidents_of_days(alarms, members, [day_of(number) for number in days])


@pytest.mark.slow
def test_a_day_alone_gives_the_rows_that_a_window_of_days_gives(centre):
    together = told_of(centre, [33, 34])
    alone = pd.concat([told_of(centre, [day]) for day in (33, 34)], ignore_index=True)
    pd.testing.assert_frame_equal(together, alone, check_dtype=False)


def test_word_category_and_mood_of_one_fault_are_one_incident_on_each_of_its_days(centre):
    found = told_of(centre, [33, 34]).query("kind != 'volume'")
    assert found["key"].tolist() == ["白屏", "白屏"]
    assert found["day"].tolist() == [day_of(33), day_of(34)]
    assert {"app_fault", "app"} <= set(found["related"].iloc[0])
    assert found["n_contacts"].tolist() == [30, 30]


def test_an_hour_that_is_not_over_is_not_judged(centre):
    counted, _ = centre
    until = pd.Timestamp(day_of(33), tz=ZONE) + pd.Timedelta(hours=11, minutes=40)
    alarms = alarms_of_days(counted, [day_of(33)], rule=SpikeRule(), complete_until=until.tz_convert("UTC"))
    assert (alarms["judged_hour"] < until.floor("h")).all()


def test_what_people_called_normal_counts_in_full(centre):
    """The day before was marked: 白屏 is then a usual word, which a day of the same size does not exceed."""
    counted, _ = centre
    begin = pd.Timestamp(day_of(33), tz=ZONE).tz_convert("UTC")
    mark = {"channel": "*", "started_at": begin, "ended_at": begin + pd.Timedelta(days=1)}
    found = [
        set(alarms_of_days(counted, [day_of(34)], rule=SpikeRule(), normal=marks)["key"])
        for marks in (None, pd.DataFrame([{"kind": kind, "key": "白屏", **mark} for kind in ("keyword", "topic")]))
    ]
    assert "白屏" in found[0] - found[1]


def test_a_mood_that_a_fall_tells_of_is_not_told_twice():
    incidents = pd.DataFrame(
        {
            "kind": ["negative", "negative", "keyword", "volume", "volume"],
            "contact_ids": [["a", "b"], ["x", "y", "z"], ["a"], ["a", "q", "r"], ["a", "b", "c"]],
        }
    )
    falls = pd.DataFrame({"contact_ids": [["a", "q", "x"]]})
    told = without_told_moods(incidents, falls)
    assert told["contact_ids"].tolist() == [["x", "y", "z"], ["a"], ["a", "b", "c"]]
    assert len(without_told_moods(incidents, falls.iloc[:0])) == 5
