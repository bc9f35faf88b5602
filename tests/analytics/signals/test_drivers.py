from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.errors import SchemaError
from analytics.signals.drivers import drivers


def table(keys, values):
    return pd.DataFrame({"key": pd.Series(keys, dtype=object), "value": np.asarray(values, dtype=np.float64)})


CONTACTS = st.lists(st.tuples(st.sampled_from(["a", "b", "c", None]), st.floats(-1, 1)), min_size=1, max_size=30)


@settings(max_examples=40, deadline=None)
@given(CONTACTS, CONTACTS)
def test_contributions_add_up_to_the_change(base, now):
    base, now = (table(*zip(*rows, strict=True)) for rows in (base, now))
    found = drivers(now, base)
    assert found["contribution"].sum() == pytest.approx(now["value"].mean() - base["value"].mean(), abs=1e-9)
    assert np.allclose(found["mix"] + found["within"], found["contribution"], atol=1e-12)
    assert found["n"].sum() == len(now) and found["base_n"].sum() == len(base)
    assert (found["contribution"].abs().diff().dropna() <= 1e-15).all()


def draw(rng, shares, means, n=600):
    key = rng.choice(3, n, p=shares)
    return table(np.array(["a", "b", "c"], dtype=object)[key], np.asarray(means)[key] + rng.normal(0, 0.4, n))


def test_the_interval_covers_the_true_contribution():
    rng = np.random.default_rng(5)
    before, after = ([0.5, 0.3, 0.2], [0.3, 0.0, -0.5]), ([0.4, 0.3, 0.3], [0.3, -0.2, -0.5])
    (p0, m0), (p1, m1) = (tuple(np.array(part) for part in period) for period in (before, after))
    middle = (p0 @ m0 + p1 @ m1) / 2
    true = (p0 + p1) / 2 * (m1 - m0) + (p1 - p0) * ((m0 + m1) / 2 - middle)
    covered = []
    for _ in range(150):
        found = drivers(draw(rng, *after), draw(rng, *before)).sort_values("key")
        covered.append((found["low"] <= true) & (true <= found["high"]))
    assert 0.92 <= np.mean(covered) <= 0.98


def test_a_topic_whose_mood_fell_is_within_and_first():
    rng = np.random.default_rng(1)
    shares = [0.5, 0.3, 0.2]
    first = drivers(draw(rng, shares, [0.3, -0.5, -0.5]), draw(rng, shares, [0.3, 0.2, -0.5])).iloc[0]
    assert first["key"] == "b" and first["rank"] == 1
    assert first["high"] < 0 and abs(first["mix"]) < 0.1 * abs(first["within"])


def test_a_new_topic_is_mix_and_has_no_interval():
    found = drivers(table(["a", "b", "b"], [0, -1, -1]), table(["a", "a"], [0, 0])).set_index("key")
    assert found.loc["b", "within"] == 0 and found.loc["b", "mix"] < 0
    assert np.isnan(found.loc["b", "low"])


def test_nothing_to_compare_is_no_driver_and_a_missing_column_is_named():
    assert drivers(table([], []), table(["a"], [1.0])).empty
    with pytest.raises(SchemaError, match="value"):
        drivers(table(["a"], [1.0]).drop(columns="value"), table(["a"], [1.0]))
