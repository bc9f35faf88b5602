from pathlib import Path

import pytest

from analytics.sentiment.linear import LinearModel, load_linear
from analytics.sentiment.train import ensure_model


@pytest.fixture(scope="session")
def model_folder(mood_models: Path) -> Path:
    return ensure_model(mood_models)


@pytest.fixture(scope="session")
def linear(model_folder: Path) -> LinearModel:
    return load_linear(model_folder)
