"""Where a source's files are: a local folder or glob, or any address that fsspec knows; archives opened."""

from __future__ import annotations

import glob
import gzip
import os
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, cast

from analytics.errors import ConfigError, InputFileError, StageError
from analytics.settings import SourceSettings
from analytics.source_limits import LIMITS, LimitSettings
from analytics.text.redact import redact
from jobs.sources.bounded import Bounded, Unpacked, check_directory, too_much
from jobs.sources.environment import filled_in
from jobs.sources.files import READABLE

ARCHIVES = frozenset({".gz", ".zip"})
_UNFINISHED = frozenset({".part", ".partial", ".tmp", ".temp", ".crdownload", ".filepart", ".download"})


@dataclass(frozen=True)
class Origin:
    """One file of a source.

    Attributes
    ----------
    name : str
        Its path inside the source's folder.
    where : str
        Its full path or address, for messages.
    open : callable
        Opens it for reading bytes.
    token : str
        What changes when it changes, where that can be told without reading it; else empty.
    """

    name: str
    where: str
    open: Callable[[], AbstractContextManager[BinaryIO]]
    token: str = ""


def origins(name: str, source: SourceSettings) -> tuple[list[Origin], list[Origin]]:
    """Return the files of a source in order of their names, and those still being written, to be left for later.

    Of a folder, and of all below it, files of the kinds that can be read are taken, hidden ones left out. A local file
    changed less than `settle_seconds` ago is looked at again after that time; if it has changed again, or bears the
    name of a download that is not complete, it is still being written.

    Raises
    ------
    InputFileError
        If there is none.
    ConfigError
        If the address is of a kind for which nothing is installed.
    """
    if "://" in source.path:
        found, busy = _remote(name, source.path), list[Origin]()
    else:
        root, paths = local_files(name, source)
        writing = _still_written(paths, source.settle_seconds)
        inside = None if source.limits.follow_links or Path(source.path).expanduser().is_file() else root.resolve()
        both = [_local(path, root, inside) for path in paths]
        found = [origin for origin, path in zip(both, paths, strict=True) if path not in writing]
        busy = [origin for origin, path in zip(both, paths, strict=True) if path in writing]
    return found, busy


def local_files(name: str, source: SourceSettings) -> tuple[Path, list[Path]]:
    """Return the folder of a local source and its files in order: one file, those of a glob, or all of a folder."""
    path = Path(source.path).expanduser()
    if path.is_file():
        return path.parent, [path]
    if path.is_dir():
        found = [file for file in path.rglob("*") if _readable(file.name)]
        root = path
    else:
        found = [Path(file) for file in glob.glob(str(path), recursive=True)]
        root = next(parent for parent in path.parents if not glob.has_magic(str(parent)))
    files = sorted(file for file in found if file.is_file() and not _is_hidden(file.relative_to(root)))
    if not files:
        where = redact(source.path)
        raise InputFileError(f"source {name}: no file at {where}; check sources.{name}.path in settings.toml")
    return root, files


def members(path: Path, name: str, limits: LimitSettings = LIMITS) -> Iterator[tuple[str, BinaryIO]]:
    """Return name and open content of each file in a .gz or .zip archive that can be read.

    Loop over it inside `reading_archive`: what is broken shows when the content is read.

    Raises
    ------
    InputFileError
        If it has a password, holds nothing that can be read, too many files, another archive, or more than the limits
        allow; the last shows when the content is read.
    """
    whole = Unpacked(name, limits)
    if name.lower().endswith(".gz"):
        _refuse_archive(name, name[:-3])
        with gzip.open(path) as inner:
            packed = Bounded(cast(BinaryIO, inner), name, limits, packed_bytes=path.stat().st_size, whole=whole)
            yield name[:-3], packed.as_file()
        return
    check_directory(path, name)
    with zipfile.ZipFile(path) as archive:
        chosen = [info for info in archive.infolist() if not info.is_dir() and _readable(_member_name(info))]
        if not chosen:
            raise InputFileError(f"{name} holds no file that can be read; expected {', '.join(sorted(READABLE))}")
        if len(chosen) > limits.archive_files:
            raise too_much(name, f"holds {len(chosen):,} files, more than {limits.archive_files:,}", "archive_files")
        for info in chosen:
            _refuse_archive(name, info.filename)
            if info.flag_bits & 1:
                raise InputFileError(f"{name}: a file in it has a password; unpack it yourself")
        for info in chosen:
            called = f"{name}/{_member_name(info)}"
            with archive.open(info) as inner:
                packed = Bounded(cast(BinaryIO, inner), called, limits, packed_bytes=info.compress_size, whole=whole)
                yield called, packed.as_file()


