"""Two operators at once: two of the same job, and a publication beside a run; and every job on a full disk.

``python -m benchmarks.faults_two --keep DIR [--times 20]`` goes on in a folder that `benchmarks.faults` made. The full
disk is a limit on the size of files (RLIMIT_FSIZE), or with ``--disk`` a small file system of its own (needs root).
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from analytics.errors import DiskFullError
from benchmarks.faults import OLD, Place
from benchmarks.faults_home import go_back
from benchmarks.faults_kill import Tally, Work, run_forked
from benchmarks.faults_plain import PLAIN, plain_trial, prepare_plain
from benchmarks.faults_trials import Trial, is_whole
from jobs.full_disk import full_disk_named
from jobs.stage import DAILY

TWICE = (("notify", "notify"), ("publish", "publish"), ("alert", "publish"), ("collect", "collect"))
_DISK_MEGABYTES = 64
_ROOM_KILOBYTES = (0, 40, 400)


def two_at_once(place: Place, jobs: tuple[str, str], times: int) -> Tally:
    """Let two processes do these jobs at the same time, so often; compare with one after the other."""
    trials = [plain_trial(place, job, OLD) for job in jobs]
    first = trials[0]
    tally = Tally(" and ".join(jobs), recovery="nothing: the second waits, or finds nothing to do")
    go_back(first.state, first.settings.home)
    for trial in trials:
        run_forked(trial.work(0), place.log)
    expected = first.compared(first.settings)
    for _ in range(times):
        go_back(first.state, first.settings.home)
        children = [_started(trial.work(0)) for trial in trials]
        while children:
            tally.unread += not is_whole(first.settings)
            children = [child for child in children if not _ended(child)]
            time.sleep(0.05)
        found = first.compared(first.settings)
        tally.recoveries += 1
        tally.lost, tally.doubled = tally.lost + found.lost(expected), tally.doubled + found.doubled(expected)
        if first.after_each:
            first.after_each(first.settings, tally)
    return tally


def on_full_disk(place: Place, job: str, room: Callable[[int], Work]) -> str:
    """Do a job where there is no room, and then where there is; return the line of the table."""
    trial = plain_trial(place, job, OLD)
    go_back(trial.state, trial.settings.home)
    run_forked(trial.work(0), place.log)
    expected = trial.compared(trial.settings)
    said, n_failed, n_whole = set[str](), 0, 0
    go_back(trial.state, trial.settings.home)
    for kilobytes in _ROOM_KILOBYTES:
        place.log.write_text("")
        child = _started(lambda kilobytes=kilobytes: _without_room(trial, room, kilobytes), place.log)  # type: ignore[misc]
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        n_failed += code != 0
        if code:
            said.add("disk full" if "disk full:" in place.log.read_text() else f"exit code {code}, unnamed")
        n_whole += is_whole(trial.settings)
    run_forked(trial.work(0), place.log)
    found = trial.compared(trial.settings)
    named = ", ".join(sorted(said)) or "had room"
    cells = (job, len(_ROOM_KILOBYTES), n_failed, named, n_whole, found.lost(expected), found.doubled(expected))
    return "| " + " | ".join(map(str, cells)) + " |"


def _without_room(trial: Trial, room: Callable[[int], Work], kilobytes: int) -> None:
    room(kilobytes)()
    try:
        with full_disk_named(trial.settings.home):
            trial.work(0)()
    except DiskFullError as error:
        os.write(2, f"{error}\n".encode())
        os._exit(error.exit_code)


def _limited(kilobytes: int) -> Work:
    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (kilobytes * 1024, resource.RLIM_INFINITY))

    return limit


def _filled(home: Path) -> Callable[[int], Work]:
    """Return what fills the file system of `home` but for some room, until its process ends."""

    def fill(kilobytes: int) -> Work:
        def work() -> None:
            balloon = os.open(home, os.O_TMPFILE | os.O_RDWR)
            free = shutil.disk_usage(home).free - kilobytes * 1024
            if free > 0:
                os.posix_fallocate(balloon, 0, free)

        return work

    return fill


def _started(work: Work, log: Path | None = None) -> int:
    child = os.fork()
    if child == 0:
        code = 1
        try:
            output = os.open(log or os.devnull, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
            os.dup2(output, 1)
            os.dup2(output, 2)
            work()
            code = 0
        finally:
            os._exit(code)
    return child


def _ended(child: int) -> bool:
    ended, status = os.waitpid(child, os.WNOHANG)
    if ended and status:
        raise RuntimeError(f"one of two ended with {os.waitstatus_to_exitcode(status)}")
    return bool(ended)


@contextmanager
def _own_disk(home: Path) -> Iterator[None]:
    home.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={_DISK_MEGABYTES}m", "tmpfs", str(home)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(home)], check=True)


def main() -> None:
    """Read the arguments, try, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", type=Path, required=True)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--disk", action="store_true")
    given = parser.parse_args()
    place = Place(given.keep)
    prepare_plain(place, place.state(DAILY[0]), OLD)
    print("| on a full disk | times | failed | said | warehouse whole | rows lost | rows doubled |")
    print("|---|---|---|---|---|---|---|")
    if given.disk:
        with _own_disk(place.settings.home):
            _print_full(place, _filled(place.settings.home))
    else:
        _print_full(place, _limited)
    for jobs in TWICE:
        print(two_at_once(place, jobs, given.times).row(), flush=True)


def _print_full(place: Place, room: Callable[[int], Work]) -> None:
    for job in PLAIN:
        print(on_full_disk(place, job, room), flush=True)


if __name__ == "__main__":
    main()
