"""The DAGs run for real, in a project whose jobs are stubs that write down how they were called."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dags.local_run import main

PROJECT = Path(__file__).resolve().parents[2]
STUB = "import os, sys\nopen(os.environ['CALLS'], 'a').write(' '.join([{name!r}, *sys.argv[1:]]) + '\\n')\n"
SETTINGS = '[sources.calls]\npath = "x"\nkind = "call"\n[sources.chats]\npath = "y"\nkind = "chat"\n'
COLLECT_NEW = """
import json, sys
new = {"calls": ["2026-01-01", "2026-01-02"], "chats": ["2026-01-02", "1970-01-01"]}
print(json.dumps({"source": sys.argv[2], "days": new[sys.argv[2]]}))
"""
COLLECT_ONE_DOWN = """
import json, sys
if sys.argv[2] == "chats":
    print("kesheng: sources.chats.path: nothing there", file=sys.stderr)
    sys.exit(2)
print(json.dumps({"source": sys.argv[2], "days": ["2026-01-01"]}))
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with our DAGs and library, and stubs for jobs."""
    folder = tmp_path_factory.mktemp("a project")
    shutil.copytree(PROJECT / "dags", folder / "dags", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "analytics").symlink_to(PROJECT / "analytics")
    jobs = folder / "jobs"
    jobs.mkdir()
    (jobs / "__init__.py").touch()
    (jobs / "unfinished.py").write_text("print('{\"days\": []}')", encoding="utf-8")
    for name in ("stage", "alert", "publish", "notify"):
        (jobs / f"{name}.py").write_text(STUB.format(name=name), encoding="utf-8")
    (folder / "settings.toml").write_text(SETTINGS, encoding="utf-8")
    return folder


def run_dags(project: Path, *arguments: str) -> tuple[subprocess.CompletedProcess[str], list[str]]:
    """Run the module in the stub project; return what it said and the calls of the jobs."""
    calls = project / "calls.txt"
    calls.write_text("")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW", "KESHENG", "PYTHON"))}
    environment = {
        **kept,
        "CALLS": str(calls),
        "KESHENG_SETTINGS": str(project / "settings.toml"),
        "KESHENG_HOME": str(project / "var"),
    }
    command = [sys.executable, "-m", "dags.local_run", *arguments]
    done = subprocess.run(
        command, cwd=project, env=environment, capture_output=True, text=True, timeout=280, check=False
    )
    return done, calls.read_text().splitlines()


@pytest.mark.airflow
def test_collect_announces_days_and_analyze_works_on_them(project: Path) -> None:
    (project / "jobs" / "collect.py").write_text(COLLECT_NEW, encoding="utf-8")
    done, calls = run_dags(project, "collect", "analyze")
    log = project / "var" / "airflow" / "logs" / "local_run.log"
    assert done.returncode == 0, done.stderr + log.read_text(encoding="utf-8")[-3000:]
    undated, dated = "--day 1970-01-01 --to 1970-01-01", "--day 2026-01-01 --to 2026-01-02"
    stages = ["stage conform", "stage understand", "stage measure", "alert"]
    for n, stage in enumerate(stages):  # dag.test() takes the windows of a stage in any order
        assert sorted(calls[2 * n : 2 * n + 2]) == [f"{stage} {undated}", f"{stage} {dated}"]
    assert calls[8:] == ["publish", "notify"]
    lines = done.stdout.splitlines()
    assert lines[0] == f"log {log}"
    assert "task analyze.conform[1] running" in lines
    assert any(line.startswith("dag analyze done ") for line in lines)
    assert all(line.split()[0] in ("log", "database", "dag", "task") for line in lines)


@pytest.mark.airflow
def test_a_source_that_is_down_fails_the_run_but_the_others_are_announced(project: Path) -> None:
    (project / "jobs" / "collect.py").write_text(COLLECT_ONE_DOWN, encoding="utf-8")
    done, calls = run_dags(project, "collect", "analyze")
    assert done.returncode == 1
    assert "collect: failed in source;" in done.stderr
    assert "Traceback" not in done.stderr
    assert "task collect.announce done" in done.stdout
    assert calls == []


@pytest.mark.airflow
def test_nothing_new_skips_analyze_and_a_day_by_hand_does_not(project: Path) -> None:
    (project / "jobs" / "collect.py").write_text("print('{\"days\": []}')", encoding="utf-8")
    done, calls = run_dags(project, "collect", "analyze", "retrain")
    assert done.returncode == 0, done.stderr
    assert "dag analyze skipped" in done.stdout
    assert [call.split()[:2] for call in calls] == [["stage", "retrain"]]


@pytest.mark.airflow
def test_a_parameter_that_is_no_day_is_one_sentence(project: Path) -> None:
    done, calls = run_dags(project, "analyze", "--conf", '{"day": "2026-02-30"}')
    assert done.returncode == 2
    assert done.stderr.startswith("kesheng: --conf for analyze:") and "2026-02-30" in done.stderr
    assert calls == []


@pytest.mark.parametrize("arguments", [["analyze", "--conf", "[1]"], ["analyze", "--conf", "{"], ["nothing"]])
def test_a_wrong_command_line_ends_with_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
