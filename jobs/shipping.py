"""What goes to the machines of a cluster: our code with its data, and models, each an archive checked by its content.

Where the master is local, workers read the driver's own folders. Elsewhere nothing is read from a path that only the
driver has: words and rules of a site travel inside the functions that workers run, what is larger comes through here.
"""

from __future__ import annotations

import hashlib
import os
import platform
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pyspark import SparkConf, SparkFiles, StorageLevel
from pyspark.sql import DataFrame, SparkSession

from analytics.errors import ConfigError
from analytics.settings import PROJECT

CODE = "kesheng"
"""Name of the folder that the package is unpacked to on each machine."""
ROOMS = ("analytics", "jobs", "data")
"""What workers need of the project: the pure core, the functions of the jobs, lists and tables."""
COMPARED = ("numpy", "pandas", "pyarrow", "rjieba", "jieba", "safetensors", "scipy", "scikit-learn", "opencc")
"""Packages whose version can change a table."""
_HASH_CHARS = 12
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Shipped:
    """A folder that workers have too.

    Attributes
    ----------
    name : str
        Of the folder.
    digest : str
        Of its content; '' where workers read the driver's folder itself.
    where : str
        That folder; '' where it came as an archive.
    """

    name: str
    digest: str
    where: str = ""

    def folder(self) -> Path:
        """Return the folder on this machine; raise `ConfigError` where its content is not what was sent."""
        return Path(self.where) if self.where else _unpacked(self.name, self.digest)


def is_local(master: str) -> bool:
    """Return whether the workers of a master are threads of the driver.

    Examples
    --------
    >>> is_local("local[2]"), is_local("local-cluster[2,1,1024]"), is_local("spark://a:7077")
    (True, False, False)
    """
    return master == "local" or master.startswith("local[")


def package(folder: Path) -> Path:
    """Write code and data of this installation as one archive named by its content; return it.

    The same content gives the same bytes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{CODE}-{code_digest()}.zip"
    _zip(target, PROJECT, _code_files(PROJECT))
    return target


@cache
def code_digest() -> str:
    """Return the hash of the code and data that run here."""
    return _digest(PROJECT, _code_files(PROJECT))


def prepare(conf: SparkConf) -> None:
    """Let the workers of a cluster look for our code where `send_code` unpacks it, before what they have installed."""
    there = conf.get("spark.executorEnv.PYTHONPATH", "") or ""
    conf.set("spark.executorEnv.PYTHONPATH", f"{CODE}:{there}".rstrip(":"))


def send_code(spark: SparkSession) -> None:
    """Send code and data to all machines, those that join later too, and check that they run it.

    Raises
    ------
    ConfigError
        If a machine runs other code than the driver, or has other packages.
    """
    with tempfile.TemporaryDirectory(prefix="kesheng-package-") as made:
        kept = _served(spark) / f"{CODE}.zip"
        package(Path(made)).replace(kept)
    spark.sparkContext.addArchive(f"{kept}#{CODE}")
    context, own = spark.sparkContext, told()
    tasks = max(context.defaultParallelism, 2)
    found = context.parallelize(range(tasks), tasks).mapPartitions(_told_by_worker).distinct().collect()
    other = [(host, said) for host, said in sorted(found) if said != own]
    if other:
        host, said = other[0]
        differ = ", ".join(f"{name} {got}, not {want}" for (name, got), (_, want) in zip(said, own, strict=True)
                           if got != want)  # fmt: skip
        raise ConfigError(
            f"cluster: {host} has {differ}; install what requirements.lock pins on every machine (docs/scale.md)"
        )


def ship(spark: SparkSession, folder: Path) -> Shipped:
    """Make a folder of the driver known to all workers."""
    if is_local(spark.sparkContext.master):
        return Shipped(folder.name, "", str(folder.resolve()))
    return ship_archive(spark, folder)


def ship_archive(spark: SparkSession, folder: Path) -> Shipped:
    """Do what `ship` does where the master is not local."""
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    sent = Shipped(folder.name, _digest(folder, files))
    archive = _served(spark) / f"{folder.name}-{sent.digest}.zip"
    if not archive.exists():
        _zip(archive, folder, files)
        spark.sparkContext.addArchive(f"{archive}#{folder.name}")
    return sent


def held(frame: DataFrame) -> DataFrame:
    """Compute a frame now and forget how it came to be; on a cluster two machines hold each part, so one may go."""
    if is_local(frame.sparkSession.sparkContext.master):
        return frame.localCheckpoint()
    return frame.localCheckpoint(storageLevel=StorageLevel.MEMORY_AND_DISK_2)


def told() -> tuple[tuple[str, str], ...]:
    """Return what must be the same on all machines: the hash of the code, and versions."""
    return ("Kesheng's code", code_digest()), ("Python", platform.python_version()), *map(_installed, COMPARED)


def _told_by_worker(_: Iterable[int]) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    yield platform.node(), told()


def _installed(name: str) -> tuple[str, str]:
    try:
        return name, version(name)
    except PackageNotFoundError:
        return name, "absent"


@cache
def _unpacked(name: str, digest: str) -> Path:
    """Check an archive once in each worker process."""
    folder = Path(SparkFiles.get(name))
    found = _digest(folder, sorted(file for file in folder.rglob("*") if file.is_file()))
    if found != digest:
        raise ConfigError(
            f"{name}: expected content {digest}, {platform.node()} has {found} in {folder}; run the day again, and"
            " where it stays so look for what writes into the work folders of Spark"
        )
    return folder


def _served(spark: SparkSession) -> Path:
    """Return the driver's folder of what it sends; Spark removes it with the session."""
    folder = Path(SparkFiles.getRootDirectory()) / "_sent"
    folder.mkdir(exist_ok=True)
    return folder


def _code_files(root: Path) -> list[Path]:
    found = (Path(where) / name for room in ROOMS for where, _, names in os.walk(root / room) for name in names)
    return sorted(file for file in found if "__pycache__" not in file.parts and not file.name.startswith("."))


def _digest(root: Path, files: Iterable[Path]) -> str:
    whole = hashlib.sha256()
    for file in files:
        content = file.read_bytes()
        whole.update(f"{file.relative_to(root).as_posix()}\0{len(content)}\0".encode() + content)
    return whole.hexdigest()[:_HASH_CHARS]


def _zip(target: Path, root: Path, files: Iterable[Path]) -> None:
    private = target.with_name(f".{target.name}-{os.getpid()}")
    with zipfile.ZipFile(private, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for file in files:
            archive.writestr(zipfile.ZipInfo(file.relative_to(root).as_posix(), _LONG_AGO), file.read_bytes(),
                             zipfile.ZIP_DEFLATED)  # fmt: skip
    private.replace(target)
