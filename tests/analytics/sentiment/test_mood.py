import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.sentiment.mood import NEUTRAL_BAND, label_of, label_of_scores, score_of


@given(st.lists(st.tuples(*[st.floats(0.001, 1)] * 3), max_size=8))
def test_score_is_within_one_and_label_follows_its_sign(rows: list[tuple[float, ...]]) -> None:
    probabilities = np.array([np.array(row) / sum(row) for row in rows]).reshape(-1, 3)
    scores, labels = score_of(probabilities), label_of(probabilities)
    assert (np.abs(scores) <= 1).all()
    for score, label in zip(scores, labels, strict=True):
        assert label == ("neutral" if abs(score) < NEUTRAL_BAND else "positive" if score > 0 else "negative")


@pytest.mark.parametrize(
    ("score", "label"), [(0.3, "positive"), (-0.3, "negative"), (0.29, "neutral"), (-0.29, "neutral")]
)
def test_the_edge_of_the_band(score: float, label: str) -> None:
    assert label_of_scores([score]).tolist() == [label]


def test_nothing_gives_nothing() -> None:
    assert score_of(np.zeros((0, 3))).shape == (0,) and label_of_scores([]).shape == (0,)
