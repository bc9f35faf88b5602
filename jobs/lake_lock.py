"""One writer of the lake at a time: two people who run the same day, or a retry beside a run that still lives.

Two things hold the lake. The kernel's lock ends with its process, and is seen by all processes of a machine (and by all
machines where the file system hands locks on, as NFS does). The signature in the file is renewed all the time, so that
machines which share the files and not the locks see that somebody lives. See docs/scale.md for what holds where.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import json
import os
import socket
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from analytics.errors import ConfigError, StageError
from analytics.settings import Settings
from jobs.lake_moves import finish_moves
from jobs.orphan import end_orphan, machine, own_application

WAIT_SECONDS = 6 * 3600.0
"""How long a second writer waits. Our choice: longer than any run, shorter than a night nobody looks."""
RENEW_SECONDS = 5.0
SILENT_SECONDS = 90.0
"""So long another machine's signature must stay as it is before it counts as dead: 18 renewals, and longer than NFS
keeps what it knows of a file (acregmax, 60 s)."""
_POLL_SECONDS = 0.5
_held: dict[Path, dict[str, Any]] = {}


@contextmanager
def writing_lake(
    settings: Settings, what: str, *, wait_seconds: float = WAIT_SECONDS, silent_seconds: float = SILENT_SECONDS
) -> Iterator[None]:
    """Let nobody else write the lake of this home until the block ends; wait for who does now, and say so.

    Inside a block of the same process it is held already. Where the last writer was killed, its Spark application is
    waited for and then ended. The moves it had begun are ended, and what it left half-written is removed.

    Parameters
    ----------
    what : str
        What is done, for the person who waits: `kesheng run 2026-03-01..2026-03-07`.
    wait_seconds : float
        Longest wait.
    silent_seconds : float
        How long a signature of another machine must stay as it is to count as dead.

    Raises
    ------
    ConfigError
        If another process holds the lake for longer.
    StageError
        If the application of a killed run cannot be ended.
    """
    file = settings.home / ".lake.lock"
    if file in _held:
        yield
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a+", encoding="utf-8") as lock:
        left = _take(lock, file, wait_seconds, silent_seconds)
        # Until the orphan is gone its application stays in the signature: who comes next must know of it, too.
        _held[file] = _signature(what) | {name: left[name] for name in ("application",) if name in left}
        _sign(file)
        over = threading.Event()
        renewing = threading.Thread(target=_renew, args=(file, over), daemon=True)
        renewing.start()
        is_alone = False
        try:
            end_orphan(left)
            is_alone = True
            finish_moves(settings.lake)
            yield
        finally:
            over.set()
            renewing.join()
            if is_alone and _is_mine(file):
                lock.truncate(0)
            _held.pop(file, None)


def note_application(context: Any) -> None:
    """Write the Spark application of a new session into the signatures that this process holds."""
    for file, mine in _held.items():
        mine["application"] = own_application(context)
        _sign(file)


def check_held(home: Path) -> None:
    """Raise `StageError` if this process wrote the lake of `home` and another one has taken it: it must stop writing.

    A machine that stood still for minutes may wake up beside its successor. Nothing is asked of who took no lock.
    """
    file = home / ".lake.lock"
    if file in _held and not _is_mine(file):
        raise StageError(
            f"lake: another process has taken it ({_name(_read(file))}), because this one was silent for too long;"
            " nothing more is written here; the other run makes the same days again"
        )


def _take(lock: IO[str], file: Path, wait_seconds: float, silent_seconds: float) -> dict[str, Any]:
    """Take the lock; return the signature of a writer that did not end well, {} where the last one did."""
    until, told = time.monotonic() + wait_seconds, False
    seen, since = "", time.monotonic()
    while True:
        is_free, held = _locked(lock), _read(file)
        if held.get("beat", "") != seen:
            seen, since = held.get("beat", ""), time.monotonic()
        # A process of this machine would have the kernel's lock. Of another one, only its silence tells.
        is_gone = held.get("machine", machine()) == machine() or time.monotonic() - since >= silent_seconds
        if is_free and (not held or is_gone):
            return held
        if is_free:
            fcntl.flock(lock, fcntl.LOCK_UN)
        if time.monotonic() >= until:
            raise ConfigError(
                f"lake: {_name(held)} writes it; expected an end within {wait_seconds:.0f} s ({file});"
                " wait for it, or end it, and run this again"
            )
        if not told:
            sys.stderr.write(f"waiting: {_name(held)} writes the lake\n")
            told = True
        time.sleep(_POLL_SECONDS)


def _locked(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _signature(what: str) -> dict[str, Any]:
    since = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    mine = {"what": what, "pid": os.getpid(), "host": socket.gethostname(), "since": since}
    return {**mine, "machine": machine(), "token": uuid.uuid4().hex}


def _sign(file: Path) -> None:
    # In place: a new file of the name would not be the one that is locked.
    text = json.dumps({**_held[file], "beat": uuid.uuid4().hex})
    with file.open("r+", encoding="utf-8") as own:
        own.write(text)
        own.truncate()
        own.flush()
        os.fsync(own.fileno())


def _renew(file: Path, over: threading.Event) -> None:
    while not over.wait(RENEW_SECONDS):
        try:
            if not _is_mine(file):
                return
            _sign(file)
        except OSError:  # a share that is away for a moment; silence tells the others if it stays so
            continue


def _is_mine(file: Path) -> bool:
    return bool(_read(file).get("token") == _held[file]["token"])


def _read(file: Path) -> dict[str, Any]:
    """Read a signature anew; {} where there is none. One that cannot be read is somebody's all the same."""
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return {}
    try:
        found = json.loads(text or "{}")
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {"beat": text}


def _name(held: dict[str, Any]) -> str:
    if not {"what", "pid", "host", "since"} <= held.keys():
        return "another process"
    return f"{held['what']} (process {held['pid']} on {held['host']}, since {held['since']})"
