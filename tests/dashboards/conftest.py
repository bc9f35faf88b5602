"""A made-up warehouse for the tests of the dashboards, built once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from analytics.warehouse import open_reader
from dashboards.data.source import Source

ZONE = "Asia/Shanghai"


@pytest.fixture(scope="session")
def undated(made_up: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = made_up.build(tmp_path_factory.mktemp("undated") / "voc.duckdb", undated=True)
    return path


@pytest.fixture(scope="session")
def undated_source(undated: Path) -> Iterator[Source]:
    with open_reader(undated) as reader:
        yield Source(reader, ZONE)