def _refuse_archive(name: str, inner: str) -> None:
    if is_archive(inner):
        raise InputFileError(f"{name} holds another archive; unpack it once and put what is in it into the folder")


@contextmanager
def reading_archive(where: str) -> Iterator[None]:
    """Turn what is raised by a broken or cut archive into `InputFileError`."""
    try:
        yield
    except (zipfile.BadZipFile, gzip.BadGzipFile, EOFError, zlib.error, NotImplementedError, RuntimeError) as error:
        raise InputFileError(
            f"{where} is a broken or unfinished archive ({type(error).__name__}); copy it again"
        ) from error


def is_archive(name: str) -> bool:
    """Return whether a file's name says that other files are in it."""
    return PurePosixPath(name.lower()).suffix in ARCHIVES


def _member_name(info: zipfile.ZipInfo) -> str:
    """Return the name as it was meant: Chinese Windows writes GB18030 where the format knows only code page 437.

    Some programs of Windows put backslashes between folders.
    """
    name = info.filename
    if not info.flag_bits & 0x800:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("gb18030")
    return name.replace("\\", "/")


def _readable(name: str) -> bool:
    path = PurePosixPath(name.lower())
    if path.name.startswith((".", "~$", "__macosx")) or "__macosx" in path.parts:
        return False
    return path.suffix in READABLE or path.suffix == ".zip" or (path.suffix == ".gz" and _readable(path.stem))


def _is_hidden(path: Path) -> bool:
    return any(part.startswith((".", "~$")) for part in path.parts)


def _local(path: Path, root: Path, inside: Path | None) -> Origin:
    def opened() -> AbstractContextManager[BinaryIO]:
        real = path.resolve()  # opened by this name: what the link leads to must not change in between
        if inside is not None and not real.is_relative_to(inside):
            raise InputFileError(
                f"{path} is a link that leads out of its folder; copy the file itself there, or set"
                " limits.follow_links = true for its source"
            )
        return real.open("rb")

    return Origin(path.relative_to(root).as_posix(), str(path), opened)


def _still_written(paths: Sequence[Path], settle_seconds: float) -> set[Path]:
    writing = {path for path in paths if path.suffix.lower() in _UNFINISHED}
    seen = {path: _state(path) for path in paths}
    now = time.time_ns()
    young = [path for path in paths if now - seen[path][1] < settle_seconds * 1e9]
    if young:
        time.sleep(settle_seconds)
        writing |= {path for path in young if _state(path) != seen[path]}
    return writing


def _state(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except FileNotFoundError:
        return -1, 0
    return found.st_size, found.st_mtime_ns


def _remote(name: str, url: str) -> list[Origin]:
    import fsspec

    address = filled_in(url, os.environ, where=f"sources.{name}.path")
    try:
        fs, path = fsspec.core.url_to_fs(address)
        paths = [path] if fs.isfile(path) else fs.find(path) if fs.isdir(path) else fs.glob(path)
    except (ImportError, ValueError) as error:
        raise ConfigError(
            f"source {name}: nothing here reads addresses like {url.split('://')[0]}://; install what fsspec names for"
            f" it (s3fs for s3, adlfs for abfs, paramiko for sftp)"
        ) from error
    except (OSError, EOFError, RuntimeError) as error:  # their texts may hold the password
        raise StageError(
            f"source {name}: {redact(url)} cannot be listed ({type(error).__name__}); check address, name and password,"
            " and whether this machine may go there"
        ) from None
    root = path if fs.isdir(path) else path.split("*")[0].rpartition("/")[0]
    chosen = sorted(file for file in paths if _readable(file.rpartition("/")[2]))
    if not chosen:
        raise InputFileError(f"source {name}: no file at {redact(url)}; check sources.{name}.path in settings.toml")
    return [_remote_origin(fs, file, root) for file in chosen]


def _remote_origin(fs: Any, file: str, root: str) -> Origin:
    token = f"{file} {fs.ukey(file)}"
    return Origin(file.removeprefix(root).strip("/") or file, fs.unstrip_protocol(file), lambda: fs.open(file), token)
