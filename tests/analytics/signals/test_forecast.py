"""The next two weeks: what is known of the days is in them, what went wrong in the past is not."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.calendar_days import Event, calendar_days
from analytics.errors import SchemaError
from analytics.signals.forecast import forecast_volume

pytestmark = pytest.mark.slow


ZONE = "Asia/Shanghai"
FIRST = dt.date(2026, 7, 6)
PROFILE = np.exp(-(((np.arange(24) - 14.5) / 4.5) ** 2)) + 0.02
WEEKDAY = np.array([1.12, 1.04, 1.0, 0.98, 1.0, 0.7, 0.6])


def midnight(day: dt.date) -> pd.Timestamp:
    return pd.Timestamp(day, tz=ZONE).tz_convert("UTC")


def usual(n_days: int, per_day: float = 480.0, first: dt.date = FIRST) -> np.ndarray:
    """Return what a channel's hours bring on average, shape (n_days, 24); a holiday as a Sunday."""
    weekday = np.array([day.weekday_like for day in calendar_days(first, first + dt.timedelta(days=n_days - 1))])
    return per_day * WEEKDAY[weekday][:, None] * PROFILE / PROFILE.sum()


def totals(contacts: np.ndarray, channel: str = "app", first: dt.date = FIRST) -> pd.DataFrame:
    hours = pd.date_range(midnight(first), periods=contacts.size, freq="h")
    return pd.DataFrame({"hour": hours, "channel": channel, "n_contacts": contacts.ravel()})


def forecast(history: pd.DataFrame, n_days: int, first: dt.date = FIRST, **given_: object) -> pd.DataFrame:
    return forecast_volume(history, made_at=midnight(first + dt.timedelta(days=n_days)), **given_)


def days_of(found: pd.DataFrame, column: str = "expected", channel: str = "app") -> np.ndarray:
    return found.loc[found["channel"] == channel, column].to_numpy().reshape(-1, 24)


@pytest.fixture(scope="module")
def two_channels() -> tuple[pd.DataFrame, dict[str, np.ndarray]]:
    """Return seven weeks of two channels, and what the two weeks after them bring."""
    rng = np.random.default_rng(7)
    noisy = {
        name: rng.poisson(usual(63, per_day) * rng.gamma(50, 0.02, (63, 24))).astype(float)
        for name, per_day in (("app", 480.0), ("web", 60.0))
    }
    history = pd.concat([totals(contacts[:49], name) for name, contacts in noisy.items()])
    return history, {name: contacts[49:] for name, contacts in noisy.items()}


@pytest.fixture(scope="module")
def found(two_channels) -> pd.DataFrame:
    return forecast(two_channels[0], 49)


def test_planted_weeks_are_recovered_and_beat_last_week(two_channels, found):
    history, came = two_channels
    truth = usual(63)[49:]
    assert days_of(found).sum() == pytest.approx(truth.sum(), rel=0.04)
    assert np.abs(days_of(found) / truth - 1)[:, 9:21].mean() < 0.08
    last_week = np.tile(history.query("channel == 'app'")["n_contacts"].to_numpy()[-168:].reshape(7, 24), (2, 1))
    ours, naive = np.abs(came["app"] - days_of(found)).mean(), np.abs(came["app"] - last_week).mean()
    assert ours < 0.85 * naive


def test_intervals_hold_about_four_in_five(two_channels, found):
    for name, came in two_channels[1].items():
        low, high = days_of(found, "low", name), days_of(found, "high", name)
        assert 0.70 <= ((low <= came) & (came <= high)).mean() <= 0.92


def test_all_channels_together_are_their_sum(found):
    assert np.allclose(days_of(found, channel="*"), days_of(found) + days_of(found, channel="web"))
    width = {name: (days_of(found, "high", name) - days_of(found, "low", name)).sum() for name in ("*", "app", "web")}
    assert width["*"] < width["app"] + width["web"]


@pytest.mark.parametrize(("begin", "factor"), [((34, 10), 6.0), ((33, 0), 4.0), ((34, 0), 0.0)])
def test_a_rush_or_an_outage_on_the_last_days_leaves_no_mark(begin, factor):
    contacts = np.random.default_rng(2).poisson(usual(35)).astype(float)
    struck = contacts.copy()
    day, hour = begin
    struck[day, hour : hour + (5 if hour else 24)] *= factor
    plain, after = (days_of(forecast(totals(one), 35)) for one in (contacts, struck))
    assert np.abs(after - plain).sum() / plain.sum() < 0.05
    assert np.abs(after.sum(axis=1) / plain.sum(axis=1) - 1).max() < 0.10


