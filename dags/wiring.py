"""What the DAGs share: where the code is, what every task carries, how a stage is sent to Spark.

The master stands in one place only, the Airflow connection `spark_default`: moving from a laptop to a cluster is
changing that connection.
"""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import Any

from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator
from airflow.sdk import Asset

PROJECT = Path(__file__).resolve().parent.parent
SPARK_CONNECTION = "spark_default"

LANDING = Asset("kesheng://landing")
"""New records lie in landing; the event's extra holds `days`, the local days they belong to."""

DEFAULT_ARGS: dict[str, Any] = {
    "owner": "voice-of-customer",
    "retries": 2,
    "retry_delay": dt.timedelta(minutes=5),
    "execution_timeout": dt.timedelta(hours=3),
}

SPARK_CONF = {
    "spark.pyspark.python": sys.executable,
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}


def spark_stage(stage: str, **operator_arguments: Any) -> Any:
    """Return a partial operator that sends `jobs/stage.py STAGE` to Spark; `.expand(application_args=…)` it.

    Windows are worked on one after the other: they replace days of the same tables.
    """
    return SparkSubmitOperator.partial(
        task_id=stage,
        conn_id=SPARK_CONNECTION,
        application=str(PROJECT / "jobs" / "stage.py"),
        name=f"kesheng {stage}",
        conf=SPARK_CONF,
        # spark-submit puts the script's own folder first on the path; jobs/ would then hide packages of other people.
        env_vars={"PYTHONSAFEPATH": "1"},
        max_active_tis_per_dagrun=1,
        **operator_arguments,
    )
