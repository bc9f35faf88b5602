"""What workers are sent is what they get, and what they are not sent they do not need."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from pyspark.errors import PythonException
from pyspark.sql import SparkSession

from analytics.settings import PROJECT
from jobs.shipping import Shipped, code_digest, is_local, package, ship, ship_archive

pytestmark = pytest.mark.spark


def test_the_package_is_named_by_its_content_and_has_what_workers_import_and_read(tmp_path: Path) -> None:
    first, second = package(tmp_path / "a"), package(tmp_path / "b")
    assert first.name == f"kesheng-{code_digest()}.zip"
    assert first.read_bytes() == second.read_bytes()
    names = set(zipfile.ZipFile(first).namelist())
    assert {"analytics/settings.py", "jobs/segment.py", "data/lexicons/domain.txt"} <= names
    assert {name.split("/")[0] for name in names} == {"analytics", "jobs", "data"}
    assert not [name for name in names if "__pycache__" in name]
    assert (PROJECT / "data").is_dir()


def test_a_folder_comes_to_workers_as_it_is_or_not_at_all(spark: SparkSession, tmp_path: Path) -> None:
    folder = tmp_path / "model-1"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "weights").write_text("1 2 3")
    sent = ship_archive(spark, folder)
    assert sent.where == ""

    def read(shipped: Shipped) -> list[str]:
        found: list[str] = spark.sparkContext.parallelize([0], 1).map(
            lambda _: (shipped.folder() / "deep" / "weights").read_text()
        ).collect()  # fmt: skip
        return found

    (folder / "deep" / "weights").unlink()  # a worker cannot be reading the driver's
    assert read(sent) == ["1 2 3"]
    with pytest.raises(PythonException, match="expected content 000000000000"):
        read(replace(sent, digest="0" * 12))


def test_workers_that_are_the_driver_read_its_folder(spark: SparkSession, tmp_path: Path) -> None:
    assert is_local(spark.sparkContext.master)
    assert ship(spark, tmp_path).folder() == tmp_path.resolve()
