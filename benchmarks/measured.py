"""A command with all it starts, measured: seconds of the clock and of the processor, and memory of JVM and Python."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, sleep

import psutil

EVERY_SECONDS = 0.5
_GIGA = 1024.0**3


@dataclass
class Measured:
    """What a command took; memory in GB, the most at one moment, shared pages counted once (PSS)."""

    seconds: float = 0.0
    processor_seconds: float = 0.0
    memory: float = 0.0
    memory_java: float = 0.0
    memory_python: float = 0.0


def measured(command: Sequence[str], environment: Mapping[str, str], log: Path) -> Measured:
    """Run a command to its end and measure it.

    Raises
    ------
    RuntimeError
        If it does not end with exit code 0.
    """
    found = Measured()
    with log.open("ab") as output:
        began = perf_counter()
        process = subprocess.Popen(command, env=dict(environment), stdout=output, stderr=output)
        watch = threading.Thread(target=_watch, args=(process, found), daemon=True)
        watch.start()
        code = process.wait()
        found.seconds = perf_counter() - began
        watch.join()
    if code != 0:
        raise RuntimeError(f"{' '.join(command)}: ended with {code}; see {log}")
    return found


def _watch(process: subprocess.Popen[bytes], found: Measured) -> None:
    """Look at the process and all below it while it lives; what a process took last is what it took."""
    spent: dict[int, float] = {}
    while process.poll() is None:
        of: dict[str, float] = {"java": 0.0, "python": 0.0}
        try:
            family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
        except psutil.NoSuchProcess:
            break
        for one in family:
            try:
                kind = "java" if "java" in one.name() else "python"
                of[kind] += one.memory_full_info().pss / _GIGA
                times = one.cpu_times()
                spent[one.pid] = times.user + times.system
            except (psutil.NoSuchProcess, psutil.AccessDenied):
                continue
        found.memory = max(found.memory, of["java"] + of["python"])
        found.memory_java = max(found.memory_java, of["java"])
        found.memory_python = max(found.memory_python, of["python"])
        found.processor_seconds = sum(spent.values())
        sleep(EVERY_SECONDS)
