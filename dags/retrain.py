"""# retrain: fit the models again, once a week.

Sends `jobs/stage.py retrain` to Spark early on Monday. A new model is put in place whole when it is ready; until then,
and if this fails, `analyze` keeps working with the old one. Topics keep their identity over a refit.

**When it fails at night:** it can wait for the morning. Clear the task; nothing else depends on it this week.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from airflow.sdk import DAG, CronTriggerTimetable, Param, task
from airflow.sdk.exceptions import AirflowFailException

from analytics.errors import ConfigError
from analytics.settings import load_settings
from dags.notices import deadline, notice
from dags.windows import asked_window, window_arguments
from dags.wiring import DEFAULT_ARGS, spark_stage

settings = load_settings()


def retrain_arguments(params: Any, dag_run: Any) -> list[str]:
    """Return the job's arguments: the last day to learn from, yesterday if none is asked for."""
    today: dt.date = dag_run.run_after.astimezone(ZoneInfo(settings.timezone)).date()
    try:
        window = asked_window(params["day"] or (today - dt.timedelta(days=1)).isoformat(), None)[0]
    except ConfigError as error:
        raise AirflowFailException(str(error)) from error
    return window_arguments(window)


with DAG(
    "retrain",
    doc_md=__doc__,
    schedule=CronTriggerTimetable(settings.schedule.retrain, timezone=settings.timezone),
    catchup=False,
    max_active_runs=1,
    deadline=deadline("retrain", 6),
    default_args=DEFAULT_ARGS,
    tags=["kesheng", "models"],
    params={
        "day": Param(
            None,
            type=["null", "string"],
            format="date",
            title="Last local day to learn from",
            description="2026-03-01; yesterday if not given.",
        ),
    },
) as dag:
    arguments = task(task_id="arguments")(retrain_arguments)()
    spark_stage("retrain", arguments) >> notice()
