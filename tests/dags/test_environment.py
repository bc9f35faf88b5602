from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from dags.environment import airflow_environment


def test_settings_of_another_airflow_are_left_out() -> None:
    base = {
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": "postgresql://production",
        "AIRFLOW_HOME": "/srv/airflow",
        "LANG": "C",
    }
    environment = airflow_environment(Path("/data/k"), base=base)
    assert environment["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"] == "sqlite:////data/k/airflow/airflow.db"
    assert environment["AIRFLOW_HOME"] == "/data/k/airflow"
    assert environment["LANG"] == "C"


def test_the_master_stands_in_the_connection_and_can_be_another() -> None:
    local = json.loads(airflow_environment(Path("/k"), base={})["AIRFLOW_CONN_SPARK_DEFAULT"])
    assert (local["conn_type"], local["host"]) == ("spark", "local[*]")
    cluster = {"AIRFLOW_CONN_SPARK_DEFAULT": "spark://master:7077"}
    assert airflow_environment(Path("/k"), base=cluster)["AIRFLOW_CONN_SPARK_DEFAULT"] == "spark://master:7077"


def test_programs_and_code_of_this_environment_come_first_and_once() -> None:
    bin_folder = str(Path(sys.executable).parent)
    base = {"PATH": f"/usr/bin{os.pathsep}{bin_folder}", "PYTHONPATH": "/other"}
    environment = airflow_environment(Path("/k"), base=base, project=Path("/project"))
    assert environment["PATH"].split(os.pathsep) == [bin_folder, "/usr/bin"]
    assert environment["PYTHONPATH"].split(os.pathsep) == ["/project", "/other"]


def test_it_is_the_same_when_made_twice_and_leaves_its_base_alone() -> None:
    base = {"PATH": "/usr/bin"}
    once = airflow_environment(Path("/k"), base=base)
    assert base == {"PATH": "/usr/bin"}
    assert airflow_environment(Path("/k"), base=once) == once


def test_nothing_listens_beyond_this_machine_and_nothing_is_reported() -> None:
    environment = airflow_environment(Path("/k"), base={}, port=8099)
    assert environment["AIRFLOW__API__HOST"] == "127.0.0.1"
    assert ":8099/" in environment["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"]
    assert environment["AIRFLOW__USAGE_DATA_COLLECTION__ENABLED"] == "False"
