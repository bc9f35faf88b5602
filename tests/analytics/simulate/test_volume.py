from datetime import date
from random import Random
from statistics import mean, pvariance

import pytest

from analytics.simulate import Plan
from analytics.simulate.centre import load_centre
from analytics.simulate.grammar import load_grammar
from analytics.simulate.schedule import schedule_day
from analytics.simulate.volume import gamma_factor, poisson


@pytest.mark.parametrize("expected", [0.3, 6.0, 80.0])
def test_poisson_has_its_mean_and_variance(expected):
    rng = Random(4)
    drawn = [poisson(expected, rng) for _ in range(6_000)]
    assert mean(drawn) == pytest.approx(expected, rel=0.06)
    assert pvariance(drawn) == pytest.approx(expected, rel=0.1)


def test_gamma_has_mean_one_and_its_variance():
    rng = Random(4)
    drawn = [gamma_factor(0.04, rng) for _ in range(6_000)]
    assert mean(drawn) == pytest.approx(1.0, abs=0.02)
    assert pvariance(drawn) == pytest.approx(0.04, rel=0.12)


def test_mondays_are_busier_and_days_are_over_dispersed():
    plan = Plan(date(2026, 3, 2), days=140, contacts_per_day=60, plant=False)
    grammar, centre = load_grammar(), load_centre()
    counts = [len(schedule_day(plan, index, grammar, centre)) for index in range(plan.days)]
    assert mean(counts[0::7]) > 1.06 * mean(counts[5::7])
    levels = [count / centre.weekdays[index % 7] for index, count in enumerate(counts)]
    assert pvariance(levels) > mean(levels)


def test_a_schedule_is_in_order_of_time():
    heads = schedule_day(Plan(date(2026, 3, 2)), 3, load_grammar(), load_centre())
    seconds = [head.second for head in heads]
    assert seconds == sorted(seconds)
    assert 0 <= seconds[0] <= seconds[-1] < 86_400
