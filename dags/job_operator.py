"""The operator for jobs that need no Spark: `python -m MODULE ARGUMENTS` in a process of its own.

Jobs and DAGs do not import each other, and a job's memory goes back when its process ends.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from typing import Any

from airflow.sdk import BaseOperator
from airflow.sdk.exceptions import AirflowException, AirflowFailException, AirflowSkipException

from dags.environment import PROJECT
from dags.notices import is_backfill

EXIT_USER_MUST_ACT = 2
"""Kesheng's exit code for a setting or an input that someone must change first: trying again would not help."""


class JobOperator(BaseOperator):  # type: ignore[misc]
    """Run a module of ours; what it says on stderr goes to the task's log as it comes.

    Parameters
    ----------
    module : str
        Module to run, as `jobs.publish`.
    arguments : sequence of str
        Its command-line arguments; templated.
    json_output : bool
        Whether the last line of stdout is JSON; it becomes the task's result.
    in_backfill : bool
        Whether it runs in a backfill, too; else it is skipped there.

    Raises
    ------
    AirflowFailException
        If the job ends with exit code 2; the task is not tried again.
    AirflowException
        If it ends with another code than 0.
    """

    template_fields: Sequence[str] = ("arguments",)

    def __init__(
        self,
        *,
        module: str,
        arguments: Sequence[str] = (),
        json_output: bool = False,
        in_backfill: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.module = module
        self.arguments = arguments
        self.json_output = json_output
        self.in_backfill = in_backfill
        self._process: subprocess.Popen[str] | None = None

    def execute(self, context: Any) -> Any:
        """Run the job to its end and return what it printed, if that is wanted."""
        if not self.in_backfill and is_backfill(context["dag_run"].run_type):
            raise AirflowSkipException(f"{self.module} is not for backfills")
        command = [sys.executable, "-m", self.module, *self.arguments]
        self.log.info("running %s", " ".join(command))
        self._process = subprocess.Popen(
            command,
            cwd=PROJECT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,  # so that on_kill reaches what the job itself started
        )
        lines: list[str] = []
        listener = threading.Thread(target=self._log_errors, args=(lines,), daemon=True)
        listener.start()
        assert self._process.stdout is not None
        output = self._process.stdout.read()
        code = self._process.wait()
        listener.join(timeout=5)
        self._raise_for(code, lines[-1] if lines else "it said nothing on stderr")
        return self._result(output)

    def on_kill(self) -> None:
        """End the job and all that it started."""
        if self._process is not None and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGTERM)

    def _log_errors(self, lines: list[str]) -> None:
        assert self._process is not None and self._process.stderr is not None
        for line in self._process.stderr:
            lines.append(line.rstrip())
            self.log.info("%s", line.rstrip())

    def _raise_for(self, code: int, said: str) -> None:
        if code == EXIT_USER_MUST_ACT:
            raise AirflowFailException(f"{self.module} needs a change before it can run: {said}")
        if code != 0:
            raise AirflowException(f"{self.module} ended with exit code {code}: {said}")

    def _result(self, output: str) -> Any:
        if not self.json_output:
            return None
        last = output.strip().rpartition("\n")[2]
        try:
            return json.loads(last)
        except json.JSONDecodeError as error:
            raise AirflowException(
                f"{self.module}: expected a line of JSON at the end of stdout, got {len(last)} other characters"
            ) from error
