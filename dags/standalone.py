"""Start Airflow on this machine with its pages at 127.0.0.1: what `make airflow` does.

`airflow standalone` would do, but its log servers listen on every address of the machine, and it leaves workers behind
when it is ended by anything but Ctrl-C. Nothing of ours defers, so no triggerer is started.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType

from analytics.errors import KeshengError, StageError
from analytics.settings import load_settings
from dags.environment import POOLS_FILE, PORT, airflow_environment

PARTS = {
    "api-server": ("api-server",),
    "scheduler": ("scheduler", "--skip-serve-logs"),
    "dag-processor": ("dag-processor",),
}
"""Process → its Airflow command."""
SECONDS_TO_END = 20
SECONDS_TO_LISTEN = 180


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until Ctrl-C, SIGTERM or the end of one process."""
    parser = argparse.ArgumentParser(description="Start Airflow on this machine.")
    parser.add_argument("--port", type=int, default=PORT, help="where its pages are served")
    port: int = parser.parse_args(arguments).port
    signal.signal(signal.SIGINT, _interrupt)
    signal.signal(signal.SIGTERM, _interrupt)
    running: dict[str, subprocess.Popen[bytes]] = {}
    try:
        environment = airflow_environment(load_settings().home, port=port)
        # A demo leaves its DAGs paused; whoever starts a scheduler wants them to run.
        environment["AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION"] = "False"
        logs = Path(environment["AIRFLOW__LOGGING__BASE_LOG_FOLDER"]) / "standalone"
        logs.mkdir(parents=True, exist_ok=True)
        _say(f"preparing the database; logs are in {logs}")
        _airflow(["db", "migrate"], environment, logs / "db.log")
        _airflow(["pools", "import", str(POOLS_FILE)], environment, logs / "pools.log")
        for name in PARTS:
            running[name] = _start(name, environment, logs)
            if name == "api-server":  # a task that starts before it answers fails
                _wait_for_pages(port, running[name])
        _say(f"Airflow: http://127.0.0.1:{port} (in half a minute; Ctrl-C ends it)")
        _wait(running, logs)
    except KeyboardInterrupt:
        _say("ending")
    except KeshengError as error:
        sys.stderr.write(f"kesheng: {error}\n")
        return error.exit_code
    finally:
        _end(running)
    return 0


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _airflow(arguments: list[str], environment: Mapping[str, str], log: Path) -> None:
    with log.open("wb") as output:
        command = [sys.executable, "-m", "airflow", *arguments]
        done = subprocess.run(command, env=environment, stdout=output, stderr=output, check=False)
    if done.returncode != 0:
        said = " ".join(arguments[:2])
        raise StageError(f"airflow {said}: ended with exit code {done.returncode}; the reason stands in {log}")


def _start(name: str, environment: Mapping[str, str], logs: Path) -> subprocess.Popen[bytes]:
    with (logs / f"{name}.log").open("wb") as output:
        # A session of its own, so that ending it reaches its workers and what they started.
        command = [sys.executable, "-m", "airflow", *PARTS[name]]
        return subprocess.Popen(command, env=environment, stdout=output, stderr=output, start_new_session=True)


def _wait_for_pages(port: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until somebody listens at the port, the process has ended, or it takes too long; the others start then."""
    until = time.monotonic() + SECONDS_TO_LISTEN
    while process.poll() is None and time.monotonic() < until:
        with socket.socket() as asking:
            if asking.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)


def _wait(running: Mapping[str, subprocess.Popen[bytes]], logs: Path) -> None:
    while True:
        for name, process in running.items():
            if process.poll() is not None:
                log = logs / f"{name}.log"
                raise StageError(
                    f"airflow {name}: ended with exit code {process.returncode}; the reason stands in {log}"
                )
        time.sleep(1)


def _end(running: Mapping[str, subprocess.Popen[bytes]]) -> None:
    for process in running.values():
        _signal(process, signal.SIGINT)
    deadline = time.monotonic() + SECONDS_TO_END
    while time.monotonic() < deadline and any(process.poll() is None for process in running.values()):
        time.sleep(0.2)
    for process in running.values():
        _signal(process, signal.SIGKILL)
        process.wait()


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Signal a process and all of its session; they may be gone already."""
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
