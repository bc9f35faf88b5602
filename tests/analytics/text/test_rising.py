import numpy as np
import pytest
from scipy import stats

from analytics.text.rising import PRIOR_COUNT, PRIOR_DISPERSION, pooled_dispersion, tail_p_values


def test_without_overdispersion_it_is_the_gamma_poisson_tail() -> None:
    for observed, total in ((3, 0), (12, 28), (60, 1400)):
        expected = stats.nbinom.sf(observed - 1, total + PRIOR_COUNT, 28 / 29)
        p_value = tail_p_values([observed], [total], exposure=600.0, exposure_before=28 * 600.0, dispersion=0.0)
        assert p_value[0] == pytest.approx(expected, rel=1e-6)


def test_less_past_and_more_scatter_make_a_count_less_surprising() -> None:
    long = tail_p_values([15], [0], exposure=600.0, exposure_before=28 * 600.0, dispersion=0.1)
    short = tail_p_values([15], [0], exposure=600.0, exposure_before=600.0, dispersion=0.1)
    scattered = tail_p_values([40], [560], exposure=600.0, exposure_before=28 * 600.0, dispersion=0.5)
    even = tail_p_values([40], [560], exposure=600.0, exposure_before=28 * 600.0, dispersion=0.05)
    assert long[0] < short[0] < 1e-3 and even[0] < scattered[0]


def test_nothing_said_is_never_a_rise() -> None:
    assert tail_p_values([0], [0], exposure=1.0, exposure_before=1.0, dispersion=0.1).tolist() == [1.0]


@pytest.mark.parametrize("dispersion", [0.05, 0.4])
def test_the_dispersion_of_made_up_days_is_found(dispersion: float) -> None:
    rng = np.random.default_rng(20260101)
    exposure = np.full(28, 600.0)
    means = rng.gamma(1.0, 8.0, size=800)[:, None]
    counts = rng.negative_binomial(1 / dispersion, 1 / (1 + means * dispersion), size=(800, 28)).astype(float)
    found = pooled_dispersion(counts.sum(axis=1), (counts**2).sum(axis=1), counts @ exposure, exposure)
    assert found == pytest.approx(dispersion, rel=0.2)


def test_nothing_counted_gives_the_prior() -> None:
    assert pooled_dispersion([], [], [], []) == pytest.approx(PRIOR_DISPERSION)
