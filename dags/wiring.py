"""What the DAGs share: where the code is, what every task carries, how a stage is sent to Spark.

The master stands in one place only, the Airflow connection `spark_default`: moving from a laptop to a cluster is
changing that connection.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Sequence
from typing import Any

from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator
from airflow.sdk import Asset

from dags.environment import PROJECT

SPARK_CONNECTION = "spark_default"
LAKE_POOL, WAREHOUSE_POOL = "lake", "warehouse"
"""Pools of one slot (`dags/pools.json`): who writes the lake, and who publishes, does so alone."""

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


class SparkStage(SparkSubmitOperator):  # type: ignore[misc]
    """Send `jobs/stage.py STAGE ARGUMENTS` to Spark.

    Parameters
    ----------
    stage : str
        Name of a stage in `jobs.stage`.
    arguments : sequence of str
        The window, as `--day 2026-03-01 --to 2026-03-02`; templated.
    """

    template_fields: Sequence[str] = (*SparkSubmitOperator.template_fields, "arguments")

    def __init__(self, *, stage: str, arguments: Sequence[str], **kwargs: Any) -> None:
        super().__init__(application=str(PROJECT / "jobs" / "stage.py"), name=f"kesheng {stage}", **kwargs)
        self.stage = stage
        self.arguments = arguments

    def execute(self, context: Any) -> None:
        """Send it and wait for its end."""
        self.application_args = [self.stage, *self.arguments]
        super().execute(context)


def spark_stage(stage: str, arguments: Any, **operator_arguments: Any) -> SparkStage:
    """Return the task of a stage over the window that `arguments` name, of a pool that lets one write at a time.

    Windows are worked on one after the other: they replace days of the same tables.
    """
    return SparkStage(
        task_id=stage,
        stage=stage,
        arguments=arguments,
        conn_id=SPARK_CONNECTION,
        conf=SPARK_CONF,
        # spark-submit puts the script's own folder first on the path; jobs/ would then hide packages of other people.
        env_vars={"PYTHONSAFEPATH": "1"},
        pool=LAKE_POOL,
        max_active_tis_per_dagrun=1,
        **operator_arguments,
    )
