"""Landing: exports exactly as received, each content once, never changed.

A file is in landing once its line is in the manifest; one that was copied just before a crash is copied again.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import glob
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from analytics.errors import InputFileError, SchemaError
from analytics.settings import SourceSettings
from jobs.sources.file_days import days_of_file
from jobs.sources.files import READABLE
from jobs.sources.manifest import MANIFEST, LandedFile, files_touching, manifest

__all__ = ["LandedFile", "collect_files", "files_touching", "manifest", "source_files"]

_HASH_CHARS = 12
_INCOMING = ".incoming-"


def collect_files(
    name: str,
    source: SourceSettings,
    landing: Path,
    zone: str,
    *,
    progress: Callable[[int, int, Path], None] | None = None,
) -> list[LandedFile]:
    """Copy the files of a source that landing does not have yet; return these.

    Parameters
    ----------
    name : str
        Name of the source.
    source : SourceSettings
        Its files and their columns.
    landing : Path
        Folder of landing; made if missing, readable by its owner only.
    zone : str
        Zone of local days, and of times without one where the source names none.
    progress : callable, optional
        Called after each file with files done, files in all, and the file.

    Returns
    -------
    list of LandedFile
        In the order of their paths. A file whose content landing has, under whatever name, is not among them.

    Raises
    ------
    InputFileError
        If there are no files, or, after all others were collected, if some cannot be read.
    """
    root, paths = source_files(name, source)
    folder = landing / name
    collected: list[LandedFile] = []
    failed: list[str] = []
    with _only_one(folder):
        known = {file.sha256 for file in manifest(landing, name)}
        for number, path in enumerate(paths):
            if _sha256(path) not in known:
                try:
                    collected.append(_land(path, path.relative_to(root), folder, source, zone))
                    known.add(collected[-1].sha256)
                except (InputFileError, SchemaError) as error:
                    failed.append(str(error))
            if progress is not None:
                progress(number + 1, len(paths), path)
    if failed:
        others = f" (and {len(failed) - 1} other files of source {name} like it)" if len(failed) > 1 else ""
        raise InputFileError(f"{failed[0]}{others}")
    return collected


def source_files(name: str, source: SourceSettings) -> tuple[Path, list[Path]]:
    """Return the folder of a source and its files in order: one file, those of a glob, or all of a folder.

    Of a folder, and of all below it, files of the kinds that can be read are taken, hidden ones left out.

    Raises
    ------
    InputFileError
        If there is none.
    """
    path = Path(source.path).expanduser()
    if path.is_file():
        return path.parent, [path]
    if path.is_dir():
        found = [file for file in path.rglob("*") if file.suffix.lower() in READABLE]
        root = path
    else:
        found = [Path(file) for file in glob.glob(str(path), recursive=True)]
        root = next(parent for parent in path.parents if not glob.has_magic(str(parent)))
    files = sorted(file for file in found if file.is_file() and not _is_hidden(file.relative_to(root)))
    if not files:
        raise InputFileError(f"source {name}: no file at {source.path}; check sources.{name}.path in settings.toml")
    return root, files


def _is_hidden(path: Path) -> bool:
    return any(part.startswith((".", "~$")) for part in path.parts)


@contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    """Hold the source's lock: two collections at once would both copy what is new. Sweeps what a crash left."""
    folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.mkdir(exist_ok=True, mode=0o700)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for left in folder.glob(f"{_INCOMING}*"):
            left.unlink()
        yield


def _land(path: Path, name: Path, folder: Path, source: SourceSettings, zone: str) -> LandedFile:
    """Copy one file and enter it in the manifest, in this order, each safe on disk before the next."""
    days = days_of_file(path, source, zone)
    incoming = folder / f"{_INCOMING}{path.name}"
    try:
        sha256 = _copy(path, incoming)
        landed = folder / f"{sha256[:_HASH_CHARS]}-{path.name}"
        os.replace(incoming, landed)
    finally:
        incoming.unlink(missing_ok=True)
    _sync_folder(folder)
    file = LandedFile(
        source=folder.name,
        file=f"{folder.name}/{landed.name}",
        original=name.as_posix(),
        sha256=sha256,
        n_bytes=landed.stat().st_size,
        collected_at=dt.datetime.now(dt.UTC),
        days=days.days,
        n_records=days.n_records,
    )
    _append(folder / MANIFEST, file.to_json())
    return file


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _copy(path: Path, to: Path) -> str:
    """Copy and return the hash of the copy."""
    with path.open("rb") as file, os.fdopen(os.open(to, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as copy:
        shutil.copyfileobj(file, copy, 1 << 20)
        copy.flush()
        os.fsync(copy.fileno())
    return _sha256(to)


def _append(path: Path, line: str) -> None:
    """Append a line, after ending the half line that a crash may have left."""
    with os.fdopen(os.open(path, os.O_CREAT | os.O_RDWR | os.O_APPEND, 0o600), "r+b") as file:
        size = file.seek(0, os.SEEK_END)
        torn = size > 0 and os.pread(file.fileno(), 1, size - 1) != b"\n"
        file.write(b"\n" * torn + line.encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
