"""Check that Airflow has the pools which the DAGs name: `python -m dags.pools`.

Airflow lets a task whose pool does not exist wait for ever, and says so only in the scheduler's log. `make airflow`
makes the pools; on an Airflow of your own, `airflow pools import dags/pools.json` does.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping

from analytics.errors import ConfigError, KeshengError, StageError
from analytics.settings import load_settings
from dags.environment import POOLS_FILE, airflow_environment


def main() -> int:
    """Run the command line; exit code 2 if a pool is missing or has other slots than one."""
    try:
        check_pools(asked_airflow())
    except KeshengError as error:
        sys.stderr.write(f"kesheng: {error}\n")
        return error.exit_code
    sys.stdout.write(f"pools: {', '.join(json.loads(POOLS_FILE.read_text(encoding='utf-8')))} are there\n")
    return 0


def asked_airflow() -> Mapping[str, str]:
    """Return the environment of the Airflow that `AIRFLOW_HOME` names; of `make airflow` if it names none."""
    return os.environ if "AIRFLOW_HOME" in os.environ else airflow_environment(load_settings().home)


def check_pools(environment: Mapping[str, str]) -> None:
    """Ask Airflow for its pools.

    Raises
    ------
    ConfigError
        If one of ours is missing, or lets more than one task write.
    StageError
        If Airflow does not answer.
    """
    command = [sys.executable, "-m", "airflow", "pools", "list", "--output", "json"]
    done = subprocess.run(command, env=dict(environment), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise StageError(f"airflow pools list: ended with exit code {done.returncode}: {last}")
    compare(json.loads(done.stdout[done.stdout.index("[") :]))


def compare(rows: list[dict[str, str]]) -> None:
    """Compare the pools that Airflow has with those that the DAGs name.

    Raises
    ------
    ConfigError
        As of `check_pools`.

    Examples
    --------
    >>> compare([{"pool": "lake", "slots": "1"}, {"pool": "warehouse", "slots": "1"}])
    """
    slots = {row["pool"]: int(row["slots"]) for row in rows}
    wrong = [
        f"{name} {'is missing' if name not in slots else f'has {slots[name]} slots'}"
        for name, pool in json.loads(POOLS_FILE.read_text(encoding="utf-8")).items()
        if slots.get(name) != pool["slots"]
    ]
    if wrong:
        raise ConfigError(
            f"Airflow's pools: {', '.join(wrong)}; expected one slot each, or tasks wait for ever or write at once:"
            f" airflow pools import {POOLS_FILE}"
        )


if __name__ == "__main__":
    sys.exit(main())
