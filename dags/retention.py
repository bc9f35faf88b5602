"""# retention: delete records older than the `retention_days` of their source, every night.

Runs `python -m jobs.retention`. Sources that say no `retention_days` keep everything. What was counted stays.

**When it fails at night:** clear the task in the morning; the next night deletes what this one left. If it says that
landing holds a source that is not configured, add the source to `settings.toml` again.
"""

from __future__ import annotations

from airflow.sdk import DAG, CronTriggerTimetable

from analytics.settings import load_settings
from dags.job_operator import JobOperator
from dags.notices import deadline, notice
from dags.wiring import DEFAULT_ARGS, LAKE_POOL

settings = load_settings()

with DAG(
    "retention",
    doc_md=__doc__,
    schedule=CronTriggerTimetable(settings.schedule.retention, timezone=settings.timezone),
    catchup=False,
    max_active_runs=1,
    deadline=deadline("retention", 3),
    default_args=DEFAULT_ARGS,
    tags=["kesheng", "landing", "lake"],
) as dag:
    JobOperator(task_id="retention", module="jobs.retention", pool=LAKE_POOL) >> notice()
