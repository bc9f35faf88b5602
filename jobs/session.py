"""How a Spark session is made.

No master stands here: `spark-submit`, the Airflow connection or SPARK_MASTER decide it, and plain Python gets
`local[*]`. What is set is only what the jobs need to be right, and what a laptop needs to be quick.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from pyspark import SparkConf, SparkContext
from pyspark.sql import SparkSession

from jobs.class_archive import sharing
from jobs.java import find_java
from jobs.lake_lock import note_application
from jobs.shipping import is_local, prepare, send_code

_DEFAULTS = {
    # Spark's workers use the python3 of PATH unless told otherwise, which is not the one with our packages.
    "spark.pyspark.python": sys.executable,
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.sql.execution.arrow.maxRecordsPerBatch": "5000",
    "spark.sql.parquet.compression.codec": "zstd",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.sql.shuffle.partitions": "4",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.memory": "2g",
    "spark.hadoop.mapreduce.fileoutputcommitter.marksuccessfuljobs": "false",
}

_CLUSTER_DEFAULTS = {
    # Spark joins small partitions into few again, so this is the most that a large day is cut into.
    "spark.sql.shuffle.partitions": "200",
    # A machine that went is another one's work, not an error; two that go at once still leave tries.
    "spark.stage.maxConsecutiveAttempts": "8",
}
"""What is set otherwise where workers are other machines."""

_SHORT_JVM = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
"""For a JVM that lives for seconds: an optimising compiler and a parallel collector never earn back what they cost."""


@contextmanager
def spark_session(name: str, *, log: Path | None = None, short: bool = False) -> Iterator[SparkSession]:
    """Yield a session named `name`; what the caller's configuration already says is kept, and it is stopped at the end.

    Parameters
    ----------
    name : str
        Shown in Spark's own pages and logs.
    log : Path, optional
        File for what the JVM and the workers write to stderr, which else goes to the terminal.
    short : bool
        Whether so little is to be done that starting costs more than working; SPARK_SUBMIT_OPTS of the caller wins.

    Raises
    ------
    MissingProgramError
        If there is no Java 17 or later.
    """
    java = find_java()
    os.environ.setdefault("JAVA_HOME", str(java.parent.parent))
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    if is_local(_asked_master()):
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    _set_java_options(java, short=short)
    with _stderr_to(log) if log else nullcontext():
        session = _build(name)
    try:
        note_application(session.sparkContext)
        if not is_local(session.sparkContext.master):
            send_code(session)
        yield session
    finally:
        session.stop()


def _set_java_options(java: Path, *, short: bool) -> None:
    """Say in the environment how the JVM is to start, unless somebody said so before."""
    os.environ.setdefault("SPARK_LAUNCHER_OPTS", _SHORT_JVM)  # of the JVM that only puts the command line together
    said = os.environ.get("SPARK_SUBMIT_OPTS", _SHORT_JVM if short else "")
    shared = sharing(java, os.environ) if is_local(_asked_master()) else None
    if shared is not None:
        said = f"{said} {shared.options}"
        os.environ["SPARK_CONF_DIR"] = str(shared.conf_dir)
    os.environ.setdefault("SPARK_CONF_DIR", str(Path(__file__).parent / "spark_conf"))
    if said:
        os.environ["SPARK_SUBMIT_OPTS"] = said.strip()


@contextmanager
def _stderr_to(log: Path) -> Iterator[None]:
    """Let processes that start in the block write their stderr to `log`; errors reach Python as exceptions anyway."""
    log.parent.mkdir(parents=True, exist_ok=True)
    sys.stderr.flush()
    own = os.dup(2)
    try:
        with log.open("ab") as target:
            os.dup2(target.fileno(), 2)
        yield
    finally:
        os.dup2(own, 2)
        os.close(own)


def _asked_master() -> str:
    """Return the master that the environment names."""
    return os.environ.get("SPARK_MASTER") or os.environ.get("MASTER") or "local[*]"


def _build(name: str) -> SparkSession:
    if "PYSPARK_GATEWAY_PORT" in os.environ:
        # Under spark-submit the JVM already runs: only it knows what --conf said, and that must win.
        SparkContext._ensure_initialized()
    conf = SparkConf().setAppName(name)
    # Spark itself reads MASTER only; what spark-submit was given wins over both.
    if "SPARK_MASTER" in os.environ:
        conf.setIfMissing("spark.master", os.environ["SPARK_MASTER"])
    master = conf.get("spark.master", None) or _asked_master()
    if not is_local(master):
        prepare(conf)
        for key, value in _CLUSTER_DEFAULTS.items():
            conf.setIfMissing(key, value)
    for key, value in _DEFAULTS.items():
        conf.setIfMissing(key, value)
    return SparkSession.builder.config(conf=conf).getOrCreate()
