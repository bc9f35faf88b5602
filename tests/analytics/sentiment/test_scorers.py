"""The contract of every scorer."""

from pathlib import Path

import numpy as np
import pytest

from analytics.errors import ConfigError
from analytics.sentiment.mood import label_of, score_of
from analytics.sentiment.scorer import SCORERS, Scorer, make_scorer

pytestmark = pytest.mark.slow
TEXTS = [
    "质量很好,很喜欢",
    "太差了,再也不买",
    "请问我的订单到哪里了",
    "好的",
    "",
    "  ",
    "😀",
    "abc 123",
    "東西壞了!!!",
] * 2


@pytest.fixture(scope="module", params=SCORERS)
def scorer(request: pytest.FixtureRequest, model_folder: Path) -> Scorer:
    return make_scorer(request.param, model_folder.parent.parent)


def test_shape_and_sum(scorer: Scorer) -> None:
    found = scorer.probabilities(TEXTS)
    assert found.shape == (len(TEXTS), 3) and found.dtype == np.float32
    assert (found >= 0).all()
    np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-5)


def test_order_and_company_of_rows_are_irrelevant(scorer: Scorer) -> None:
    found = scorer.probabilities(TEXTS)
    np.testing.assert_array_equal(scorer.probabilities(TEXTS[::-1]), found[::-1])
    np.testing.assert_allclose(np.concatenate([scorer.probabilities([t]) for t in TEXTS]), found, atol=1e-6)


def test_same_input_same_output_and_input_unchanged(scorer: Scorer) -> None:
    texts = list(TEXTS)
    np.testing.assert_array_equal(scorer.probabilities(texts), scorer.probabilities(tuple(texts)))
    assert texts == TEXTS


def test_no_texts_and_blank_texts(scorer: Scorer) -> None:
    assert scorer.probabilities([]).shape == (0, 3)
    assert label_of(scorer.probabilities(["", " \n"])).tolist() == ["neutral", "neutral"]


def test_praise_scores_above_blame(scorer: Scorer) -> None:
    praise, blame = score_of(scorer.probabilities(["质量很好,非常喜欢,推荐购买", "质量太差,很失望,不推荐"]))
    assert praise > 0 > blame


def test_an_unknown_scorer_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="linear, snownlp"):
        make_scorer("bert", tmp_path)  # type: ignore[arg-type]
