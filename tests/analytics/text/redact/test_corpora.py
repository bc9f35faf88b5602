"""On real text nothing is labelled: the share of sentences with any mask bounds the false ones from above."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from analytics.settings import PROJECT
from analytics.text.redact import redact
from benchmarks.masking import corpora_texts, kinds_in, sentences_of

pytestmark = pytest.mark.corpora
CORPORA = Path(os.environ.get("KESHENG_CORPORA", str(PROJECT.parent / "shared" / "corpora")))
# Advertisers leave their QQ and WeChat in these reviews, and the travel guide answers with telephones and addresses.
FULL_OF_CONTACTS = {
    "chats/crosswoz": {"电话", "地址", "手机"},
    "app_reviews/mijia": {"QQ"},
    "app_reviews/mi_store": {"QQ"},
}


@pytest.fixture(scope="module")
def texts() -> dict[str, list[str]]:
    if not CORPORA.is_dir():
        pytest.skip(f"no real text in {CORPORA}; KESHENG_CORPORA names another folder")
    return corpora_texts(CORPORA)


def test_few_sentences_of_real_text_are_masked(texts: dict[str, list[str]]) -> None:
    for name, of_corpus in texts.items():
        parts = sentences_of(of_corpus)
        doubtful = sum(bool(kinds_in(redact(part), part) - FULL_OF_CONTACTS.get(name, set())) for part in parts)
        assert doubtful / len(parts) <= 0.005, name


def test_masking_real_text_twice_is_masking_it_once(texts: dict[str, list[str]]) -> None:
    for name, of_corpus in texts.items():
        for text in of_corpus:
            masked = redact(text)
            if masked != text:
                assert redact(masked) == masked, f"{name}: a text of {len(text)} characters"
