"""A Spark cluster on one machine: a master and workers, each with its own network and its own view of the files.

Works as root on Linux, inside `unshare --net --mount`: all of it ends with the process that made it.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pyspark

PROJECT = Path(__file__).resolve().parent.parent
SPARK_HOME = Path(pyspark.__file__).parent
MASTER_ADDRESS = "10.77.0.1"
MASTER_URL = f"spark://{MASTER_ADDRESS}:7077"
PAGE = f"http://{MASTER_ADDRESS}:8080"
_WORKER = Path(__file__).with_name("cluster_worker.sh")
_PATIENCE_SECONDS = 180.0


@dataclass
class Cluster:
    """The machines; `root` is where each keeps its own files, `homes` holds the homes that jobs are run in."""

    root: Path
    homes: Path
    cores: int = 1
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _n_cards: int = 0

    def start(self, n_workers: int) -> None:
        """Start the network, the master and the workers; return when the master knows them all."""
        for command in (
            "ip link set lo up",
            "ip link add kesheng0 type bridge",
            f"ip addr add {MASTER_ADDRESS}/24 dev kesheng0",
            "ip link set kesheng0 up",
        ):
            subprocess.run(command.split(), check=True)
        conf = self.root / "master-conf"
        conf.mkdir(parents=True, exist_ok=True)
        environment = {**os.environ, "SPARK_LOCAL_IP": MASTER_ADDRESS, "SPARK_CONF_DIR": str(conf)}
        environment["SPARK_HOME"] = str(SPARK_HOME)
        master = [
            str(SPARK_HOME / "bin" / "spark-class"),
            "org.apache.spark.deploy.master.Master",
            "--host",
            MASTER_ADDRESS,
        ]
        self._run("master", [*master, "--port", "7077", "--webui-port", "8080"], environment)
        for number in range(1, n_workers + 1):
            self.start_worker(f"worker{number}")
        self.wait_for(n_workers)

    def start_worker(self, name: str) -> None:
        """Start one worker in its own network and view of the files."""
        self._n_cards += 1
        card, other = f"kw{self._n_cards}", f"kb{self._n_cards}"
        own = self.root / f"{name}-{self._n_cards}"
        environment = {
            **os.environ,
            "NAME": name,
            "CARD": card,
            "ADDRESS": f"10.77.0.{10 + self._n_cards}",
            "MASTER_URL": MASTER_URL,
            "OWN": str(own),
            "PROJECT": str(PROJECT),
            "HOMES": str(self.homes),
            "CORES": str(self.cores),
            "SPARK_HOME": str(SPARK_HOME),
        }
        command = ["unshare", "--net", "--mount", "--uts", "--propagation", "private", "bash", str(_WORKER)]
        subprocess.run(["ip", "link", "add", other, "type", "veth", "peer", "name", card], check=True)
        self._run(name, command, environment)
        own_network = os.stat("/proc/self/ns/net").st_ino
        until = time.monotonic() + _PATIENCE_SECONDS
        while os.stat(f"/proc/{self.running[name].pid}/ns/net").st_ino == own_network and time.monotonic() < until:
            time.sleep(0.05)
        subprocess.run(["ip", "link", "set", card, "netns", str(self.running[name].pid)], check=True)
        subprocess.run(["ip", "link", "set", other, "master", "kesheng0", "up"], check=True)

    def wait_for(self, n_workers: int) -> None:
        """Return when the master has so many workers alive."""
        until = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < until:
            if sum(one["state"] == "ALIVE" for one in self.page().get("workers", [])) >= n_workers:
                return
            time.sleep(0.5)
        raise RuntimeError(f"the master does not have {n_workers} workers; see {self.root}/*.log")

    def page(self) -> dict[str, Any]:
        """Return what the master's page says; {} while it does not answer."""
        try:
            with urllib.request.urlopen(f"{PAGE}/json/", timeout=10) as answer:
                found: dict[str, Any] = json.load(answer)
                return found
        except (OSError, ValueError):
            return {}

    def applications(self) -> set[str]:
        """Return the ids of the applications that run."""
        return {one["id"] for one in self.page().get("activeapps", [])}

    def kill(self, name: str) -> None:
        """Kill a machine: the worker, its executors and their Python, all at once."""
        process = self.running.pop(name)
        for one in [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]:
            try:
                one.send_signal(signal.SIGKILL)
            except psutil.NoSuchProcess:
                continue
        process.wait()

    def stop(self) -> None:
        """End every machine."""
        for name in list(self.running):
            try:
                self.kill(name)
            except psutil.NoSuchProcess:
                continue

    def _run(self, name: str, command: list[str], environment: dict[str, str]) -> None:
        with (self.root / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
