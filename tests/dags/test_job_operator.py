from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.airflow


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that runs a module made of `code` through the operator."""
    from dags.job_operator import JobOperator

    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    def run_code(code: str, **arguments: Any) -> Any:
        (tmp_path / "job_of_test.py").write_text(code, encoding="utf-8")
        return JobOperator(task_id="job", module="job_of_test", **arguments).execute({})

    return run_code


def test_the_result_is_the_last_line_of_stdout_even_where_stderr_speaks_last(run: Any) -> None:
    code = "import sys; print('talk'); print('{\"days\": [1]}', flush=True); print('late warning', file=sys.stderr)"
    assert run(code, json_output=True) == {"days": [1]}


def test_arguments_reach_the_job_as_they_are(run: Any) -> None:
    code = "import sys, json; print(json.dumps(sys.argv[1:]))"
    arguments = ["--source", "客服 $(touch x); 'a b'"]
    assert run(code, arguments=arguments, json_output=True) == arguments


def test_what_the_job_says_is_in_the_log(run: Any, capfd: pytest.CaptureFixture[str]) -> None:
    run("import sys; print('read 3 files', file=sys.stderr)")
    assert "read 3 files" in capfd.readouterr().out  # Airflow's task log goes to stdout outside of a worker


def test_exit_2_needs_a_person_and_is_not_tried_again(run: Any) -> None:
    from airflow.sdk.exceptions import AirflowFailException

    with pytest.raises(AirflowFailException, match=r"needs a change before it can run: kesheng: sources\.a\.path"):
        run("import sys; print('kesheng: sources.a.path: nothing there', file=sys.stderr); sys.exit(2)")


def test_other_failures_are_tried_again(run: Any) -> None:
    from airflow.sdk.exceptions import AirflowException, AirflowFailException

    with pytest.raises(AirflowException, match="exit code 1: it said nothing") as caught:
        run("raise SystemExit(1)")
    assert not isinstance(caught.value, AirflowFailException)


def test_output_that_is_no_json_is_an_error_that_does_not_quote_it(run: Any) -> None:
    from airflow.sdk.exceptions import AirflowException

    with pytest.raises(AirflowException, match="expected a line of JSON") as caught:
        run("print('退款一直不到账')", json_output=True)
    assert "退款" not in str(caught.value)


def test_a_job_that_talks_much_on_both_streams_does_not_hang(run: Any) -> None:
    code = "import sys\nfor i in range(20000): print('x' * 40); print('y' * 40, file=sys.stderr)\nprint('[1]')"
    assert run(code, json_output=True) == [1]


def test_kill_ends_the_job_and_what_it_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from airflow.sdk.exceptions import AirflowException

    from dags.job_operator import JobOperator

    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    pid_file = tmp_path / "child.pid"
    code = f"""
import subprocess
child = subprocess.Popen(["sleep", "60"])
open({str(pid_file)!r}, "w").write(f"{{child.pid}} ")
child.wait()
"""
    (tmp_path / "job_of_test.py").write_text(code, encoding="utf-8")
    operator = JobOperator(task_id="job", module="job_of_test")
    threading.Thread(target=_kill_when_written, args=(pid_file, operator), daemon=True).start()
    with pytest.raises(AirflowException, match=f"exit code {-signal.SIGTERM}"):
        operator.execute({})
    assert not _runs(int(pid_file.read_text()))


def _kill_when_written(pid_file: Path, operator: Any) -> None:
    while not (pid_file.exists() and pid_file.read_text().endswith(" ")):
        time.sleep(0.02)
    operator.on_kill()


def _runs(pid: int) -> bool:
    for _ in range(100):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        # Where no init reaps orphans, an ended process stays as a zombie.
        stat = Path(f"/proc/{pid}/stat")
        if stat.exists() and stat.read_text().rpartition(")")[2].split()[0] == "Z":
            return False
        time.sleep(0.05)
    return True
