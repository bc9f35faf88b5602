"""Spark jobs under kill -9: one JVM stays alive, and each trial's driver is a fork that is killed.

A JVM of its own for each trial would cost 15 s of processor. That the JVM dies with its driver is tried separately, by
whole processes (`benchmarks.faults_whole`).
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from analytics.settings import Settings
from jobs import lake as lake_module
from jobs.java import find_java
from jobs.lake import Lake
from jobs.lake_lock import writing_lake
from jobs.session import _DEFAULTS
from jobs.stage import run_jobs
from jobs.window import Window


def start_jvm() -> None:
    """Start the JVM that all trials share; an address in PYSPARK_GATEWAY_PORT and _SECRET is used as it is."""
    java = find_java()
    os.environ.setdefault("JAVA_HOME", str(java.parent.parent))
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    os.environ.setdefault("SPARK_CONF_DIR", str(Path(lake_module.__file__).parent / "spark_conf"))
    if "PYSPARK_GATEWAY_PORT" in os.environ:
        return
    child_end, parent_end = os.pipe()
    if os.fork() == 0:  # in a process of its own, so that no trial inherits its sockets
        from pyspark.java_gateway import launch_gateway

        os.environ["PYSPARK_SUBMIT_ARGS"] = "--conf spark.driver.memory=1500m pyspark-shell"
        parent = os.getppid()
        gateway = launch_gateway()
        address = gateway.java_parameters
        os.write(parent_end, json.dumps([address.port, address.auth_token]).encode())
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(0)  # its end of the pipe closes, and the JVM ends
    port, secret = json.loads(os.read(child_end, 1000))
    os.environ.update(PYSPARK_GATEWAY_PORT=str(port), PYSPARK_GATEWAY_SECRET=secret)


@dataclass
class JobWork:
    """Some jobs over a window, as a fork does them in the JVM that is there.

    Attributes
    ----------
    commit : int
        Kill itself at this commit (a file made, deleted or renamed in the lake by the driver); 0 for none.
    """

    settings: Settings
    jobs: Sequence[str]
    window: Window
    commit: int = 0

    def prepare(self) -> None:
        """Connect to the JVM; what a killed driver left running in it is ended, as its JVM would have been."""
        from pyspark import SparkConf, SparkContext
        from pyspark.sql import SparkSession

        SparkContext._ensure_initialized()
        jvm = SparkContext._jvm
        there = SparkSession._get_j_spark_session_class(jvm).getDefaultSession()
        if there.isDefined():
            running = there.get().sparkContext()
            java = jvm.org.apache.spark.api.java.JavaSparkContext.fromSparkContext(running)
            context = SparkContext(jsc=java, conf=SparkConf(_jconf=running.conf()))
            context.cancelAllJobs()
            while context.statusTracker().getActiveJobsIds():
                time.sleep(0.05)
        else:
            conf = SparkConf().setAppName("faults").setMaster("local[2]")
            for key, value in _DEFAULTS.items():
                conf.setIfMissing(key, value)
            context = SparkContext(conf=conf)
        self._spark = SparkSession(context)

    def __call__(self) -> None:
        """Run the jobs under the lock of the lake, as `jobs.stage` does."""
        if self.commit:
            die_at_commit(self.commit)
        with writing_lake(self.settings, "faults"):
            run_jobs(self._spark, self.jobs, self.settings, self.window, lake=Lake(self.settings.lake))


def die_at_commit(number: int) -> None:
    """Let this process kill itself when it is about to make its `number`-th commit to the lake."""
    left = [number]

    def dying(name: str) -> None:
        real = getattr(lake_module._Path, name)

        def commit(*given: object) -> object:
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), 9)
            return real(*given)

        setattr(lake_module._Path, name, commit)

    for name in ("write", "move_over", "delete"):
        dying(name)
    make = lake_module._path

    def path(*given: object) -> object:
        found = make(*given)
        object.__setattr__(found, "fs", _Dying(found.fs, left))
        return found

    lake_module._path = path


class _Dying:
    """A file system whose renames are commits too: between a table's old day that went and its new one that comes."""

    def __init__(self, real: object, left: list[int]) -> None:
        self._real, self._left = real, left

    def __getattr__(self, name: str) -> object:
        if name == "rename":
            self._left[0] -= 1
            if self._left[0] == 0:
                os.kill(os.getpid(), 9)
        return getattr(self._real, name)
