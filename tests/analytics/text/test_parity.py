"""jieba and rjieba on real text with 2,000 user words; the full measure is ``python -m benchmarks.language_words``."""

from pathlib import Path

import pytest

from analytics.text.segment import make_segmenter
from benchmarks.language_words import N_USER_WORDS, agreement, sentences_of, user_words


@pytest.mark.slow
@pytest.mark.corpora
def test_both_libraries_cut_real_text_alike_with_two_thousand_user_words(corpora: Path) -> None:
    sentences = sentences_of(corpora, 8_000)
    words = user_words(sentences)
    assert len(words) == N_USER_WORDS
    found = agreement(make_segmenter("rjieba", words), make_segmenter("jieba", words), sentences)
    assert found.han_tokens >= 0.999
    assert found.sentences >= 0.998
