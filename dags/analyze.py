"""# analyze: from landing to dashboards for the days that changed.

Runs when `collect` announces new records, over the days it names; or by hand with the parameters `day` and `to`, or
`days`. Days far apart are worked on as a window each.

Each Spark stage is `jobs/stage.py STAGE --day D --to D`, sent to the connection `spark_default`:

1. `conform`: landing files to contacts and turns, masked; what is refused goes to the table `rejected`.
2. `understand`: words, mood, categories by rules, topics.
3. `measure`: keyword counts, spikes, mood by the hour, indicators.
4. `alert`: spikes and dips to the inbox. `publish`: the warehouse file, swapped whole. `notify`: sends what is pending.

**When it fails at night**

- Clear the failed task and those after it. Every job replaces whole days, so running one twice is running it once, also
  after a worker died in the middle.
- `windows` failed: the parameters are no days, or the run was started by hand without `day`.
- A Spark stage failed at once: no Java, or the master in `spark_default` does not answer. After a while: memory; make
  the window shorter (`day`, `to`).
- `publish` failed: readers keep the last good warehouse, there is no half one.
- `notify` failed: alerts stay pending in the inbox and go out with the next run.

**To do a stretch of days again** (new dictionary, new model): trigger by hand with `day` and `to`.
"""

from __future__ import annotations

from typing import Any

from airflow.sdk import DAG, Param, task
from airflow.sdk.exceptions import AirflowFailException

from analytics.errors import ConfigError
from dags.job_operator import JobOperator
from dags.windows import asked_window, stretches, window_arguments
from dags.wiring import DEFAULT_ARGS, LANDING, spark_stage


def choose_windows(params: Any, triggering_asset_events: Any) -> list[tuple[str, str]]:
    """Return the windows (first day, last day): the one asked for, else those of the days asked for or announced."""
    announced = [day for events in triggering_asset_events.values() for event in events for day in event.extra["days"]]
    try:
        windows = asked_window(params["day"], params["to"]) or stretches(params["days"] or announced)
    except ConfigError as error:
        raise AirflowFailException(str(error)) from error
    if not windows:
        raise AirflowFailException("no day to work on: started by hand without the parameter `day`, as 2026-03-01")
    return windows


def stage_arguments(stage: str) -> Any:
    """Return the function from a window to the stage's command-line arguments."""
    return lambda window: [stage, *window_arguments(window)]


with DAG(
    "analyze",
    doc_md=__doc__,
    schedule=[LANDING],
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    tags=["kesheng", "lake", "warehouse"],
    params={
        "day": Param(None, type=["null", "string"], format="date", title="First local day", description="2026-03-01"),
        "to": Param(
            None,
            type=["null", "string"],
            format="date",
            title="Last local day",
            description="The same day if not given. Without both, `days`.",
        ),
        "days": Param(
            None,
            type=["null", "array"],
            items={"type": "string", "format": "date"},
            title="Single local days",
            description="One a line. Without all three, the days that collect announced.",
        ),
    },
) as dag:
    windows = task(task_id="windows")(choose_windows)()
    conform, understand, measure = (
        spark_stage(stage).expand(application_args=windows.map(stage_arguments(stage)))
        for stage in ("conform", "understand", "measure")
    )
    alert = JobOperator.partial(task_id="alert", module="jobs.alert", max_active_tis_per_dagrun=1).expand(
        arguments=windows.map(window_arguments)
    )
    publish = JobOperator(task_id="publish", module="jobs.publish")
    notify = JobOperator(task_id="notify", module="jobs.notify")
    conform >> understand >> measure >> alert >> publish >> notify
