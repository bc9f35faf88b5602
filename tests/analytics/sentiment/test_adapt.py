import numpy as np
import pytest

from analytics.errors import EmptyInputError
from analytics.sentiment.adapt import Labelled, adapt
from analytics.sentiment.features import N_BUCKETS
from analytics.sentiment.linear import LinearModel
from analytics.sentiment.mood import label_of, score_of

BAD, GOOD, CALM = "今天又{}闪退了", "这版{}很顺手", "请问{}在哪里设置"
THINGS = ("登录", "相册", "地图", "闹钟", "天气", "扫码", "投屏", "备份", "键盘", "夜间", "录音", "定位")


def blank() -> LinearModel:
    """A model that finds everything neutral and knows no word."""
    return LinearModel(
        np.ones(N_BUCKETS, np.float32), np.zeros((N_BUCKETS, 3), np.float32), np.array([0, 1, 0], np.float32)
    )


def texts_of(*kinds: str) -> list[str]:
    return [kind.format(thing) for thing in THINGS for kind in kinds]


def labelled(*, judged: bool = False, kinds: tuple[str, ...] = (BAD, GOOD)) -> Labelled:
    texts = texts_of(*kinds)
    labels = np.tile([{BAD: 0, CALM: 1, GOOD: 2}[kind] for kind in kinds], len(THINGS))
    ids = np.array([f"c{number}" for number in range(len(texts))], dtype=object)
    return Labelled(texts, labels, np.ones(len(texts)), ids, np.full(len(texts), judged))


def test_words_of_the_site_are_learnt_and_carry_to_new_texts():
    model = adapt(blank(), labelled(), (), seed=1).model
    new = score_of(model.probabilities(["支付页面又闪退了", "支付页面很顺手"]))
    assert new[0] < -0.3 < 0.3 < new[1]


def test_the_same_labels_give_the_same_bytes_and_leave_the_base_alone():
    base = blank()
    one, other = (adapt(base, labelled(), texts_of(CALM), seed=1).model for _ in range(2))
    assert one.coefficients.tobytes() == other.coefficients.tobytes()
    assert one.intercepts.tobytes() == other.intercepts.tobytes()
    assert not base.coefficients.any()


def test_what_the_site_never_says_keeps_its_mood():
    model = adapt(blank(), labelled(), texts_of(CALM), seed=1).model
    assert abs(score_of(model.probabilities(["qq ww ee"]))[0]) < 0.15


def test_neutral_talk_stays_neutral():
    base, calm = blank(), texts_of(CALM)
    for judged, kinds in ((False, (BAD, GOOD)), (True, (BAD, CALM, GOOD))):
        model = adapt(base, labelled(judged=judged, kinds=kinds), calm, seed=1).model
        assert (label_of(model.probabilities(calm)) == "neutral").all()


def test_people_can_teach_what_is_neutral():
    """A base that takes every question for a complaint; corrections say it is none."""
    base = LinearModel(blank().idf, blank().coefficients, np.array([2, 0, 0], np.float32))
    model = adapt(base, labelled(judged=True, kinds=(BAD, CALM, GOOD)), (), seed=1).model
    assert label_of(model.probabilities(["请问电池在哪里设置", "这版电池很顺手"])).tolist() == ["neutral", "positive"]


def test_a_rare_class_is_not_drowned():
    both = labelled()
    kept = np.array([label == 2 or number < 16 for number, label in enumerate(both.labels)])
    some = Labelled(
        [text for text, keep in zip(both.texts, kept, strict=True) if keep],
        *(values[kept] for values in (both.labels, both.weights, both.contacts, both.judged)),
    )
    model = adapt(blank(), some, (), seed=1).model
    assert score_of(model.probabilities(["支付页面又闪退了"]))[0] < 0


def test_one_class_only_is_refused():
    with pytest.raises(EmptyInputError, match="one class only"):
        adapt(blank(), labelled(kinds=(GOOD,)), (), seed=1)
