from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.errors import EmptyInputError, ModelUnavailableError
from analytics.topics.embed import CharLsa


@pytest.fixture(scope="module")
def texts(planted):
    return sorted(set(planted(300)[0]))


@pytest.fixture(scope="module")
def lsa(texts):
    return CharLsa.fit(texts, seed=3, n_dimensions=32)


def test_vectors_are_unit_float32_and_tell_topics_apart(lsa, planted):
    texts, names = planted(100, seed=99)
    vectors = lsa.transform(texts)
    assert vectors.dtype == np.float32 and vectors.shape == (100, 32)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    cosines = vectors @ vectors.T
    same = np.equal.outer(names, names)
    assert cosines[same].mean() > 0.3 > 0.05 > cosines[~same].mean()


def test_same_texts_and_seed_give_the_same_bytes(lsa, texts, tmp_path):
    lsa.save(tmp_path / "one")
    CharLsa.fit(list(texts), seed=3, n_dimensions=32).save(tmp_path / "two")
    for name in ("embedder.safetensors", "embedder.json"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_what_was_saved_embeds_alike(lsa, texts, tmp_path):
    lsa.save(tmp_path)
    np.testing.assert_array_equal(CharLsa.load(tmp_path).transform(texts[:20]), lsa.transform(texts[:20]))


def test_a_text_without_a_known_character_is_zero(lsa):
    assert not lsa.transform(["", "！！！", "龘"]).any()


def test_no_model_is_said_in_words(tmp_path):
    with pytest.raises(ModelUnavailableError, match="no topic model in"):
        CharLsa.load(tmp_path)


@pytest.mark.parametrize("texts", [[], ["一"], ["天", "地", "人"]])
def test_texts_with_nothing_in_common_are_refused(texts):
    with pytest.raises(EmptyInputError):
        CharLsa.fit(texts, seed=1)


@settings(max_examples=25)
@given(st.lists(st.text(alphabet="快递退款没到账 a1，", max_size=12), min_size=1, max_size=5))
def test_a_vector_depends_on_its_own_text_only(texts):
    alone = [SMALL.transform([text])[0] for text in texts]
    np.testing.assert_allclose(SMALL.transform(texts), alone, atol=1e-6)


SMALL = CharLsa.fit(["快递到哪了", "快递没到", "退款没到账", "申请退款", "开发票"] * 2, seed=0, n_dimensions=4)


def test_the_empty_embedder_gives_vectors_of_no_length():
    assert CharLsa.empty().transform(["退款", ""]).shape == (2, 0)
