"""Somebody is killed in mid-job: the machines and drivers of `benchmarks.cluster`."""

from __future__ import annotations

import signal
import subprocess
import threading
import time

import psutil

from benchmarks.cluster_machines import Cluster
from benchmarks.cluster_runs import Runs

_LATE = {"understand": "topics"}
"""The job of a stage in which drivers are killed: late, so that much stands already. A job is a stage of its own."""
_SHARED = {"understand": "sentiment"}
"""The job in which a worker is killed: one that all workers take part in."""


def worker_killed(runs: Runs, cluster: Cluster, home: str, stage: str) -> str:
    """Kill a machine in mid-job; the stage must end well on the other one. Returns a remark."""
    runs.as_before(stage, home)
    process = runs.submit(home, stage)
    _wait_for(process, _SHARED.get(stage, stage), runs)
    time.sleep(1.0)
    cluster.kill("worker1")
    code = _end(process, runs)
    cluster.start_worker("worker1")
    cluster.wait_for(2)
    return f"exit code {code} on one worker"


def driver_killed(runs: Runs, cluster: Cluster, way: str, stage: str) -> str:
    """Kill the driver in one of three ways and run the stage again at once. Returns a remark."""
    runs.as_before(stage, way)
    first = runs.submit(way, stage)
    _wait_for(first, _LATE.get(stage, stage), runs)
    time.sleep(1.0)
    (orphan,) = cluster.applications() or {"none"}
    java, python = _driver(first)
    if way == "hung":
        java.send_signal(signal.SIGSTOP)
    (java if way == "jvm" else python).send_signal(signal.SIGKILL)
    most = _Most(cluster)
    retry = runs.submit(way, stage)
    code = _end(retry, runs)
    most.over.set()
    most.join()
    if way != "hung":
        _end(first, runs)
    first.kill()
    first.wait()
    left = "orphan gone" if orphan not in cluster.applications() else "ORPHAN STILL THERE"
    return f"retry: exit code {code}, {left}, {most.found} application(s) at once at most"


class _Most(threading.Thread):
    """Looks at the master's page all the time: the most applications that ran at once."""

    def __init__(self, cluster: Cluster) -> None:
        super().__init__(daemon=True)
        self.cluster, self.found, self.over = cluster, 0, threading.Event()
        self.start()

    def run(self) -> None:
        """Look until `over`."""
        while not self.over.wait(0.1):
            self.found = max(self.found, len(self.cluster.applications()))


def _driver(submitted: subprocess.Popen[str]) -> tuple[psutil.Process, psutil.Process]:
    """Return the JVM and the Python of a submitted stage."""
    family = [psutil.Process(submitted.pid), *psutil.Process(submitted.pid).children(recursive=True)]
    java = next(one for one in family if one.name() == "java")
    return java, next(one for one in java.children() if "python" in one.name())


def _wait_for(process: subprocess.Popen[str], job: str, runs: Runs) -> None:
    """Return when the stage says that `job` runs."""
    assert process.stderr is not None
    with runs.log.open("a") as log:
        for line in process.stderr:
            log.write(line)
            if line.startswith(f"job {job} running"):
                return
    raise RuntimeError(f"the stage ended before {job}; see {runs.log}")


def _end(process: subprocess.Popen[str], runs: Runs) -> int:
    assert process.stderr is not None
    with runs.log.open("a") as log:
        log.writelines(process.stderr)
    return process.wait()
