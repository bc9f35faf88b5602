import re

import pytest

from analytics.text.dictionary import UserWord
from analytics.text.lexicons import load_lexicons
from analytics.text.models import model_pattern

MODELS = re.compile(model_pattern(load_lexicons().words))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("小米14换iPhone 17 Pro", ["小米14", "iPhone 17 Pro"]),
        ("IPHONE17promax", []),
        ("HUAWEI Mate 60 Pro+和Apple Watch S9", ["HUAWEI Mate 60 Pro+", "Apple Watch S9"]),
        ("小米2000多,小米10号,iPhone 3个,小米1999", []),
        ("小米1.5.2", ["小米1.5.2"]),
        ("myiPhone 17", []),
        ("iPhone", []),
        ("", []),
    ],
)
def test_models(text: str, found: list[str]) -> None:
    assert MODELS.findall(text) == found


def test_no_tagged_word_no_model() -> None:
    assert not re.search(model_pattern([UserWord("小米")]), "小米14 iPhone 17")
