from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analytics.signals.dose_response import UNKNOWN, dose_response


def ordinary_days(seed, *, slope=-0.1, n=4000, logarithmic=False):
    """Waits of about a minute; slow channels and topics have a worse mood of their own."""
    rng = np.random.default_rng(seed)
    channel, topic, day = rng.integers(0, 3, n), rng.integers(0, 8, n), rng.integers(0, 28, n)
    minutes = np.exp(rng.normal(-0.2 + 0.3 * channel, 0.5))
    dose = np.log1p(minutes) if logarithmic else minutes
    score = -0.3 * channel - 0.05 * topic + slope * dose + rng.normal(0, 0.4, n)
    return pd.DataFrame(
        {
            "channel": channel.astype(str),
            "topic_id": topic.astype(str),
            "day": day,
            "sentiment_score": score,
            "response_seconds": minutes * 60,
        }
    )


def test_interval_covers_the_slope_nineteen_times_of_twenty():
    found = [dose_response(ordinary_days(seed)) for seed in range(40)]
    covered = [r.low <= -0.1 <= r.high for r in found if not r.logarithmic]
    assert len(covered) > 30 and 0.85 <= np.mean(covered) <= 1.0
    assert np.mean([r.slope for r in found if not r.logarithmic]) == pytest.approx(-0.1, abs=0.01)


def test_slow_channels_of_bad_mood_do_not_pass_for_an_effect():
    found = dose_response(ordinary_days(1, slope=0.0))
    assert found.low < 0 < found.high


def test_a_bent_effect_is_told_from_a_straight_one_where_waits_differ():
    contacts = ordinary_days(2, slope=-0.6, n=20_000, logarithmic=True)
    assert dose_response(contacts).logarithmic
    assert not dose_response(ordinary_days(2, slope=-0.6, n=20_000)).logarithmic


@pytest.mark.parametrize("table", [ordinary_days(3, n=20), ordinary_days(3).assign(response_seconds=np.nan)])
def test_too_little_is_unknown(table):
    assert dose_response(table) == UNKNOWN


def test_equal_waits_say_nothing():
    assert dose_response(ordinary_days(4).assign(response_seconds=60.0)) == UNKNOWN
