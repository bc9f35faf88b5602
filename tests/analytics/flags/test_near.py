import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.flags.near import bands, jaccard, shingles

LETTERS = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x4FFF), min_size=3, max_size=60)


@given(LETTERS, LETTERS)
def test_likeness_is_that_of_the_sets_of_shingles(left, right):
    sets = [{text[i : i + 3] for i in range(len(text) - 2)} for text in (left, right)]
    expected = len(sets[0] & sets[1]) / len(sets[0] | sets[1])
    assert jaccard(shingles(left), shingles(right)) == pytest.approx(expected)


@pytest.mark.slow
@given(st.lists(LETTERS, min_size=1, max_size=8))
def test_the_bands_of_a_text_do_not_depend_on_the_texts_beside_it(texts):
    together = bands(texts)
    alone = np.concatenate([bands([text]) for text in texts])
    assert (together == alone).all()


def test_copies_with_other_names_meet_and_other_words_do_not(brushed, outage):
    assert len(np.unique(bands(brushed), axis=0)) > 1
    assert (bands(brushed[:2])[0] == bands(brushed[:2])[1]).any()
    different = bands(["今天一直登录不上去换手机也一样", "首页一片白刷新也刷新不出来啊"])
    assert not (different[0] == different[1]).any()


def test_a_text_too_short_for_a_shingle_is_refused():
    with pytest.raises(ValueError, match="at least 3 letters, got 2"):
        bands(["质量很好", "很好"])
