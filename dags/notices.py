"""Tell the inbox when a run fails or does not end in time, and when the next one succeeds.

A run in state failed is told by its last task, `notice`: a task, and no callback, because it runs where the jobs run,
has a log of its own and can be cleared. A run that does not end is told by Airflow's deadline.
"""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from airflow.sdk import task
from airflow.sdk.configuration import conf
from airflow.sdk.definitions.callback import SyncCallback
from airflow.sdk.definitions.deadline import DeadlineAlert, DeadlineReference
from airflow.sdk.exceptions import AirflowException, AirflowSkipException

from dags.environment import PROJECT

NOTICE = "notice"
BACKFILL = "backfill"
"""Run type of what somebody started by `airflow backfill create`, and watches."""
_MAP_INDEX = re.compile(r"_\d+$")


def notice() -> Any:
    """Return the task that ends a DAG; put it after all others. It does not change the state of the run."""
    return task(task_id=NOTICE)(tell)().as_teardown()


def deadline(dag_id: str, hours: float) -> DeadlineAlert:
    """Return the time in which a run, once it is queued, is to end; the inbox hears of one that does not."""
    return DeadlineAlert(
        name=f"{dag_id} within {hours:g} h",
        reference=DeadlineReference.DAGRUN_QUEUED_AT,
        interval=dt.timedelta(hours=hours),
        callback=SyncCallback("dags.notices.missed_deadline", kwargs={"dag_id": dag_id, "hours": hours}),
    )


def tell(ti: Any, dag_run: Any) -> None:
    """Tell the inbox how the run went."""
    if is_backfill(dag_run.run_type):
        raise AirflowSkipException("a backfill tells nobody: whoever started it watches")
    states = ti.get_task_states(dag_id=dag_run.dag_id, run_ids=[dag_run.run_id]).get(dag_run.run_id, {})
    failed = failed_tasks(states)
    what = [part for name in failed for part in ("--failed", name)] or ["--succeeded"]
    _call(dag_run.dag_id, [*what, "--run", run_url(dag_run.dag_id, dag_run.run_id)])


def missed_deadline(dag_id: str, hours: float, context: Any) -> None:
    """Tell the inbox that a run is late; Airflow calls it. Runs of a backfill wait for each other: nothing is late."""
    run = context.get("dag_run") if isinstance(context, Mapping) else None
    known: Mapping[str, Any] = run if isinstance(run, Mapping) else getattr(run, "__dict__", {})
    if is_backfill(known.get("run_type") or ""):
        return
    run_id = str(known.get("run_id") or known.get("dag_run_id") or "")
    if run_id.startswith(f"{BACKFILL}__"):
        return
    _call(dag_id, ["--late", f"{hours:g}", "--run", run_url(dag_id, run_id)])


def failed_tasks(states: Mapping[str, Any]) -> list[str]:
    """Return the tasks that failed, mapped ones once.

    Examples
    --------
    >>> failed_tasks({"day": "success", "conform_0": "failed", "conform_1": "failed", "measure_0": "upstream_failed"})
    ['conform']
    """
    return sorted({_MAP_INDEX.sub("", name) for name, state in states.items() if str(state) == "failed"})


def run_url(dag_id: str, run_id: str) -> str:
    """Return the address of a run's page in Airflow."""
    base = conf.get("api", "base_url", fallback="") or "http://127.0.0.1:8080"
    return f"{base.rstrip('/')}/dags/{dag_id}" + (f"/runs/{quote(run_id)}" if run_id else "")


def is_backfill(run_type: Any) -> bool:
    """Return whether a run is of a backfill."""
    return str(getattr(run_type, "value", run_type)) == BACKFILL


def _call(dag_id: str, arguments: Sequence[str]) -> None:
    command = [sys.executable, "-m", "jobs.trouble", "--dag", dag_id, *arguments]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    sys.stdout.write(done.stderr)
    if done.returncode != 0:
        raise AirflowException(f"jobs.trouble ended with exit code {done.returncode}: {done.stderr.strip()[-500:]}")
