from pathlib import Path

import numpy as np
import pytest

from analytics.errors import ModelUnavailableError
from analytics.sentiment.features import N_BUCKETS
from analytics.sentiment.linear import DESCRIPTION, LinearModel, load_linear
from analytics.sentiment.mood import label_of, score_of


def _small_model(seed: int = 0) -> LinearModel:
    rng = np.random.default_rng(seed)
    return LinearModel(
        np.ones(N_BUCKETS, dtype=np.float32),
        rng.normal(size=(N_BUCKETS, 3)).astype(np.float32),
        np.zeros(3, dtype=np.float32),
    )


def test_saved_and_loaded_is_the_same_model_and_the_first_writer_stays(tmp_path: Path) -> None:
    first, second = _small_model(1), _small_model(2)
    first.save(tmp_path / "m", {"inputs": "x"})
    second.save(tmp_path / "m", {"inputs": "x"})
    texts = ["好", "不好", "请问"]
    np.testing.assert_array_equal(load_linear(tmp_path / "m").probabilities(texts), first.probabilities(texts))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["m"]
    assert sorted(path.name for path in (tmp_path / "m").iterdir()) == [DESCRIPTION, "weights.safetensors"]


def test_a_missing_or_broken_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailableError, match="kesheng run"):
        load_linear(tmp_path)
    (tmp_path / "weights.safetensors").write_bytes(b"nonsense")
    with pytest.raises(ModelUnavailableError):
        load_linear(tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("label", "texts"),
    [
        (
            "neutral",
            "好的|嗯|你好|在吗|转人工|请问我的订单到哪里了|什么时候发货|我要退货|13800138000|地址可以改吗|是的|没有了",
        ),
        (
            "positive",
            "质量很好很喜欢|客服态度特别好|没有异味|买了不会后悔|物流不慢|一点都不卡|不掉色也不起球|没有任何问题",
        ),
        (
            "negative",
            "质量太差了|等了半小时没人理我|都三天了怎么还没到|什么破客服|不值得购买|一点都不舒服|垃圾,骗子|脸过敏了",
        ),
    ],
)
def test_plain_cases(linear: LinearModel, label: str, texts: str) -> None:
    cases = texts.split("|")
    assert dict(zip(cases, label_of(linear.probabilities(cases)), strict=True)) == dict.fromkeys(cases, label)


@pytest.mark.slow
def test_thanks_is_no_more_than_mildly_positive(linear: LinearModel) -> None:
    assert ((score_of(linear.probabilities(["谢谢", "好的谢谢", "嗯,谢谢"]))) > -0.1).all()
    assert ((score_of(linear.probabilities(["谢谢", "好的谢谢", "嗯,谢谢"]))) < 0.6).all()
