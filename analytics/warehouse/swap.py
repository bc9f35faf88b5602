"""Replace a file whole: one writer at a time, built beside the target, on disk before anybody can see it."""

from __future__ import annotations

import fcntl
import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_log = logging.getLogger(__name__)


@contextmanager
def swapped(target: Path) -> Iterator[Path]:
    """Yield a private path to build at; when the block ends well, it takes the target's place.

    Readers see the old file or the new one, never a part. A process killed inside the block leaves the target as it
    was, and a private file that the next writer sweeps. A second writer waits for the first: the lock is the
    kernel's and ends with the process that holds it.
    """
    target = Path(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    with _only_writer(target):
        _sweep(target)
        private = target.with_name(f".{target.name}.{os.getpid()}.private")
        try:
            yield private
            _sync(private)
            os.replace(private, target)
            _sync(target.parent)
        finally:
            _sweep(target)


@contextmanager
def _only_writer(target: Path) -> Iterator[None]:
    with target.with_name(f".{target.name}.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _log.info("waiting for another writer of %s", target)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _sweep(target: Path) -> None:
    """Remove private files and their companions (log, spill folder). Only the holder of the lock may."""
    for left in target.parent.glob(f".{target.name}.*.private*"):
        if left.is_dir():
            shutil.rmtree(left)
        else:
            left.unlink()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
