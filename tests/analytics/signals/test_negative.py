from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analytics.errors import SchemaError
from analytics.signals import JudgedHours, detect_negative_spikes, detect_volume_spikes
from analytics.signals.negative import usual_share

FIRST = pd.Timestamp("2026-03-02", tz="Asia/Shanghai").tz_convert("UTC")
DAYS = 30


def moods(n=20, share=0.2, *, days=DAYS, seed=0, **more):
    """A channel with `n` contacts a day at 10 to 15 local; `more` gives (n, share) of a day, as d25=(60, .2)."""
    rng = np.random.default_rng(seed)
    rows = []
    for day in range(days):
        mean, bad = more.get(f"d{day}", (n, share))
        for hour in range(10, 16):
            count = rng.poisson(mean / 6)
            rows.append((FIRST + pd.Timedelta(days=day, hours=hour), "app", "灯", count, rng.binomial(count, bad)))
    return pd.DataFrame(rows, columns=["hour", "channel", "product", "n", "n_negative"])


def judged(first, last=DAYS):
    return JudgedHours(FIRST + pd.Timedelta(days=first), FIRST + pd.Timedelta(days=last, hours=-1))


def days_of(alarms):
    return sorted(set(((alarms["judged_hour"] - FIRST) // pd.Timedelta(days=1)).astype(int)))


def test_a_day_on_which_more_are_unhappy_alarms_before_it_ends():
    alarms = detect_negative_spikes(moods(d25=(30, 0.8)), hours=judged(14))
    assert days_of(alarms) == [25]
    assert set(alarms["key"]) == {"*", "app", "灯"} and set(alarms["kind"]) == {"negative"}
    assert alarms["judged_hour"].min() < FIRST + pd.Timedelta(days=25, hours=15)
    assert (alarms["observed"] >= 8).all()


def test_a_doubled_day_is_a_matter_of_volume_and_not_of_mood():
    """Twice as many contacts with the usual share of unhappy ones."""
    counted = moods(n=60, d25=(130, 0.2))
    assert detect_negative_spikes(counted, hours=judged(14)).empty
    volume = detect_volume_spikes(counted.assign(n_contacts=counted["n"]), hours=judged(14))
    assert days_of(volume) == [25]


def test_where_most_are_unhappy_three_times_as_many_are_news():
    assert days_of(detect_negative_spikes(moods(n=8, share=0.9, d25=(40, 0.9)), hours=judged(14))) == [25]


def test_two_of_three_at_a_quiet_hour_are_nothing():
    assert detect_negative_spikes(moods(n=3, share=0.1, d25=(4, 1.0)), hours=judged(14)).empty


def test_a_surge_of_three_weeks_ago_does_not_hide_the_next():
    found = detect_negative_spikes(moods(d5=(60, 0.9), d6=(60, 0.9), d26=(60, 0.9)), hours=judged(14))
    assert days_of(found) == [26]


def test_what_comes_every_week_is_no_news():
    weekly = {f"d{day}": (60, 0.7) for day in (4, 11, 18, 25)}
    assert detect_negative_spikes(moods(**weekly), hours=judged(25)).empty


@pytest.mark.parametrize("seed", range(3))
def test_ordinary_days_are_quiet(seed):
    assert len(days_of(detect_negative_spikes(moods(seed=seed), hours=judged(7)))) <= 1


def test_the_usual_share_is_never_surer_than_a_hundred_contacts():
    low, high = usual_share(np.full(28, 200.0), np.full(28, 1000.0))
    assert low + high == pytest.approx(100)
    assert low / (low + high) == pytest.approx(0.2, abs=0.01)


def test_moods_without_their_counts_are_refused():
    with pytest.raises(SchemaError, match="n_negative"):
        detect_negative_spikes(moods().drop(columns="n_negative"), hours=judged(14))
