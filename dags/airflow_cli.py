"""Airflow's own commands on the Airflow of `make airflow`: `python -m dags.airflow_cli backfill create …`.

Airflow finds its database by variables of the environment; this sets them and becomes `airflow`.
"""

from __future__ import annotations

import os
import sys

from analytics.errors import KeshengError
from dags.pools import asked_airflow


def main() -> int:
    """Become `airflow` with the arguments given."""
    try:
        environment = asked_airflow()
    except KeshengError as error:
        sys.stderr.write(f"kesheng: {error}\n")
        return error.exit_code
    os.execve(sys.executable, [sys.executable, "-m", "airflow", *sys.argv[1:]], dict(environment))


if __name__ == "__main__":
    sys.exit(main())
