"""# report: the weekly report, on Monday morning.

Runs `python -m jobs.report`: writes last week's report to `{home}/reports` and mails it to those of `[reports]` in the
settings; without any it only writes. A mail goes out once, however often the task runs.

**When it fails at night:** it tries again every half hour for three hours, since on Monday at 8:00 Sunday's contacts
may not be published yet. If it still fails, look at `analyze`, then clear the task. Exit code 2 means a setting:
`reports` or its mail channel.
"""

from __future__ import annotations

import datetime as dt

from airflow.sdk import DAG, CronTriggerTimetable

from analytics.settings import load_settings
from dags.job_operator import JobOperator
from dags.notices import deadline, notice
from dags.wiring import DEFAULT_ARGS

settings = load_settings()

with DAG(
    "report",
    doc_md=__doc__,
    schedule=CronTriggerTimetable(settings.schedule.report, timezone=settings.timezone),
    catchup=False,
    max_active_runs=1,
    deadline=deadline("report", 5),
    default_args={**DEFAULT_ARGS, "retries": 6, "retry_delay": dt.timedelta(minutes=30)},
    tags=["kesheng", "warehouse"],
) as dag:
    JobOperator(task_id="report", module="jobs.report") >> notice()
