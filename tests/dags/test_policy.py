"""What every DAG of ours must have, so that whoever is called at night finds it."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.airflow

DAGS = Path(__file__).resolve().parents[2] / "dags"
HEAVY = ("pandas", "numpy", "pyarrow", "pyspark", "duckdb", "sklearn", "scipy", "bertopic", "jieba", "rjieba", "dash")
PARSE_SECONDS = 3.0
"""Airflow gives up on a file after 30 s; all three of ours together take well under one, beside Airflow itself."""


@pytest.fixture(scope="module")
def bag() -> Any:
    from airflow.dag_processing.dagbag import DagBag

    return DagBag(dag_folder=DAGS)


def test_every_file_parses(bag: Any) -> None:
    assert bag.import_errors == {}
    assert set(bag.dags) == {"collect", "analyze", "daily", "report", "retrain", "retention"}


def test_every_dag_tells_what_it_does_and_what_to_do_at_night(bag: Any) -> None:
    for dag in bag.dags.values():
        assert dag.doc_md and "fails at night" in dag.doc_md, dag.dag_id
        assert dag.tags >= {"kesheng"} and len(dag.tags) > 1, dag.dag_id


def test_every_dag_writes_tables_alone_and_does_not_catch_up(bag: Any) -> None:
    for dag in bag.dags.values():
        assert dag.max_active_runs == 1, dag.dag_id
        assert dag.catchup is False, dag.dag_id


def test_every_task_has_an_owner_and_is_tried_again_after_a_while(bag: Any) -> None:
    for dag in bag.dags.values():
        for task in dag.tasks:
            assert task.owner not in ("", "airflow"), task
            assert task.retries >= 1, task
            assert task.retry_delay.total_seconds() >= 60, task
            assert task.execution_timeout is not None, task


def test_every_dag_ends_with_a_notice_that_leaves_its_state_alone_and_has_a_deadline(bag: Any) -> None:
    for dag in bag.dags.values():
        notice = dag.get_task("notice")
        assert notice.is_teardown and not notice.on_failure_fail_dagrun, dag.dag_id
        assert [task.task_id for task in dag.leaves] == ["notice"], dag.dag_id
        assert len(dag.deadline) == 1, dag.dag_id


def test_who_writes_does_so_in_a_pool_of_one_slot(bag: Any) -> None:
    pools = json.loads((DAGS / "pools.json").read_text(encoding="utf-8"))
    assert {pool["slots"] for pool in pools.values()} == {1}
    for dag in bag.dags.values():
        for task in dag.tasks:
            writes_lake = hasattr(task, "stage") or task.task_id == "retention"
            wanted = "lake" if writes_lake else "warehouse" if task.task_id == "publish" else "default_pool"
            assert task.pool == wanted, task


def test_new_records_go_before_a_backfill(bag: Any) -> None:
    daily, analyze = bag.dags["daily"], bag.dags["analyze"]
    heaviest = max(task.priority_weight * len(daily.tasks) for task in daily.tasks)
    assert min(task.priority_weight for task in analyze.tasks if task.pool == "lake") >= heaviest


def test_no_dag_has_a_cycle(bag: Any) -> None:
    for dag in bag.dags.values():
        dag.check_cycle()


def test_every_parameter_says_what_it_is(bag: Any) -> None:
    for dag in bag.dags.values():
        for name in dag.params:
            param = dag.params.get_param(name)
            assert param.description and param.schema.get("title"), f"{dag.dag_id}.{name}"


def test_windows_of_one_run_are_worked_on_one_after_the_other(bag: Any) -> None:
    for stage in ("conform", "understand", "measure", "alert"):
        assert bag.dags["analyze"].get_task(stage).max_active_tis_per_dagrun == 1


def test_analyze_follows_landing_and_goes_the_way_of_the_data(bag: Any) -> None:
    analyze, announce = bag.dags["analyze"], bag.dags["collect"].get_task("announce")
    assert announce.outlets == [analyze.timetable.asset_condition.objects[0]]
    assert announce.outlets[0].name == "kesheng://landing"
    way = ["unfinished", "windows", "conform", "understand", "measure", "alert", "publish", "notify"]
    for task_id, following in itertools.pairwise(way):
        assert following in analyze.get_task(task_id).downstream_task_ids


def test_no_master_stands_in_the_code() -> None:
    for file in DAGS.glob("*.py"):
        assert file.name == "environment.py" or "local[" not in file.read_text(encoding="utf-8"), file


def test_parsing_is_quick_and_imports_nothing_heavy() -> None:
    script = f"""
import sys, time
import airflow.sdk, airflow.providers.apache.spark.operators.spark_submit
import airflow.providers.standard.operators.empty
began = time.process_time()  # not wall time: other tests may load the machine
import dags.collect, dags.analyze, dags.daily, dags.report, dags.retrain, dags.retention
print(time.process_time() - began, *sorted({{name.partition(".")[0] for name in sys.modules}} & {set(HEAVY)!r}))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=DAGS.parent)
    seconds, *heavy = done.stdout.splitlines()[-1].split()
    assert heavy == []
    assert float(seconds) < PARSE_SECONDS, f"parsing took {seconds} s of CPU"
