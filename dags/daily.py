r"""# daily: the day before once more, whole, after its end.

Runs at midnight for the day that is over, waits `schedule.daily_after_hours` (2) for late records, and works through
that day once more: topics, indicators and everything else, now that all its hours are known. Every job replaces whole
days, so this counts nothing twice.

A run is of one day, its partition key. So a stretch of days is done again from the command line:

    airflow backfill create --dag-id daily --from-date 2026-03-01 --to-date 2026-03-31 --max-active-runs 1 \
        --reprocess-behavior completed

The days are local ones, whatever time zone Airflow has; first and last are included. `--max-active-runs 1` lets them
go in order, each looking back on those before it; `--reprocess-behavior completed` takes days that ran already, too.
**A backfill sends no message**, neither then nor later: what it finds stands in the inbox as found, unsent. New records
(`analyze`) go before it, task by task.

**When it fails at night**

- It can wait for the morning: `analyze` has published the day already, only late records are missing from it. Clear
  the failed task; or trigger it by hand with `day`. The next night does the next day, not this one.
- `late_records` is waiting: that is what it does until two hours after midnight.
- A task stays scheduled and never starts: the pool `lake` or `warehouse` is missing (`python -m dags.pools` says so),
  or `analyze` writes just now.
- A Spark stage, `publish` or `notify` failed: as in `analyze`.
- To stop a backfill: pause it on the DAG's page; the day at work comes to its end.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from airflow.providers.standard.sensors.date_time import DateTimeSensor
from airflow.sdk import DAG, CronPartitionTimetable, Param, task
from airflow.sdk.exceptions import AirflowFailException

from analytics.errors import ConfigError
from analytics.settings import load_settings
from dags.job_operator import JobOperator
from dags.notices import deadline, is_backfill, notice
from dags.windows import asked_window, window_arguments
from dags.wiring import DEFAULT_ARGS, WAREHOUSE_POOL, spark_stage

settings = load_settings()
READY = (
    "{{ (dag_run.run_after + macros.timedelta(hours="
    f"{settings.schedule.daily_after_hours}"
    " if dag_run.run_type == 'scheduled' else 0)).isoformat() }}"
)
"""When late records have come: a run by hand or of a backfill need not wait."""


def choose_day(params: Any, dag_run: Any) -> dict[str, list[str]]:
    """Return the arguments of the stages, and those of `alert`, which tells nobody of what a backfill finds."""
    yesterday = dag_run.run_after.astimezone(ZoneInfo(settings.timezone)).date() - dt.timedelta(days=1)
    try:
        window = asked_window(params["day"] or dag_run.partition_key or yesterday.isoformat(), None)[0]
    except ConfigError as error:
        raise AirflowFailException(str(error)) from error
    arguments = window_arguments(window)
    quiet = ["--no-send"] if is_backfill(dag_run.run_type) else []
    return {"window": arguments, "alert": [*arguments, *quiet]}


with DAG(
    "daily",
    doc_md=__doc__,
    schedule=CronPartitionTimetable("0 0 * * *", timezone=settings.timezone, run_offset=-1, key_format="%Y-%m-%d"),
    catchup=False,
    max_active_runs=1,
    deadline=deadline("daily", 8 + settings.schedule.daily_after_hours),
    # A backfill has many runs at once: each is to end before the next begins, so its later tasks go first.
    default_args={**DEFAULT_ARGS, "weight_rule": "upstream"},
    tags=["kesheng", "lake", "warehouse"],
    params={
        "day": Param(
            None,
            type=["null", "string"],
            format="date",
            title="Local day",
            description="2026-03-01; the day before if not given. For many days: `airflow backfill create`.",
        ),
    },
) as dag:
    late_records = DateTimeSensor(task_id="late_records", target_time=READY, mode="reschedule", poke_interval=300)
    day: Any = task(task_id="day", multiple_outputs=True)(choose_day)()
    conform, understand, measure = (spark_stage(stage, day["window"]) for stage in ("conform", "understand", "measure"))
    alert = JobOperator(task_id="alert", module="jobs.alert", arguments=day["alert"])
    publish = JobOperator(task_id="publish", module="jobs.publish", pool=WAREHOUSE_POOL)
    notify = JobOperator(task_id="notify", module="jobs.notify", in_backfill=False)
    late_records >> day >> conform >> understand >> measure >> alert >> publish >> notify >> notice()
