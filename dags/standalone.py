"""Start Airflow on this machine with its pages at 127.0.0.1: what `make airflow` does.

The process is replaced by `airflow standalone`, so that Ctrl-C reaches Airflow itself: a signal to a parent alone would
leave its workers behind.
"""

from __future__ import annotations

import os
import sys

from analytics.errors import KeshengError
from analytics.settings import load_settings
from dags.environment import airflow_environment


def main() -> int:
    """Replace this process; return only where the settings are wrong."""
    try:
        environment = airflow_environment(load_settings().home)
    except KeshengError as error:
        sys.stderr.write(f"kesheng: {error}\n")
        return error.exit_code
    # A run of the demo that nobody schedules keeps its DAGs paused; someone who starts a scheduler wants them running.
    environment["AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION"] = "False"
    command = [sys.executable, "-m", "airflow", "standalone"]
    os.execve(sys.executable, command, environment)


if __name__ == "__main__":
    sys.exit(main())
