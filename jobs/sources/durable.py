"""Write files so that a crash at any point leaves the old state or the new one; readable by their owner only."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path
from typing import BinaryIO

INCOMING = ".incoming-"
"""How files, and folders of files, are called while they are worked on; those that a crash left are swept."""


def copy_in(file: BinaryIO, folder: Path) -> tuple[Path, str]:
    """Copy an open file to a private one under `folder`; return it and the SHA-256 of its content."""
    incoming = folder / f"{INCOMING}work" / "file"
    incoming.parent.mkdir(mode=0o700, exist_ok=True)
    with os.fdopen(os.open(incoming, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as copy:
        shutil.copyfileobj(file, copy, 1 << 20)
        copy.flush()
        os.fsync(copy.fileno())
    return incoming, sha256_of(incoming)


def sha256_of(path: Path) -> str:
    """Return the hash of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sweep(folder: Path) -> None:
    """Delete what a crash left half done."""
    for unfinished in list(folder.rglob(f"{INCOMING}*")):
        if unfinished.is_dir():
            shutil.rmtree(unfinished)
        else:
            unfinished.unlink(missing_ok=True)


def put(incoming: Path, final: Path) -> None:
    """Give a private file its name; it is there after a crash of the machine too."""
    os.replace(incoming, final)
    sync_folder(final.parent)


def append_line(path: Path, line: str) -> None:
    """Append a line, after ending the half line that a crash may have left."""
    with os.fdopen(os.open(path, os.O_CREAT | os.O_RDWR | os.O_APPEND, 0o600), "r+b") as file:
        size = file.seek(0, os.SEEK_END)
        torn = size > 0 and os.pread(file.fileno(), 1, size - 1) != b"\n"
        file.write(b"\n" * torn + line.encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make new and changed names of a folder safe on disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
