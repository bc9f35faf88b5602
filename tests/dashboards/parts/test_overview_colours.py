from __future__ import annotations

import itertools

import pytest

from dashboards.parts.overview_colours import contrast, mood_ground, strength
from dashboards.preferences import Preferences, preferred
from dashboards.theme import palette

MEANS = (-0.8, -0.45, -0.2, 0.0, 0.2, 0.45, 0.8)


@pytest.mark.parametrize("dark", [False, True])
def test_ink_can_be_read_on_every_step_and_the_steps_stay_apart(*, dark: bool) -> None:
    with preferred(Preferences(dark=dark)):
        grounds = [mood_ground(mean) for mean in MEANS]
        assert min(contrast(ground, palette().ink) for ground in grounds) >= 4.5
        assert strength(palette()) >= 0.5
    assert len(set(grounds)) == len(MEANS)
    assert all(one != other for one, other in itertools.pairwise(grounds))
