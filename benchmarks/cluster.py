"""The same days on one machine and on a cluster: the same tables, whoever is killed.

``python -m benchmarks.cluster [--days N] [--contacts-per-day N] [--keep DIR]`` starts a standalone master and two
workers, each in its own network and with its own view of the files (`cluster_machines`): of the project workers see the
Python packages alone, of the home landing and lake. Then it runs the days in local mode and on the cluster, kills a
worker in mid-job, and kills the driver in three ways with a retry at once. Prints Markdown. Root on Linux.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.cluster_faults import driver_killed, worker_killed
from benchmarks.cluster_machines import MASTER_ADDRESS, MASTER_URL, Cluster
from benchmarks.cluster_runs import WRITTEN, Runs, same_tables

_INSIDE = "BENCHMARK_CLUSTER_INSIDE"


def measure(root: Path, *, days: int, contacts: int, stage: str | None) -> None:
    """Run everything under `root` and print what was found."""
    homes = root / "homes"
    runs = Runs(homes, root / "log.txt", days)
    runs.prepare(contacts)
    names = ["local", "cluster", *(("worker", "python", "jvm", "hung") if stage else ())]
    for name in names:
        shutil.rmtree(homes / name, ignore_errors=True)
        shutil.copytree(homes / "base", homes / name)
    cluster = Cluster(root, homes)
    try:
        cluster.start(2)
        print(f"{days} days of {contacts} contacts; master and 2 workers of 1 core, network and files apart\n")
        print("| run | s | tables | equal to local | remarks |\n|---|---|---|---|---|", flush=True)
        seconds = runs.whole("local", {"SPARK_MASTER": "local[2]"})
        _row("local[2]", seconds, *same_tables(homes, "local", "local"), "")
        seconds = runs.whole("cluster", {"SPARK_MASTER": MASTER_URL, "SPARK_LOCAL_IP": MASTER_ADDRESS})
        _row("cluster", seconds, *same_tables(homes, "local", "cluster"), "`kesheng run`, code and models shipped")
        if stage:
            _faults(runs, cluster, homes, stage)
    finally:
        cluster.stop()


def _faults(runs: Runs, cluster: Cluster, homes: Path, stage: str) -> None:
    began = time.monotonic()
    remark = worker_killed(runs, cluster, "worker", stage)
    _row("a worker killed -9", time.monotonic() - began, *same_tables(homes, "local", "worker"), remark)
    for name, told in (
        ("python", "the driver's Python killed -9"),
        ("jvm", "the driver's JVM killed -9"),
        ("hung", "Python killed -9, its JVM stopped (hangs)"),
    ):
        began = time.monotonic()
        remark = driver_killed(runs, cluster, name, stage)
        _row(told, time.monotonic() - began, *same_tables(homes, "local", name), remark)


def _row(run: str, seconds: float, n_tables: int, differ: list[str], remark: str) -> None:
    equal = f"no: {', '.join(differ)}" if differ else "yes"
    print(f"| {run} | {seconds:.0f} | {n_tables} | {equal} | {remark} |", flush=True)


def main() -> int:
    """Read the arguments; go into a network and a view of the files of its own; measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=2)
    parser.add_argument("--contacts-per-day", type=int, default=300)
    parser.add_argument("--no-faults", action="store_true", help="compare the tables only")
    parser.add_argument("--stage", choices=sorted(WRITTEN), default="understand", help="in which somebody is killed")
    parser.add_argument("--keep", type=Path, help="folder for what is made; it is not removed")
    given = parser.parse_args()
    if _INSIDE not in os.environ:
        apart = ("unshare", "--net", "--mount", "--propagation", "private")
        command = [*apart, sys.executable, "-m", "benchmarks.cluster"]
        return subprocess.run([*command, *sys.argv[1:]], env={**os.environ, _INSIDE: "1"}, check=False).returncode
    # Not under /tmp, which the workers have for themselves.
    root = (given.keep or Path(tempfile.mkdtemp(prefix="kesheng-cluster-", dir="/var/tmp"))).resolve()
    try:
        measure(root, days=given.days, contacts=given.contacts_per_day, stage=None if given.no_faults else given.stage)
    finally:
        if given.keep is None:
            shutil.rmtree(root, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
