import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from analytics.sentiment.features import MAX_CHARACTERS, N_BUCKETS, char_features, prepare
from analytics.text.redact import MASKS


def test_one_bucket_for_each_distinct_ngram() -> None:
    features = char_features(["好"])
    # " 好 ": single characters " " (twice) and 好, pairs " 好" and "好 ", one triple.
    assert features.shape == (1, N_BUCKETS) and features.nnz == 5
    np.testing.assert_allclose(sorted(features.data), [1, 1, 1, 1, 1 + np.log(2)], rtol=1e-6)


@given(st.lists(st.text(max_size=20), max_size=6))
def test_a_row_depends_on_its_own_text_only(texts: list[str]) -> None:
    together = char_features(texts)
    assert together.shape == (len(texts), N_BUCKETS) and together.has_sorted_indices
    for row, text in enumerate(texts):
        assert (together[row] != char_features([text])[0]).nnz == 0


def test_numbers_and_masks_are_one_sign_and_long_texts_keep_both_ends() -> None:
    assert prepare("付了１２９９.5元 [手机]") == "付了0元 #"
    long = prepare("甲" + "乙丙" * 5000 + "丁")
    assert len(long) == 2 * MAX_CHARACTERS + 1 and long[0] == "甲" and long[-1] == "丁"


def test_lone_surrogates_do_no_harm() -> None:
    assert char_features([prepare("坏\ud800了")]).nnz > 0


def test_every_token_of_masking_is_one_sign() -> None:
    assert {prepare(mask) for mask in (*MASKS, "[手机#a2]", "[QQ#a12]", "[身份证#a1234]")} == {"#"}
