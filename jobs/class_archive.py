"""Keep the classes that Spark loads ready for the next JVM (class data sharing), which halves the cost of its start.

`python -m jobs.class_archive` makes the archive of this Java, this Spark and these jars, once; `make java` does it. A
session of plain Python uses it where it is there. Without it, or with one that does not fit, all is as before, only
slower: Java looks itself whether an archive fits.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import os
import shlex
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from analytics.errors import KeshengError
from analytics.settings import PROJECT
from jobs.java import find_java

FOLDER = PROJECT / "var" / "cache" / "java"
"""Beside the installation, whose jars the archive fits; homes may be many."""
_LOG_SETTINGS = Path(__file__).parent / "spark_conf" / "log4j2.properties"
_OWN_CLASS_PATH = ("SPARK_CONF_DIR", "HADOOP_CONF_DIR", "YARN_CONF_DIR", "SPARK_HOME", "SPARK_DIST_CLASSPATH")
"""Whoever sets one of these has another class path than ours."""
_KEY_CHARS = 16


class Sharing(NamedTuple):
    """What a JVM must be started with: its options, and the folder that SPARK_CONF_DIR must name.

    Java shares no classes where a folder on the class path holds files, so ours is empty, and the log settings are
    named by an option.
    """

    options: str
    conf_dir: Path


def archive_file(java: Path, folder: Path = FOLDER) -> Path:
    """Return where the archive of this Java, this Spark and its jars stands, whether it is there or not."""
    home, jars = java.parent.parent, _jars()
    release = home / "release"
    parts = [str(home), release.read_text(encoding="utf-8") if release.is_file() else "", str(jars)]
    # As Java sees a jar: with another time it would not take the archive.
    parts += sorted(f"{jar.name} {jar.stat().st_size} {jar.stat().st_mtime_ns}" for jar in jars.glob("*.jar"))
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:_KEY_CHARS]
    return folder / f"spark-{importlib.metadata.version('pyspark')}-{digest}.jsa"


def sharing(java: Path, environ: Mapping[str, str], folder: Path = FOLDER) -> Sharing | None:
    """Return what a JVM is started with to use the archive; None where there is none or the class path is a site's."""
    if any(name in environ for name in _OWN_CLASS_PATH):
        return None
    file = archive_file(java, folder)
    # Both are needed: with no folder Java would see another class path.
    return _started_with(f"-XX:SharedArchiveFile={file}", folder) if file.exists() and _conf(folder).is_dir() else None


def make_archive(java: Path, folder: Path = FOLDER) -> Path:
    """Start Spark once, let it do a little of everything and write its classes down; nothing where that was done.

    The file gets its name when it is whole, so that two may do this at once, and one that is stopped leaves none.
    """
    file = archive_file(java, folder)
    if file.exists():
        return file
    _conf(folder).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".making-", dir=folder) as name:
        new = Path(name) / "new.jsa"
        start = _started_with(f"-XX:ArchiveClassesAtExit={new}", folder)
        options = f"-XX:TieredStopAtLevel=1 -XX:+UseSerialGC {start.options}"
        os.environ.update(SPARK_SUBMIT_OPTS=options, SPARK_CONF_DIR=str(start.conf_dir))
        _load_classes(Path(name) / "tables")
        for old in folder.glob("*.jsa"):  # of another Java or Spark; who still reads one keeps it
            old.unlink(missing_ok=True)
        new.replace(file)
    return file


def _started_with(option: str, folder: Path) -> Sharing:
    words = (
        option,
        "-Xshare:auto",
        "-Xlog:disable",
        "-Xlog:all=error:stderr",
        f"-Dlog4j2.configurationFile={_LOG_SETTINGS}",
    )
    return Sharing(shlex.join(words), _conf(folder))


def _conf(folder: Path) -> Path:
    return folder / "conf"


def _jars() -> Path:
    found = importlib.util.find_spec("pyspark")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("pyspark")
    return Path(found.origin).parent / "jars"


def _load_classes(folder: Path) -> None:
    """Do what all jobs do: write by day, read, count, join, call Python, collect; then end the JVM and wait for it."""
    from pyspark import SparkContext
    from pyspark.sql import functions as F

    from jobs.session import spark_session

    with spark_session("kesheng class archive", short=True) as spark:
        rows = spark.range(1000).select("id", (F.col("id") % 3).alias("day"), F.col("id").cast("string").alias("text"))
        rows.repartition("day").sortWithinPartitions("day", "id").write.partitionBy("day").parquet(f"{folder}/a")
        read = spark.read.schema(rows.schema).parquet(f"{folder}/a").where(F.col("day").between(0, 1))
        counted = read.groupBy("day", F.length("text").alias("n")).agg(F.max("text").alias("m"))
        both = read.join(counted, "day", "left").select("id", "m")
        joined = both.mapInArrow(lambda batches: batches, both.schema)
        joined.toPandas()
        grouped = joined.groupBy("m").applyInPandas(lambda group: group.head(1), joined.schema)
        spark.createDataFrame(grouped.toPandas()).coalesce(1).write.parquet(f"{folder}/b")
        gateway = SparkContext._gateway
    gateway.shutdown()
    gateway.proc.stdin.close()
    code = gateway.proc.wait()  # it writes now
    SparkContext._gateway = SparkContext._jvm = None
    if code:
        raise OSError(f"Java ended with exit code {code}")


def main() -> int:
    """Make the archive; where that fails say so, and end well: Spark starts without it."""
    try:
        sys.stdout.write(f"{make_archive(find_java())}\n")
    except KeshengError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    except OSError as error:
        sys.stderr.write(f"Spark will start more slowly, for its classes could not be kept: {error}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
