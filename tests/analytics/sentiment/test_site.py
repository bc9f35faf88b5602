from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analytics.errors import ConfigError
from analytics.sentiment.features import N_BUCKETS
from analytics.sentiment.labels import site_labels
from analytics.sentiment.linear import LinearModel
from analytics.sentiment.site import learn_site, site_name, split_by_time
from analytics.sentiment.site_measure import difference, measure, near_copies

WORDS = ("登录", "相册", "地图", "闹钟", "天气", "扫码", "投屏", "备份", "键盘", "夜间", "录音", "定位", "支付", "通知")
SAYINGS = {
    0: ("{a}和{b}都闪退", "更新后{a}打不开,{b}也卡死", "{a}老是卡死还丢{b}", "求修{a},一点{b}就闪退"),
    2: ("{a}和{b}都很顺手", "更新后{a}飞快,{b}也顺手", "{a}做得贴心,{b}飞快", "爱用{a},{b}贴心"),
}


def blank() -> LinearModel:
    rng = np.random.default_rng(0)
    noise = rng.normal(0, 0.1, (N_BUCKETS, 3)).astype(np.float32)
    return LinearModel(np.ones(N_BUCKETS, np.float32), noise, np.array([0, 1, 0], np.float32))


def labels_of(n: int, *, shuffled: bool = False):
    """`n` reviews a day apart; `shuffled` ones have stars that say nothing."""
    rng = np.random.default_rng(3)
    truth = rng.permutation(np.tile([0, 2], n // 2))
    said = truth if not shuffled else rng.permutation(truth)
    pairs = rng.permutation([(a, b) for a in WORDS for b in WORDS if a != b])
    rows = [(f"c{i:04d}", SAYINGS[said[i]][i % 4].format(a=a, b=b)) for i, (a, b) in enumerate(pairs[:n])]
    contacts = pd.DataFrame({
        "contact_id": [i for i, _ in rows], "source": "app", "kind": "review",
        "started_at": pd.date_range("2026-01-01", periods=len(rows), tz="UTC"),
        "rating": np.where(truth == 2, 5.0, 1.0),
    })  # fmt: skip
    turns = pd.DataFrame({"contact_id": [i for i, _ in rows], "turn": 0, "text_simplified": [t for _, t in rows]})
    return site_labels(contacts, turns, pd.DataFrame(columns=["contact_id", "turn", "label"], dtype=object))


@pytest.fixture(scope="module")
def lesson():
    return learn_site(blank(), labels_of(160), ["请问怎么设置"])


def test_a_site_is_learnt_measured_on_later_contacts_and_not_refused(lesson):
    assert lesson.after.balanced_accuracy > 0.95 > lesson.before.balanced_accuracy
    assert lesson.low > 0
    assert not lesson.refused
    assert sum(lesson.n_learnt.values()) == 112
    assert sum(lesson.n_held_out.values()) + lesson.n_copies == 48


def test_stars_that_say_nothing_are_refused():
    lesson = learn_site(blank(), labels_of(160, shuffled=True), [])
    assert lesson.refused


def test_every_reason_to_refuse(lesson):
    assert "does not rise" in replace(lesson, gain=0.0).refused
    assert "too few labels" in replace(lesson, low=-0.02).refused
    assert "neutral" in replace(lesson, neutral_before=0.8, neutral_after=0.6).refused


def test_too_few_labels_say_how_many_there_are():
    with pytest.raises(ConfigError, match=r"at least 100 .* 30 .* got 40 \(negative 20, neutral 0, positive 20\)"):
        learn_site(blank(), labels_of(40), [])


def test_no_contact_is_on_both_sides_and_the_later_are_held_out():
    labels = labels_of(100)
    first, last = split_by_time(labels.units.sample(frac=1, random_state=1))
    assert len(first) == 70
    assert not set(first) & set(last)
    assert max(first) < min(last)


def test_near_copies_are_found():
    learnt = ["更新以后登录和相册都闪退,求修!"]
    found = near_copies(["更新以后登录和相册都闪退,求修", "天气很准"], learnt, np.ones(N_BUCKETS, np.float32))
    assert found.tolist() == [True, False]


def test_numbers_of_scores():
    labels = np.array([0, 0, 2, 2, 1])
    found = measure(np.array([-0.8, 0.2, 0.4, 0.9, 0.9]), labels)
    assert (found.balanced_accuracy, found.auc) == (0.75, 1.0)
    assert found.ece == pytest.approx((0.1 + 0.6 + 0.3 + 0.05) / 4)
    gain, low, high = difference(np.array([1, 1, 1, 1, 0.0]), np.array([-1, 1, 1, 1, 0.0]), labels, seed=1)
    assert gain == 0.25
    assert low <= gain <= high


def test_a_name_hangs_on_base_and_weights():
    one = blank()
    other = replace(one, intercepts=one.intercepts + 1)
    assert len({site_name("a", one), site_name("b", one), site_name("a", other)}) == 3
