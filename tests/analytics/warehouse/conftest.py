"""The made-up lake."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def small_lake() -> ModuleType:
    spec = importlib.util.spec_from_file_location("small_lake", Path(__file__).parents[2] / "small_lake.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
