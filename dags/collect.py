"""# collect: fetch what is new from every source into landing.

One mapped task for each source under `[sources.*]` of `settings.toml`; it runs `python -m jobs.collect --source NAME`.
`announce` then tells `analyze` which local days have something to be worked through: those that got new records, and
those that an earlier run left unfinished. Files that landing already holds are not taken again (they are known by their
content), so running this twice collects once. How often it runs is `schedule.collect` in `settings.toml`.

**When it fails at night**

- A single `source` task is red: that source is unreachable or its declaration is wrong; the last line of its log says
  which. The other sources are collected and announced all the same. Mend it, then clear the task.
- Failed without a retry: the job ended with exit code 2, somebody must change `settings.toml` first.
- `announce` is skipped: nothing new came, and nothing was left over. That is no fault.
- Green, but no data on the dashboard: look at `analyze`, and at the table `rejected` for what was refused and why.

Nothing is lost by waiting: the sources are read again in the next run. The inbox (运营) has one alert from the first
run that fails until one succeeds.
"""

from __future__ import annotations

from typing import Any

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, CronTriggerTimetable, TriggerRule, task
from airflow.sdk.exceptions import AirflowSkipException

from analytics.settings import load_settings
from dags.job_operator import JobOperator
from dags.notices import deadline, notice
from dags.wiring import DEFAULT_ARGS, LANDING

settings = load_settings()


def announce_days(
    collected: list[dict[str, Any]], unfinished: dict[str, Any] | None, *, outlet_events: Any
) -> list[str]:
    """Put the days to be worked through into the landing event, and return them; skip where there are none.

    Those left unfinished are among them, so that a collection or an analysis that was killed is made good for without
    waiting for new records.
    """
    days = sorted({day for one in [*collected, unfinished or {"days": []}] for day in one["days"]})
    if not days:
        raise AirflowSkipException("no source had anything new")
    outlet_events[LANDING].extra = {"days": days}
    return days


with DAG(
    "collect",
    doc_md=__doc__,
    schedule=CronTriggerTimetable(settings.schedule.collect, timezone=settings.timezone),
    catchup=False,
    max_active_runs=1,
    deadline=deadline("collect", 1),
    default_args=DEFAULT_ARGS,
    tags=["kesheng", "landing"],
) as dag:
    source = JobOperator.partial(
        task_id="source",
        module="jobs.collect",
        json_output=True,
        map_index_template="{{ task.arguments[1] }}",
    ).expand(arguments=[["--source", name] for name in settings.sources])
    unfinished = JobOperator(
        task_id="unfinished", module="jobs.unfinished", json_output=True, trigger_rule=TriggerRule.ALL_DONE
    )
    announce = task(
        task_id="announce",
        outlets=[LANDING],
        # One source that is down must not hold up the others.
        trigger_rule=TriggerRule.ALL_DONE,
    )(announce_days)(source.output, unfinished.output)
    # The run's state is that of its last tasks; without this a source that failed would leave the run green.
    every_source = EmptyOperator(task_id="every_source", trigger_rule=TriggerRule.NONE_FAILED)
    source >> unfinished
    source >> every_source
    [announce, every_source] >> notice()
