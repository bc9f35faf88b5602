"""# analyze: from landing to dashboards for the days that changed.

Runs when `collect` announces new records; or by hand with the parameters `day` and `to`, or `days`. One run at a time:
what is announced while one goes on is done by the next, all of it together. Which days a run works on is asked of the
lake when it starts (`unfinished`): every day whose newest file has not gone all the way to the inbox. So no day is
lost, whatever failed before, and a run that finds everything done is skipped. Days far apart are worked on as a window
each; one that fails does not stop the others.

Each Spark stage is `jobs/stage.py STAGE --day D --to D`, sent to the connection `spark_default`:

1. `conform`: landing files to contacts and turns, masked; what is refused goes to the table `rejected`.
2. `understand`: words, mood, categories by rules, topics.
3. `measure`: keyword counts, spikes, mood by the hour, indicators.
4. `alert`: spikes and dips to the inbox. `publish`: the warehouse file, swapped whole. `notify`: sends what is pending.

**When it fails at night**

- Waiting is safe: the next announcement tries the same days again, and dashboards keep the last good warehouse. While
  it fails, new records are not seen and no new alerts are raised, so do look.
- Clear the failed task and those after it. Every job replaces whole days, so running one twice is running it once, also
  after a worker died in the middle.
- `windows` failed: the parameters are no days. It is skipped: the days announced were done already, no fault.
- `every_window` failed: a window did; the other windows were published.
- A task stays scheduled and never starts: the pool `lake` or `warehouse` is missing (`python -m dags.pools` says so),
  or another DAG (`daily`, a backfill, `retention`) writes just now and `analyze` is the next.
- A Spark stage failed at once: no Java, or the master in `spark_default` does not answer. After a while: memory; make
  the window shorter (`day`, `to`).
- `publish` failed: readers keep the last good warehouse, there is no half one.
- `notify` failed: alerts stay pending in the inbox and go out with the next run.

**To do a stretch of days again** (new dictionary, new model): trigger by hand with `day` and `to`; of more than a few
days, and without messages, see `daily`.
"""

from __future__ import annotations

from typing import Any

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, Param, TriggerRule, task, task_group
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from analytics.errors import ConfigError
from dags.job_operator import JobOperator
from dags.notices import deadline, notice
from dags.windows import asked_window, stretches, window_arguments
from dags.wiring import DEFAULT_ARGS, LANDING, WAREHOUSE_POOL, spark_stage

FIRST = 10
"""Weight of its tasks: where a pool has one slot, new records go before a backfill."""


def choose_windows(params: Any, unfinished: dict[str, Any] | None) -> list[list[str]]:
    """Return the arguments of each window: of the one asked for, else of the days asked for or left to do."""
    left = (unfinished or {"days": []})["days"]
    try:
        windows = asked_window(params["day"], params["to"]) or stretches(params["days"] or left)
    except ConfigError as error:
        raise AirflowFailException(str(error)) from error
    if not windows:
        raise AirflowSkipException("every day is done: the run before this one did what was announced meanwhile")
    return [window_arguments(window) for window in windows]


with DAG(
    "analyze",
    doc_md=__doc__,
    schedule=[LANDING],
    catchup=False,
    max_active_runs=1,
    deadline=deadline("analyze", 3),
    default_args={**DEFAULT_ARGS, "priority_weight": FIRST},
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
            description="One a line. Without all three, the days that have something new.",
        ),
    },
) as dag:
    unfinished = JobOperator(task_id="unfinished", module="jobs.unfinished", json_output=True)
    windows = task(task_id="windows")(choose_windows)(unfinished=unfinished.output)

    @task_group(group_id="window", prefix_group_id=False)  # type: ignore[untyped-decorator]
    def work_through(window: Any) -> None:
        """Bring one window all the way to the inbox."""
        stages = [spark_stage(stage, window) for stage in ("conform", "understand", "measure")]
        alert = JobOperator(task_id="alert", module="jobs.alert", arguments=window, max_active_tis_per_dagrun=1)
        stages[0] >> stages[1] >> stages[2] >> alert

    every = work_through.expand(window=windows)
    # A window that fails must not keep the others from people's eyes.
    publish = JobOperator(
        task_id="publish",
        module="jobs.publish",
        pool=WAREHOUSE_POOL,
        trigger_rule=TriggerRule.ALL_DONE_MIN_ONE_SUCCESS,
    )
    notify = JobOperator(task_id="notify", module="jobs.notify")
    # The run's state is that of its last tasks; without this a window that failed would leave the run green.
    every_window = EmptyOperator(task_id="every_window", trigger_rule=TriggerRule.NONE_FAILED)
    every >> publish >> notify
    every >> every_window
    [notify, every_window] >> notice()
