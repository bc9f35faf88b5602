"""What all tests share: one Spark session, and a home of their own so that no test touches `var/`."""

from __future__ import annotations

import importlib.util
import logging
import os
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import hypothesis
import pytest

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from dashboards.data.source import Source

# A deadline measures the machine and what else runs on it; a slow test is found by --durations.
hypothesis.settings.register_profile("kesheng", deadline=None)
hypothesis.settings.load_profile("kesheng")

PROJECT = Path(__file__).resolve().parent.parent
CORPORA = Path(os.environ.get("KESHENG_CORPORA", PROJECT.parent / "shared" / "corpora"))


# A test's JVM lives for seconds: what the optimising compiler and a parallel collector cost, they never earn back (26 s
# of processor time for three small days of conform, against 13 s). Processes that tests start inherit it.
os.environ.setdefault("SPARK_SUBMIT_OPTS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")

# py4j says goodbye through a log handler that pytest has closed by then.
logging.getLogger("py4j").setLevel(logging.WARNING)


@pytest.fixture(scope="session")
def spark() -> Iterator[SparkSession]:
    from jobs.session import spark_session

    with spark_session("kesheng tests") as session:
        yield session


@pytest.fixture(scope="session")
def mood_models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of models with the shipped mood model: one training for all tests that need it; they are marked slow."""
    from analytics.sentiment.train import ensure_model

    models = tmp_path_factory.mktemp("models")
    ensure_model(models)
    return models


@pytest.fixture(scope="session")
def corpora() -> Path:
    if not CORPORA.is_dir():
        pytest.skip(f"real text not there: {CORPORA} (set KESHENG_CORPORA)")
    return CORPORA


@pytest.fixture(scope="session")
def made_up() -> ModuleType:
    """The module that builds a warehouse of made-up contacts."""
    spec = importlib.util.spec_from_file_location("warehouse_fixture", Path(__file__).parent / "warehouse_fixture.py")
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
def source(warehouse: Path) -> Iterator[Source]:
    from analytics.warehouse import open_reader
    from dashboards.data.source import Source

    with open_reader(warehouse) as reader:
        yield Source(reader, "Asia/Shanghai")
