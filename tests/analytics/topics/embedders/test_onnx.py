"""Pooling of an ONNX encoder, with a session and a tokenizer of our own: the packages need not be installed."""

from __future__ import annotations

import json
from types import SimpleNamespace

import numpy as np
import pytest

from analytics.errors import ConfigError
from analytics.topics.embedders.onnx import pooled, pooling_of, session_of, tokenizer_of


class Session:
    """Gives token vectors: the id, and 1."""

    def get_inputs(self):
        return [SimpleNamespace(name="input_ids"), SimpleNamespace(name="attention_mask")]

    def run(self, outputs, given):
        assert sorted(given) == ["attention_mask", "input_ids"]
        ids = given["input_ids"].astype(np.float32)
        return [np.stack([ids, np.ones_like(ids)], axis=2)]


class Tokenizer:
    padding = None

    def __init__(self):
        self.asked = {}

    def enable_truncation(self, max_length):
        self.asked["max_length"] = max_length

    def enable_padding(self, **asked):
        self.asked |= asked

    def encode_batch(self, texts):
        longest = max(map(len, texts))
        return [
            SimpleNamespace(
                ids=[len(text)] * len(text) + [99] * (longest - len(text)),
                attention_mask=[1] * len(text) + [0] * (longest - len(text)),
                type_ids=[0] * longest,
            )
            for text in texts
        ]


def test_padding_takes_no_part_in_the_mean():
    vectors = pooled(Session(), Tokenizer(), ["退", "退款款"], "mean")
    np.testing.assert_allclose(vectors, [np.array([1, 1]) / 2**0.5, np.array([3, 1]) / 10**0.5], rtol=1e-6)
    np.testing.assert_allclose(pooled(Session(), Tokenizer(), ["退款"], "cls"), [np.array([2, 1]) / 5**0.5], rtol=1e-6)


@pytest.mark.parametrize(
    ("content", "way"),
    [
        (None, "mean"),
        ({"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False}, "cls"),
        ({"pooling_mode_cls_token": False, "pooling_mode_mean_tokens": True}, "mean"),
    ],
)
def test_the_folder_says_how_to_pool(tmp_path, content, way):
    (tmp_path / "1_Pooling").mkdir()
    if content:
        (tmp_path / "1_Pooling" / "config.json").write_text(json.dumps(content))
    assert pooling_of(tmp_path) == way


def test_another_pooling_a_missing_model_or_tokenizer_is_refused(tmp_path):
    (tmp_path / "1_Pooling").mkdir()
    (tmp_path / "1_Pooling" / "config.json").write_text('{"pooling_mode_max_tokens": true}')
    with pytest.raises(ConfigError, match="pooling_mode_max_tokens"):
        pooling_of(tmp_path)
    with pytest.raises(ConfigError, match=r"expected one of model\.onnx"):
        session_of(SimpleNamespace(), tmp_path)
    with pytest.raises(ConfigError, match=r"expected tokenizer\.json"):
        tokenizer_of(SimpleNamespace(), tmp_path)


def test_a_tokenizer_cuts_where_its_model_ends(tmp_path):
    (tmp_path / "tokenizer.json").write_text("{}")
    (tmp_path / "sentence_bert_config.json").write_text('{"max_seq_length": 256}')
    made = Tokenizer()
    tokenizer_of(SimpleNamespace(Tokenizer=SimpleNamespace(from_file=lambda file: made)), tmp_path)
    assert made.asked == {"max_length": 256, "pad_id": 0, "pad_token": "[PAD]"}
