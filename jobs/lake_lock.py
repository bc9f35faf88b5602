"""One writer of the lake at a time: two people who run the same day, or a retry beside a run that still lives."""

from __future__ import annotations

import datetime as dt
import fcntl
import json
import os
import shutil
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from analytics.errors import ConfigError
from analytics.settings import Settings

WAIT_SECONDS = 6 * 3600.0
"""How long a second writer waits. Our choice: longer than any run, shorter than a night nobody looks."""
_POLL_SECONDS = 0.5
_held: set[Path] = set()


@contextmanager
def writing_lake(settings: Settings, what: str, *, wait_seconds: float = WAIT_SECONDS) -> Iterator[None]:
    """Let nobody else write the lake of this home until the block ends; wait for who does now, and say so.

    The lock is the kernel's: it ends with the process that holds it, however that ends. Inside a block of the same
    process it is held already. What a killed writer left half-written is removed once nobody can be writing it.

    Parameters
    ----------
    what : str
        What is done, for the person who waits: `kesheng run 2026-03-01..2026-03-07`.
    wait_seconds : float
        Longest wait.

    Raises
    ------
    ConfigError
        If another process holds the lake for longer.
    """
    file = settings.home / ".lake.lock"
    if file in _held:
        yield
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a+", encoding="utf-8") as lock:
        _take(lock, file, wait_seconds)
        _sign(lock, what)
        _held.add(file)
        try:
            shutil.rmtree(settings.lake / "_staging", ignore_errors=True)
            yield
        finally:
            _held.discard(file)
            lock.truncate(0)


def _take(lock: IO[str], file: Path, wait_seconds: float) -> None:
    until, told = time.monotonic() + wait_seconds, False
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() >= until:
                raise ConfigError(
                    f"lake: {_holder(lock)} writes it; expected an end within {wait_seconds:.0f} s ({file});"
                    " wait for it, or end it, and run this again"
                ) from None
            if not told:
                sys.stderr.write(f"waiting: {_holder(lock)} writes the lake\n")
                told = True
            time.sleep(_POLL_SECONDS)


def _sign(lock: IO[str], what: str) -> None:
    lock.truncate(0)
    since = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    json.dump({"what": what, "pid": os.getpid(), "host": socket.gethostname(), "since": since}, lock)
    lock.flush()


def _holder(lock: IO[str]) -> str:
    lock.seek(0)
    try:
        held = json.load(lock)
        return f"{held['what']} (process {held['pid']} on {held['host']}, since {held['since']})"
    except (ValueError, KeyError, TypeError):
        return "another process"
