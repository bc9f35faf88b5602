from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analytics.signals import scoring
from analytics.signals.grid import hour_grid
from analytics.signals.rules import SpikeRule
from analytics.signals.series import Series

FIRST = pd.Timestamp("2024-01-01", tz="Asia/Shanghai").tz_convert("UTC")


def series(*, days=30, n_keys=60, seed=1, spike_at=None):
    rng = np.random.default_rng(seed)
    grid = hour_grid(FIRST, FIRST + pd.Timedelta(days=days, hours=-1), "Asia/Shanghai")
    exposure = rng.poisson(40, grid.n_hours).astype(float)
    counts = rng.poisson(exposure * rng.uniform(0.001, 0.1, n_keys)[:, None]).astype(float)
    if spike_at is not None:
        counts[0, spike_at] += 40
    code, hour = np.nonzero(counts)
    return Series(code, hour, counts[code, hour], n_keys, exposure, grid)


def test_the_blocks_in_which_days_are_held_do_not_matter(monkeypatch):
    given = series(spike_at=500)
    whole = scoring.score_windows(given, SpikeRule(), first=200, last=700)
    monkeypatch.setattr(scoring, "_BLOCK_DAYS", 2)
    pd.testing.assert_frame_equal(scoring.score_windows(given, SpikeRule(), first=200, last=700), whole)
    assert set(whole["end"]) >= {500} and set(whole["code"]) == {0}


def test_lift_is_asked_for_besides_significance():
    given = series(spike_at=500)
    strict = scoring.score_windows(given, SpikeRule(min_lift=1000.0), first=200, last=700)
    assert strict.empty


def test_a_young_source_is_judged_more_strictly():
    given = series(spike_at=24 * 5)
    young = scoring.score_windows(given, SpikeRule(), first=24 * 5, last=24 * 5)
    old = scoring.score_windows(series(spike_at=500), SpikeRule(), first=500, last=500)
    assert young["p_value"].min() > 1000 * old["p_value"].min()


@pytest.mark.slow
def test_years_of_reviews_are_judged_a_block_at_a_time():
    rng = np.random.default_rng(2)
    grid = hour_grid(FIRST, FIRST + pd.Timedelta(days=1500), "Asia/Shanghai")
    hour = rng.integers(0, grid.n_hours, 20_000)
    code = rng.zipf(1.5, 20_000) % 3_000
    given = Series(code, hour, np.ones(20_000), 3_000, np.ones(grid.n_hours), grid)
    assert scoring.score_windows(given, SpikeRule(), first=0, last=grid.n_hours - 1).empty
