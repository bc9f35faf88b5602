"""Say on a stream what Airflow's tasks are doing, one line an event, for people and programs."""

from __future__ import annotations

import time
from typing import Any, TextIO

from airflow.listeners import hookimpl


class ProgressListener:
    """An Airflow listener that writes `task DAG.TASK STATE [SECONDS s]` when a task starts and ends.

    States are running, done, skipped and failed. A task that is mapped over several things carries its number in
    brackets.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._began: dict[str, float] = {}

    @hookimpl  # type: ignore[untyped-decorator]
    def on_task_instance_running(self, previous_state: Any, task_instance: Any) -> None:
        """Note the time and say that the task runs."""
        self._began[str(task_instance.id)] = time.monotonic()
        self._say(task_instance, "running")

    @hookimpl  # type: ignore[untyped-decorator]
    def on_task_instance_success(self, previous_state: Any, task_instance: Any) -> None:
        """Say that the task is done."""
        self._end(task_instance, "done")

    @hookimpl  # type: ignore[untyped-decorator]
    def on_task_instance_skipped(self, previous_state: Any, task_instance: Any) -> None:
        """Say that the task had nothing to do."""
        self._end(task_instance, "skipped")

    @hookimpl  # type: ignore[untyped-decorator]
    def on_task_instance_failed(self, previous_state: Any, task_instance: Any, error: Any) -> None:
        """Say that the task failed; why stands in the log."""
        self._end(task_instance, "failed")

    def _end(self, task_instance: Any, state: str) -> None:
        began = self._began.pop(str(task_instance.id), None)
        self._say(task_instance, state if began is None else f"{state} {time.monotonic() - began:.1f} s")

    def _say(self, task_instance: Any, what: str) -> None:
        number = f"[{task_instance.map_index}]" if (task_instance.map_index or 0) > 0 else ""
        self._stream.write(f"task {task_instance.dag_id}.{task_instance.task_id}{number} {what}\n")
        self._stream.flush()
