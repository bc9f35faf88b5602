from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analytics.signals.dose_response import SHAPES, UNKNOWN, dose, dose_response

SHORT, LONG = np.array([48.0]), np.array([300.0])


def ordinary_days(seed, *, slope=-0.1, n=4000, logarithmic=False, spread=0.5):
    """Waits of about a minute; slow channels and topics have a worse mood of their own."""
    rng = np.random.default_rng(seed)
    channel, topic, day = rng.integers(0, 3, n), rng.integers(0, 8, n), rng.integers(0, 28, n)
    minutes = np.exp(rng.normal(-0.2 + 0.3 * channel, spread))
    dosed = np.log1p(minutes) if logarithmic else minutes
    score = -0.3 * channel - 0.05 * topic + slope * dosed + rng.normal(0, 0.4, n)
    return pd.DataFrame(
        {
            "channel": channel.astype(str),
            "topic_id": topic.astype(str),
            "day": day,
            "setting": channel,
            "sentiment_score": score,
            "response_seconds": minutes * 60,
        }
    )


def change(response, now=LONG, usual=SHORT):
    return float(response.effect(now)[0] - response.effect(usual)[0])


def test_the_interval_covers_the_effect_about_nineteen_times_of_twenty():
    minute, two = np.array([60.0]), np.array([120.0])
    found = [dose_response(ordinary_days(seed)) for seed in range(40)]
    covered = [abs(change(r, two, minute) + 0.1) <= r.half_width(two, minute) for r in found]
    assert np.mean(covered) >= 0.9
    assert np.mean([change(r, two, minute) for r in found]) == pytest.approx(-0.1, abs=0.01)


def test_slow_channels_of_bad_mood_do_not_pass_for_an_effect():
    found = dose_response(ordinary_days(1, slope=0.0))
    assert abs(change(found)) < found.half_width(LONG, SHORT)


def test_bad_hours_with_slow_replies_do_not_pass_for_an_effect():
    contacts = ordinary_days(1, slope=0.0)
    evening = np.arange(len(contacts)) % 4 == 0
    late = contacts.assign(
        setting=contacts["setting"] + 3 * evening,
        sentiment_score=contacts["sentiment_score"] - 0.4 * evening,
        response_seconds=contacts["response_seconds"] * (1 + evening),
    )
    found = dose_response(late)
    assert abs(change(found)) < found.half_width(LONG, SHORT)
    assert change(dose_response(late.assign(setting=0))) < -0.2


@pytest.mark.parametrize("logarithmic", [True, False])
def test_long_waits_are_told_from_the_course_of_shorter_ones(logarithmic):
    found = dose_response(ordinary_days(2, slope=-0.2, n=20_000, logarithmic=logarithmic, spread=0.9))
    true = -0.2 * (np.log(6 / 1.8) if logarithmic else 4.2)
    assert change(found) == pytest.approx(true, rel=0.15)


def test_short_waits_leave_the_shape_open_and_the_interval_of_long_ones_wide():
    short = dose_response(ordinary_days(3, slope=-0.2, spread=0.2))
    long = dose_response(ordinary_days(3, slope=-0.2, spread=0.9))
    assert short.half_width(LONG, SHORT) > 3 * long.half_width(LONG, SHORT)


@pytest.mark.parametrize("table", [ordinary_days(3, n=20), ordinary_days(3).assign(response_seconds=np.nan)])
def test_too_little_is_unknown(table):
    assert dose_response(table) == UNKNOWN


def test_equal_waits_say_nothing():
    assert dose_response(ordinary_days(4).assign(response_seconds=60.0)) == UNKNOWN


def test_an_unknown_effect_is_none_and_an_unknown_delay_stays_unknown():
    assert UNKNOWN.effect(np.array([60.0, np.nan])).tolist()[0] == 0.0
    assert np.isnan(dose_response(ordinary_days(1)).effect(np.array([np.nan]))).all()


@pytest.mark.parametrize("shape", SHAPES)
def test_a_longer_wait_is_never_a_smaller_dose(shape):
    waits = np.linspace(0, 3600, 50)
    doses = dose(waits, *shape)
    assert doses[0] == 0 and (np.diff(doses) >= 0).all() and doses[1] <= waits[1] / 60
