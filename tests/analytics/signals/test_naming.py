from __future__ import annotations

import pandas as pd
import pytest

from analytics.signals.episodes import Episode
from analytics.signals.naming import busiest_place, most_telling

T0 = pd.Timestamp("2026-03-20 02:00Z")


def episode(key, n, *, kind="keyword", channel="*", lift=20.0, expected=0.1, hours=0, excess=0.9):
    started = T0 + pd.Timedelta(hours=hours)
    return Episode(
        kind, key, channel, started, started + pd.Timedelta(hours=3), 3600, float(n), expected, 1e-9, 1e-6, lift,
        excess, frozenset(f"c{i}" for i in range(n)),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("episodes", "name"),
    [
        ([episode("面膜", 40, lift=2.0), episode("小辣椒", 30), episode("呛口小辣椒面膜", 29)], "呛口小辣椒面膜"),
        ([episode("小辣椒", 30), episode("有没有小辣椒", 8)], "小辣椒"),
        ([episode("甲乙", 30, lift=10), episode("丙丁", 30, lift=20)], "丙丁"),
        ([episode("t1", 30, kind="topic"), episode("物流", 30, expected=5.0)], "t1"),
        ([episode("t1", 30, kind="topic", lift=4), episode("物流", 30, expected=5.0, lift=15)], "物流"),
    ],
)
def test_what_a_person_reads(episodes, name):
    assert most_telling(episodes).key == name
    assert most_telling(episodes[::-1]).key == name


def test_of_channels_the_first_to_alarm_and_then_the_one_that_holds_it():
    everywhere, phone, late = (
        episode("甲", 30),
        episode("甲", 28, channel="phone"),
        episode("甲", 30, channel="app", hours=1),
    )
    assert most_telling([everywhere, phone, late]).channel == "phone"
    assert most_telling([everywhere, late]).channel == "*"


def test_a_rush_is_named_by_the_channel_that_brought_it():
    whole = episode("*", 100, kind="volume", excess=0.5)
    assert busiest_place([whole, episode("app", 50, kind="volume", channel="app")]).channel == "app"
    assert busiest_place([whole, episode("app", 30, kind="volume", channel="app", excess=0.5)]).channel == "*"
    assert busiest_place([episode("app", 30, kind="volume", channel="app")]).channel == "app"
