"""The environment in which Airflow runs on one machine: for the demo, for `make airflow`, for the tests."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
POOLS_FILE = PROJECT / "dags" / "pools.json"
"""The pools that the DAGs name, as `airflow pools import` reads them."""
PORT = 8080


def airflow_environment(
    home: Path, *, base: Mapping[str, str] | None = None, project: Path = PROJECT, port: int = PORT
) -> dict[str, str]:
    """Return the variables for Airflow on this machine, with everything it writes under `home`/airflow.

    Airflow settings of the caller (`AIRFLOW__…`) are left out: they belong to another Airflow, and the demo must not
    write into its database. Connections (`AIRFLOW_CONN_…`) are kept, so that `AIRFLOW_CONN_SPARK_DEFAULT` in the
    environment is all it takes to send the stages to a cluster.

    Parameters
    ----------
    home : Path
        Kesheng's home, as settings give it.
    base : Mapping, optional
        Variables to start from; the process's own if not given.
    project : Path
        Folder that holds `dags/` and `jobs/`.
    port : int
        Where Airflow's pages are served; only `make airflow` does.

    Examples
    --------
    >>> environment = airflow_environment(Path("/data/kesheng"), base={"AIRFLOW__CORE__EXECUTOR": "CeleryExecutor"})
    >>> environment["AIRFLOW_HOME"], "AIRFLOW__CORE__EXECUTOR" in environment
    ('/data/kesheng/airflow', False)
    """
    base = os.environ if base is None else base
    kept = {name: value for name, value in base.items() if not name.startswith("AIRFLOW__")}
    airflow_home = home.resolve() / "airflow"
    return {
        "AIRFLOW_CONN_SPARK_DEFAULT": json.dumps({"conn_type": "spark", "host": "local[*]"}),
        "SPARK_CONF_DIR": str(project / "jobs" / "spark_conf"),  # else thousands of INFO lines go through Airflow
        "SPARK_LOCAL_IP": "127.0.0.1",
        **kept,
        "AIRFLOW_HOME": str(airflow_home),
        "KESHENG_HOME": str(home.resolve()),
        "PATH": os.pathsep.join(_with_first(str(Path(sys.executable).parent), kept.get("PATH", os.defpath))),
        "PYTHONPATH": os.pathsep.join(_with_first(str(project), kept.get("PYTHONPATH", ""))),
        **_airflow_settings(airflow_home, project, port),
    }


def _airflow_settings(airflow_home: Path, project: Path, port: int) -> dict[str, str]:
    address = f"http://127.0.0.1:{port}"
    settings = {
        "CORE__DAGS_FOLDER": str(project / "dags"),
        "CORE__LOAD_EXAMPLES": "False",
        "CORE__PARALLELISM": "4",  # LocalExecutor keeps this many idle workers; the default of 32 fills a laptop
        "CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "True",  # no login: it listens on this machine only
        "CORE__EXECUTION_API_SERVER_URL": f"{address}/execution/",
        "API__HOST": "127.0.0.1",
        "API__PORT": str(port),
        "API__BASE_URL": address,
        "API__WORKERS": "1",
        # Spark takes every core: a task must not die because the server beside it answers after the default of 5 s.
        "WORKERS__EXECUTION_API_TIMEOUT": "60",
        "DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{airflow_home / 'airflow.db'}",
        "LOGGING__BASE_LOG_FOLDER": str(airflow_home / "logs"),
        "LOGGING__COLORED_CONSOLE_LOG": "False",
        "OPENLINEAGE__DISABLED": "True",
        "USAGE_DATA_COLLECTION__ENABLED": "False",  # nothing leaves this machine
    }
    return {f"AIRFLOW__{name}": value for name, value in settings.items()}


def _with_first(first: str, path: str) -> list[str]:
    return [first, *(part for part in path.split(os.pathsep) if part and part != first)]
