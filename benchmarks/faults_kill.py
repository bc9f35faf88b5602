"""A piece of work in a process of its own, killed with -9 at a random moment or at one of its commits."""

from __future__ import annotations

import os
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

Work = Callable[[], None]
LONGEST_SECONDS = 600.0


@dataclass
class Tally:
    """What became of a job's kills.

    Attributes
    ----------
    before, during, after : int
        Kills before it wrote anything, while it wrote, and when all was written.
    lost, doubled : int
        Rows, after it was run again, that an undisturbed run has and this has not, and the other way round.
    twice : int
        Messages that went out twice and did not say so.
    repeated : int
        Messages that went out twice, the second time marked as a possible repeat.
    unread : int
        Times that a reader of the warehouse found none, or none that was whole.
    differing : list of str
        Tables in which rows were lost or doubled.
    """

    job: str
    before: int = 0
    during: int = 0
    after: int = 0
    lost: int = 0
    doubled: int = 0
    twice: int = 0
    repeated: int = 0
    unread: int = 0
    recoveries: int = 0
    recovery: str = "run again"
    differing: list[str] = field(default_factory=list)

    @property
    def kills(self) -> int:
        """All of them."""
        return self.before + self.during + self.after

    def row(self) -> str:
        """Return the line of the table."""
        sent = f"{self.twice} ({self.repeated} marked)" if self.twice or self.repeated else "0"
        cells = (
            self.job, self.kills, self.before, self.during, self.after, self.recoveries, self.lost, self.doubled, sent,
            self.unread, self.recovery,
        )  # fmt: skip
        return "| " + " | ".join(map(str, cells)) + " |"


HEAD = (
    "| job | kills | before the writes | while writing | after | compared with an undisturbed run | rows lost |"
    " rows doubled | messages twice | warehouse not whole | recovered by |\n|" + "---|" * 11
)


def run_forked(work: Work, log: Path) -> float:
    """Do the work to its end; return its seconds.

    Raises
    ------
    RuntimeError
        If it fails.
    """
    child, begun = _fork(work, log)
    if not _has_begun(begun):
        os.waitpid(child, 0)
        raise RuntimeError(f"it did not begin; see {log}")
    at = time.monotonic()
    _, status = os.waitpid(child, 0)
    if status:
        raise RuntimeError(f"it ended with {os.waitstatus_to_exitcode(status)}; see {log}")
    return time.monotonic() - at


def kill_forked(work: Work, after_seconds: float, log: Path) -> bool:
    """Do the work, and kill its process and all it started after some seconds; return whether it was still at it."""
    child, begun = _fork(work, log)
    _has_begun(begun)
    until = time.monotonic() + after_seconds
    while time.monotonic() < until:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return _was_killed(status)
        time.sleep(0.002)
    os.killpg(child, signal.SIGKILL)
    return _was_killed(os.waitpid(child, 0)[1])


def _was_killed(status: int) -> bool:
    """Return whether a process was at it when it was killed; one that failed by itself is a fault of the trial."""
    if os.WIFSIGNALED(status):
        return True
    if status:
        raise RuntimeError(f"the work failed by itself with {os.waitstatus_to_exitcode(status)}")
    return False


def _fork(work: Work, log: Path) -> tuple[int, int]:
    reading, writing = os.pipe()
    sys.stdout.flush()
    child = os.fork()
    if child:
        os.close(writing)
        return child, reading
    code = 1
    try:
        os.setsid()
        output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(output, 1)
        os.dup2(output, 2)
        begin = _Begin(writing)
        begin.tell(work)
        code = 0
    finally:
        if code:
            traceback.print_exc()
        os._exit(code)


@dataclass
class _Begin:
    writing: int

    def tell(self, work: Work) -> None:
        """Say that the work begins, and do it; work that has to be prepared is a function that returns the work."""
        prepare = getattr(work, "prepare", None)
        if prepare:
            prepare()
        os.write(self.writing, b"1")
        os.close(self.writing)
        work()


def _has_begun(begun: int) -> bool:
    ready, _, _ = select.select([begun], [], [], LONGEST_SECONDS)
    told = bool(ready) and bool(os.read(begun, 1))
    os.close(begun)
    return told
