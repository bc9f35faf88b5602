"""What the tests of topics share: texts with planted topics and one fitted model."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest


def _planted_module() -> ModuleType:
    spec = importlib.util.spec_from_file_location("topic_texts", Path(__file__).with_name("topic_texts.py"))
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def planted():
    """Return the function that makes texts with planted topics."""
    return _planted_module().planted


@pytest.fixture(scope="session")
def cut():
    """Return the project's way of cutting a text into words."""
    from analytics.text.dictionary import DEFAULT_WORDS, load_words
    from analytics.text.segment import make_segmenter

    return make_segmenter("rjieba", load_words([DEFAULT_WORDS])).cut


@pytest.fixture(scope="session")
def taxonomy():
    """Return the taxonomy we ship."""
    from analytics.topics.taxonomy import load_taxonomy

    return load_taxonomy()


@pytest.fixture(scope="session")
def fitted(planted, cut, taxonomy):
    """Return a model of four topics, and the texts and names it was fitted on."""
    from analytics.topics.fit import fit_topics
    from analytics.topics.recipe import Recipe

    texts, names = planted(600, topics=("delivery", "refund", "invoice", "network"))
    return fit_topics(texts, Recipe(n_topics=8, seed=1, tokenize=cut, taxonomy=taxonomy)), texts, names