def test_a_doubled_saturday_does_not_double_the_next_and_a_new_level_is_believed():
    contacts = np.random.default_rng(2).poisson(usual(35)).astype(float)
    doubled, moved = contacts.copy(), contacts.copy()
    doubled[33] *= 2.0
    moved[21:] *= 1.6
    plain, after, higher = (days_of(forecast(totals(one), 35)).sum(axis=1) for one in (contacts, doubled, moved))
    assert after[[5, 12]] == pytest.approx(plain[[5, 12]], rel=0.05)
    assert higher == pytest.approx(1.6 * plain, rel=0.12)


def test_a_holiday_works_as_a_sunday_and_a_make_up_day_as_a_workday():
    first = dt.date(2026, 8, 17)
    # From 28 September on: 1 to 7 October are holidays, Saturday 10 October is worked.
    found = forecast(totals(usual(42, first=first), first=first), 42, first)
    by_day = days_of(found).sum(axis=1)
    assert by_day[4] == pytest.approx(480 * WEEKDAY[6], rel=0.05)
    assert by_day[12] == pytest.approx(480 * WEEKDAY[4], rel=0.05)
    width = (days_of(found, "high") - days_of(found, "low")).sum(axis=1)
    assert width[4] > 1.4 * width[13]  # no National Day in the history: nobody knows by how much it differs


def test_what_an_event_brought_before_it_brings_again():
    sale = Event("店庆", (None, 7, 20), (None, 7, 21)), Event("店庆", (None, 8, 10), (None, 8, 11))
    next_sale = Event("店庆", (None, 8, 27), (None, 8, 28))
    contacts = usual(49)
    for day in (14, 15, 35, 36):
        contacts[day] *= 2.0
    plain = days_of(forecast(totals(contacts), 49, events=sale)).sum(axis=1)
    ahead = days_of(forecast(totals(contacts), 49, events=(*sale, next_sale))).sum(axis=1)
    assert plain[:5] == pytest.approx(480 * WEEKDAY[:5], rel=0.08)
    assert 1.5 < ahead[3] / plain[3] < 2.1 and 1.5 < ahead[4] / plain[4] < 2.1


def test_short_histories_say_less():
    assert forecast(totals(usual(2)), 2).empty
    week = forecast(totals(usual(6)), 6)
    assert days_of(week).shape == (14, 24)
    assert days_of(week)[0, 14] == pytest.approx(usual(1)[0, 14], rel=0.35)
    months = forecast(totals(usual(35)), 35)
    relative = [((days_of(f, "high") - days_of(f, "low")) / days_of(f))[:, 14].mean() for f in (week, months)]
    assert relative[0] > 1.5 * relative[1]


def test_a_channel_that_fell_silent_is_not_forecast():
    contacts = usual(56)
    old = totals(contacts[:20], "fax")
    assert set(forecast(pd.concat([totals(contacts), old]), 56)["channel"]) == {"*", "app"}


def test_what_comes_after_it_was_made_is_not_read():
    contacts = usual(40)
    early = forecast_volume(totals(contacts[:30]), made_at=midnight(FIRST + dt.timedelta(days=30)))
    late = forecast_volume(totals(contacts), made_at=midnight(FIRST + dt.timedelta(days=30)))
    pd.testing.assert_frame_equal(early, late)
    midday = forecast_volume(
        totals(contacts), made_at=midnight(FIRST + dt.timedelta(days=30)) + pd.Timedelta(hours=10.5)
    )
    assert midday["hour"].min() == midnight(FIRST + dt.timedelta(days=30)) + pd.Timedelta(hours=11)


@given(st.lists(st.integers(0, 40), min_size=72, max_size=12 * 24), st.integers(1, 100))
@settings(max_examples=10, deadline=None)
def test_every_forecast_is_ordered_and_not_negative(counts, horizon):
    table = np.array(counts[: len(counts) // 24 * 24], dtype=float).reshape(-1, 24)
    found = forecast(totals(table), len(table), horizon_hours=horizon)
    assert (found["low"] >= 0).all() and (found["low"] <= found["expected"]).all()
    assert (found["expected"] <= found["high"]).all() and np.isfinite(found["high"].astype(float)).all()
    assert len(found) in (0, 2 * horizon)


def test_times_need_a_zone_and_columns_are_named():
    with pytest.raises(SchemaError, match="made_at"):
        forecast_volume(totals(usual(5)), made_at=pd.Timestamp("2026-07-11"))
    with pytest.raises(SchemaError, match="n_contacts"):
        forecast_volume(totals(usual(5)).drop(columns="n_contacts"), made_at=midnight(FIRST))
