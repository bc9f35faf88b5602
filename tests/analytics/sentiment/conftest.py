from pathlib import Path

import pytest

from analytics.sentiment.linear import LinearModel, load_linear
from analytics.sentiment.train import ensure_model


@pytest.fixture(scope="session")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One training of about ten seconds for all tests that need the real model; they are marked slow."""
    return ensure_model(tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="session")
def linear(model_folder: Path) -> LinearModel:
    return load_linear(model_folder)
