"""Run DAGs here and now, one after the other, without scheduler or web server.

    python -m dags.local_run collect analyze [--conf '{"day": "2026-03-01", "to": "2026-03-07"}']

The DAGs are the same that a scheduler runs. What they write into a terminal goes to a log file; stdout carries one line
an event (`log FILE`, `task analyze.conform running`, `task analyze.conform done 12.3 s`, `dag analyze done 60.1 s`).
Without `--conf`, `analyze` after `collect` works on the days that `collect` announced; where there are none, it is
skipped. All DAGs run in one process: importing Airflow takes some ten seconds.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
import time
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, TextIO

from analytics.errors import ConfigError, KeshengError, StageError
from analytics.settings import load_settings
from dags.environment import airflow_environment

DAGS = ("collect", "analyze", "retrain")
CONF_HELP = 'parameters as JSON: {"day": "2026-03-01", "to": "2026-03-07"}'


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    parser = argparse.ArgumentParser(description="Run Kesheng's DAGs in this process.")
    parser.add_argument("dags", nargs="+", choices=DAGS, metavar="DAG", help=f"in order, of {', '.join(DAGS)}")
    parser.add_argument("--conf", type=_json_object, help=CONF_HELP)
    given = parser.parse_args(arguments)
    complain = os.fdopen(os.dup(2), "w", encoding="utf-8")
    try:
        environment = airflow_environment(load_settings().home)
        os.environ.clear()
        os.environ.update(environment)
        airflow_home = Path(environment["AIRFLOW_HOME"])
        progress = _set_terminal_aside(airflow_home / "logs" / "local_run.log")
        _prepare_database(airflow_home, progress)
        _run_all(given.dags, given.conf, progress)
    except KeshengError as error:
        complain.write(f"kesheng: {error}\n")
        complain.flush()
        return error.exit_code
    return 0


def _json_object(text: str) -> dict[str, Any]:
    try:
        conf = json.loads(text)
    except json.JSONDecodeError:
        conf = None
    if not isinstance(conf, dict):
        raise argparse.ArgumentTypeError(f"expected {CONF_HELP}, got {text!r}")
    return conf


def _set_terminal_aside(log: Path) -> TextIO:
    """Send all that this process and its children say to `log`; return a stream to the stdout that was."""
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        target = log.open("w", encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"home: cannot write {log} ({error.strerror}); choose a folder with KESHENG_HOME") from error
    sys.stdout.flush()
    progress = os.fdopen(os.dup(1), "w", encoding="utf-8")
    with target:
        os.dup2(target.fileno(), 1)
        os.dup2(target.fileno(), 2)
    _say(progress, f"log {log}")
    return progress


def _prepare_database(airflow_home: Path, progress: TextIO) -> None:
    """Create or upgrade Airflow's metadata database, unless this version of Airflow has done so."""
    stamp, airflow_version = airflow_home / ".migrated", version("apache-airflow-core")
    if (airflow_home / "airflow.db").exists() and stamp.exists() and stamp.read_text() == airflow_version:
        return
    began = time.monotonic()
    _say(progress, "database running")
    from airflow.utils.db import initdb

    initdb()
    stamp.write_text(airflow_version)
    _say(progress, f"database done {time.monotonic() - began:.1f} s")


def _run_all(names: Sequence[str], conf: dict[str, Any] | None, progress: TextIO) -> None:
    from airflow.sdk.listener import get_listener_manager

    from dags.progress import ProgressListener

    get_listener_manager().add_listener(ProgressListener(progress))
    announced: list[str] | None = None
    for name in names:
        if name == "analyze" and conf is None and announced == []:
            _say(progress, f"dag {name} skipped")
            continue
        announced_conf = {"days": announced} if name == "analyze" and announced else {}
        run = _run(name, announced_conf if conf is None else conf, progress)
        if name == "collect":
            announced = _announced_days(run)


def _run(name: str, conf: dict[str, Any], progress: TextIO) -> Any:
    """Run one DAG to its end and return its run; raise `StageError` if it fails."""
    from airflow.sdk.exceptions import ParamValidationError

    from dags.notices import NOTICE

    _say(progress, f"dag {name} running")
    began = time.monotonic()
    dag = importlib.import_module(f"dags.{name}").dag
    for task in dag.tasks:
        _without_retries(task)
    dag.deadline = None  # someone is watching: the inbox need not hear of it
    try:
        run = dag.test(run_conf=conf, mark_success_pattern=NOTICE)
    except ParamValidationError as error:
        raise ConfigError(f"--conf for {name}: {str(error).splitlines()[0]}") from error
    state = "done" if run.state == "success" else "failed"
    _say(progress, f"dag {name} {state} {time.monotonic() - began:.1f} s")
    if state == "failed":
        log = Path(os.environ["AIRFLOW_HOME"]) / "logs" / "local_run.log"
        failed = ", ".join(sorted({task.task_id for task in run.get_task_instances() if task.state == "failed"}))
        raise StageError(f"{name}: failed in {failed or 'no task'}; the reason stands in {log}")
    return run


def _without_retries(task: Any) -> None:
    """Someone is watching: failing now says more than trying again in five minutes."""
    if hasattr(task, "partial_kwargs"):
        task.partial_kwargs["retries"] = 0
    else:
        task.retries = 0


def _announced_days(run: Any) -> list[str]:
    from airflow.models.asset import AssetEvent
    from airflow.utils.session import create_session
    from sqlalchemy import select

    with create_session() as session:
        wanted = select(AssetEvent).where(
            AssetEvent.source_dag_id == run.dag_id, AssetEvent.source_run_id == run.run_id
        )
        return sorted({day for event in session.scalars(wanted) for day in event.extra["days"]})


def _say(progress: TextIO, line: str) -> None:
    progress.write(f"{line}\n")
    progress.flush()


if __name__ == "__main__":
    sys.exit(main())
