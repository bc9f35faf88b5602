import numpy as np
import pytest
import scipy.sparse
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.sentiment import directions as place
from analytics.sentiment.adapt import Labelled, adapt
from analytics.sentiment.features import N_BUCKETS
from analytics.sentiment.linear import LinearModel
from analytics.sentiment.mood import label_of

THINGS = ("登录", "相册", "地图", "支付", "天气", "扫码")


def blank() -> LinearModel:
    """A model that finds everything neutral and knows no word."""
    weights = np.zeros((N_BUCKETS, 3), np.float32)
    return LinearModel(np.ones(N_BUCKETS, np.float32), weights, np.array([0, 1, 0], np.float32))


def stars(*, judged: bool = False) -> Labelled:
    texts = [kind.format(thing) for thing in THINGS for kind in ("{}又闪退", "{}很顺手")]
    contacts = np.array([f"c{number}" for number in range(len(texts))], dtype=object)
    return Labelled(texts, np.tile([0, 2], 6), np.ones(12), contacts, np.full(12, judged))


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place, "N_DIRECTIONS", 8)
    monkeypatch.setattr(place, "MIN_TEXTS", 40)


def text_matrix(seed: int, n: int = 60, n_buckets: int = 40) -> scipy.sparse.csr_matrix:
    return scipy.sparse.random(n, n_buckets, 0.2, "csr", np.float32, random_state=np.random.default_rng(seed))


@pytest.mark.usefixtures("few")
@settings(max_examples=15, deadline=None)
@given(st.integers(0, 1000))
def test_folded_weights_say_what_widened_features_say(seed: int) -> None:
    features = text_matrix(seed)
    found = place.find_directions(features)
    weights = np.random.default_rng(seed).normal(size=48)
    assert found is not None
    assert np.allclose(found.widen(features) @ weights, features @ found.fold(weights), atol=1e-5)


@pytest.mark.usefixtures("few")
def test_the_same_text_gives_the_same_bytes_and_little_text_none() -> None:
    one, other = (place.find_directions(text_matrix(1)) for _ in range(2))
    assert one.weights.tobytes() == other.weights.tobytes()
    assert place.find_directions(text_matrix(1, n=39)) is None


@pytest.mark.usefixtures("few")
def test_words_that_occur_with_known_ones_are_learnt_without_a_label() -> None:
    """黑屏 and 流畅 stand in no labelled text, but beside words that do."""
    things = [thing + more for thing in THINGS for more in "一二三四五六"]
    unlabelled = [kind.format(thing) for thing in things for kind in ("{}又闪退还黑屏", "{}很顺手真流畅")]
    alone = adapt(blank(), stars(), (), seed=1).model
    both = [adapt(blank(), stars(), (), seed=1, unlabelled=unlabelled).model for _ in range(2)]
    before, after = (np.log(model.probabilities(["黑屏", "流畅"])) @ [-1, 0, 1] for model in (alone, both[0]))
    assert after[1] - after[0] > before[1] - before[0] + 0.5
    assert both[0].coefficients.tobytes() == both[1].coefficients.tobytes()


@pytest.mark.usefixtures("few")
def test_neutral_talk_stays_neutral_and_corrections_still_teach() -> None:
    calm = [f"请问{thing}在哪里设置" for thing in THINGS]
    unlabelled = [f"{text}{more}" for text in calm for more in "呀呢吧"]
    for judged in (False, True):
        model = adapt(blank(), stars(judged=judged), calm, seed=1, unlabelled=unlabelled).model
        assert (label_of(model.probabilities(calm)) == "neutral").all()
