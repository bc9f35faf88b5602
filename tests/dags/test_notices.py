"""What the DAGs tell the inbox, and of which runs."""

from __future__ import annotations

import datetime as dt
import subprocess
from types import SimpleNamespace
from typing import Any

import pytest

pytestmark = pytest.mark.airflow

URL = "http://127.0.0.1:8080/dags/analyze/runs/asset_triggered__2026-03-01T00%3A00%3A00%2B00%3A00"


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    from dags import notices

    calls: list[list[str]] = []

    def run(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        calls.append(command[2:])
        return subprocess.CompletedProcess(command, 0, "", "trouble: sent 1\n")

    monkeypatch.setattr(notices, "subprocess", SimpleNamespace(run=run))
    return calls


def run_of(dag_id: str, run_type: str) -> SimpleNamespace:
    return SimpleNamespace(dag_id=dag_id, run_id=f"{run_type}__2026-03-01T00:00:00+00:00", run_type=run_type)


def states(**by_task: str) -> SimpleNamespace:
    return SimpleNamespace(get_task_states=lambda dag_id, run_ids: {run_ids[0]: by_task})


def test_a_run_that_failed_names_its_tasks_once_and_one_that_went_well_settles(called: list[list[str]]) -> None:
    from dags.notices import tell

    run = run_of("analyze", "asset_triggered")
    tell(states(conform_0="failed", conform_1="failed", measure_0="upstream_failed", windows="success"), run)
    tell(states(conform="success", publish="skipped"), run)
    command = ["jobs.trouble", "--dag", "analyze"]
    assert called == [
        [*command, "--failed", "conform", "--run", URL],
        [*command, "--succeeded", "--run", URL],
    ]


def test_a_late_run_is_told_with_its_limit(called: list[list[str]]) -> None:
    from dags.notices import missed_deadline

    run = vars(run_of("analyze", "asset_triggered"))
    missed_deadline("analyze", 3, {"dag_run": run})
    assert called == [["jobs.trouble", "--dag", "analyze", "--late", "3", "--run", URL]]


def test_a_backfill_tells_nobody(called: list[list[str]]) -> None:
    from airflow.sdk.exceptions import AirflowSkipException

    from dags.daily import choose_day
    from dags.notices import missed_deadline, tell

    run = run_of("daily", "backfill")
    with pytest.raises(AirflowSkipException):
        tell(states(conform="failed"), run)
    missed_deadline("daily", 10, {"dag_run": vars(run)})
    assert called == []
    run.partition_key, run.run_after = "2026-03-01", dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    chosen = choose_day({"day": None}, run)
    assert chosen["window"] == ["--day", "2026-03-01", "--to", "2026-03-01"]
    assert chosen["alert"] == [*chosen["window"], "--no-send"]


def test_the_day_of_a_night_is_that_before_it_on_the_local_clock(called: list[list[str]]) -> None:
    from dags.daily import choose_day

    run = run_of("daily", "manual")
    run.partition_key, run.run_after = None, dt.datetime(2026, 3, 1, 17, tzinfo=dt.UTC)  # 1:00 on the 2nd in Shanghai
    window = ["--day", "2026-03-01", "--to", "2026-03-01"]
    assert choose_day({"day": None}, run) == {"window": window, "alert": window}
    assert choose_day({"day": "2026-02-03"}, run)["window"][1] == "2026-02-03"


def test_a_backfill_of_a_month_is_its_local_days_whatever_zone_the_bounds_are_in() -> None:
    from airflow.serialization.encoders import coerce_to_core_timetable

    from dags.daily import dag

    timetable = coerce_to_core_timetable(dag.timetable)
    bounds = [dt.datetime(2026, 3, day, tzinfo=dt.UTC) for day in (1, 31)]
    infos = list(timetable.iter_partition_dagrun_infos(earliest=bounds[0], latest=bounds[1]))
    assert [info.partition_key for info in infos] == [f"2026-03-{day:02}" for day in range(1, 32)]


def test_analyze_works_on_what_is_left_and_is_skipped_where_nothing_is() -> None:
    from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

    from dags.analyze import choose_windows

    nothing: dict[str, Any] = {"day": None, "to": None, "days": None}
    left = {"days": ["2026-03-01", "2026-03-02", "2026-03-07"]}
    assert choose_windows(nothing, left) == [
        ["--day", "2026-03-07", "--to", "2026-03-07"],
        ["--day", "2026-03-01", "--to", "2026-03-02"],
    ]
    asked = nothing | {"day": "2026-01-01"}
    assert choose_windows(asked, left) == [["--day", "2026-01-01", "--to", "2026-01-01"]]
    with pytest.raises(AirflowSkipException):
        choose_windows(nothing, {"days": []})
    with pytest.raises(AirflowFailException, match="give both"):
        choose_windows(nothing | {"to": "2026-01-01"}, left)


def test_days_left_unfinished_are_announced_without_new_records() -> None:
    from airflow.sdk.exceptions import AirflowSkipException

    from dags.collect import announce_days
    from dags.wiring import LANDING

    events: dict[Any, Any] = {LANDING: SimpleNamespace(extra={})}
    assert announce_days([{"days": []}], {"days": ["2026-03-01"]}, outlet_events=events) == ["2026-03-01"]
    assert events[LANDING].extra == {"days": ["2026-03-01"]}
    with pytest.raises(AirflowSkipException):
        announce_days([{"days": []}], None, outlet_events=events)
