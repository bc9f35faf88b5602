"""A made-up warehouse for the tests of the dashboards, built once."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from analytics.warehouse import open_reader
from dashboards.data.source import Source

ZONE = "Asia/Shanghai"


@pytest.fixture(scope="session")
def made_up() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "warehouse_fixture", Path(__file__).parents[1] / "warehouse_fixture.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def warehouse(made_up: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = made_up.build(tmp_path_factory.mktemp("warehouse") / "voc.duckdb")
    return path


@pytest.fixture(scope="session")
def undated(made_up: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = made_up.build(tmp_path_factory.mktemp("undated") / "voc.duckdb", undated=True)
    return path


@pytest.fixture(scope="session")
def source(warehouse: Path) -> Iterator[Source]:
    with open_reader(warehouse) as reader:
        yield Source(reader, ZONE)


@pytest.fixture(scope="session")
def undated_source(undated: Path) -> Iterator[Source]:
    with open_reader(undated) as reader:
        yield Source(reader, ZONE)
