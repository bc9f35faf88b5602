"""Landing: records exactly as received, each content once, never changed.

A file is in landing once its line is in the manifest; one that was copied just before a crash is copied again.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from analytics.errors import InputFileError, SchemaError
from analytics.settings import SourceSettings
from analytics.text.redact import redact
from jobs.sources.durable import INCOMING, append_line, copy_in, put, sha256_of
from jobs.sources.fetched import Fetched
from jobs.sources.file_records import records_of_file
from jobs.sources.manifest import MANIFEST, LandedFile, Ledger, files_touching, manifest
from jobs.sources.origins import Origin, is_archive, members, origins
from jobs.sources.record_index import index_table, links_of, write_index

__all__ = ["LandedFile", "collect_fetched", "collect_files", "files_touching", "manifest"]

_HASH_CHARS = 12
_ONE_MICROSECOND = dt.timedelta(microseconds=1)


def collect_files(
    name: str,
    source: SourceSettings,
    landing: Path,
    zone: str,
    *,
    progress: Callable[[int, int, Path], None] | None = None,
    left: Callable[[str], None] | None = None,
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
    left : callable, optional
        Called with each file that is still being written and was left for later.

    Returns
    -------
    list of LandedFile
        In the order of their paths. A file whose content landing has, under whatever name, is not among them. Files in
        an archive are landed each by itself.

    Raises
    ------
    InputFileError
        If there are no files, or, after all others were collected, if some cannot be read.
    """
    found, busy = origins(name, source)
    collected: list[LandedFile] = []
    failed: list[str] = []
    with _Intake.open(name, source, landing, zone) as intake:
        for number, origin in enumerate(found):
            try:
                collected += intake.take(origin)
            except (InputFileError, SchemaError) as error:
                failed.append(redact(str(error)))
            if progress is not None:
                progress(number + 1, len(found), Path(origin.name))
    for origin in busy:
        if left is not None:
            left(redact(origin.where))
    if failed:
        others = f" (and {len(failed) - 1} other files of source {name} like it)" if len(failed) > 1 else ""
        raise InputFileError(f"{failed[0]}{others}")
    return collected


def collect_fetched(
    name: str,
    source: SourceSettings,
    landing: Path,
    zone: str,
    fetch: Callable[[dict[str, Any] | None], Iterable[Fetched]],
) -> list[LandedFile]:
    """Land what a database or an interface gives from where the last collection ended; return the new files.

    The place to go on from is in the same line of the manifest as the file, so that a crash between two pieces leaves
    neither a gap nor a repeat.
    """
    collected: list[LandedFile] = []
    with _Intake.open(name, source, landing, zone) as intake:
        for piece in fetch(intake.cursor):
            collected += intake.take_piece(piece)
    return collected


class _Intake:
    """One collection of a source, which holds the source's lock: two at once would both copy what is new."""

    def __init__(self, folder: Path, source: SourceSettings, zone: str) -> None:
        self._folder, self._source, self._zone = folder, source, zone
        ledger = Ledger.read(folder)
        self.cursor = ledger.cursor
        self._known = set(ledger.known)
        self._names = [file.file.rpartition("/")[2] for file in ledger.files]
        self._last = ledger.files[-1].collected_at if ledger.files else dt.datetime.min.replace(tzinfo=dt.UTC)

    @classmethod
    @contextmanager
    def open(cls, name: str, source: SourceSettings, landing: Path, zone: str) -> Iterator[_Intake]:
        """Take the source's lock and sweep what a crash left."""
        with locked(landing / name):
            yield cls(landing / name, source, zone)

    def take(self, origin: Origin) -> list[LandedFile]:
        """Land a file, or the files in an archive; nothing if its content is known."""
        token = hashlib.sha256(origin.token.encode()).hexdigest() if origin.token else ""
        if token in self._known:
            return []
        with origin.open() as file:
            seen = sha256_of(Path(origin.where)) if not token else ""
            if seen in self._known:
                return []
            incoming, sha256 = copy_in(file, self._folder)
        if seen and seen != sha256:
            incoming.unlink()
            return []  # it changed while it was read: the next collection takes it whole
        try:
            landed = self._unpacked(incoming, sha256, origin) if is_archive(origin.name) else None
            if landed is None:
                landed = self._landed(incoming, sha256, origin.name, where=origin.where)
        finally:
            incoming.unlink(missing_ok=True)
        if token:
            self._note({"seen": token})
        return landed

    def take_piece(self, piece: Fetched) -> list[LandedFile]:
        """Land one fetched piece with its cursor; only the cursor if its content is known."""
        incoming, sha256 = copy_in(BytesIO(piece.data), self._folder)
        try:
            landed = self._landed(incoming, sha256, piece.name, cursor=piece.cursor) if piece.data else []
        finally:
            incoming.unlink(missing_ok=True)
        if not landed:
            self._note({"cursor": piece.cursor})
        return landed

    def _unpacked(self, archive: Path, sha256: str, origin: Origin) -> list[LandedFile]:
        landed: list[LandedFile] = []
        aside = archive.with_name(archive.name + ".archive")
        archive.rename(aside)
        try:
            for name, member in members(aside, origin.name):
                landed += self._member(name, member, origin)
        finally:
            aside.unlink()
        self._note({"seen": sha256})
        return landed

    def _member(self, name: str, member: BinaryIO, origin: Origin) -> list[LandedFile]:
        incoming, sha256 = copy_in(member, self._folder)
        try:
            return self._landed(incoming, sha256, name, where=f"{origin.where}: {name}")
        finally:
            incoming.unlink(missing_ok=True)

    def _landed(
        self, incoming: Path, sha256: str, original: str, *, where: str = "", cursor: dict[str, Any] | None = None
    ) -> list[LandedFile]:
        """Give the copy its name, index it, and enter it in the manifest, in this order, each safe before the next."""
        if sha256 in self._known:
            return []
        name = _landed_name(sha256, PurePosixPath(original).name)
        path = self._folder / name
        put(incoming, path)
        try:
            records = records_of_file(path, self._source, self._folder.name, self._zone)
        except (InputFileError, SchemaError) as error:
            path.unlink()
            raise type(error)(str(error).replace(str(path), where or original)) from error
        index = index_table(records.ids, records.id_days)
        links = links_of(index, self._folder, self._names)
        write_index(index, self._folder, name)
        self._last = max(dt.datetime.now(dt.UTC), self._last + _ONE_MICROSECOND)
        file = LandedFile(
            source=self._folder.name,
            file=f"{self._folder.name}/{name}",
            original=original,
            sha256=sha256,
            n_bytes=path.stat().st_size,
            collected_at=self._last,
            days=tuple(sorted({*records.days, *links.days})),
            n_records=records.n_records,
            linked=tuple(f"{self._folder.name}/{earlier}" for earlier in links.names),
            cursor=cursor,
        )
        append_line(self._folder / MANIFEST, file.to_json())
        self._known.add(sha256)
        self._names.append(name)
        return [file]

    def _note(self, line: dict[str, Any]) -> None:
        append_line(self._folder / MANIFEST, json.dumps(line, ensure_ascii=False))
        self._known.add(line.get("seen", ""))


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the lock of a source's folder in landing, which is made if missing; sweep what a crash left there."""
    folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.mkdir(exist_ok=True, mode=0o700)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for unfinished in folder.rglob(f"{INCOMING}*"):
            unfinished.unlink()
        yield


def _landed_name(sha256: str, original: str) -> str:
    """Return the name in landing; recordings are often called by the caller's number, which is left out."""
    if redact(original) != original:
        return f"{sha256[:_HASH_CHARS]}{PurePosixPath(original).suffix}"
    return f"{sha256[:_HASH_CHARS]}-{original}"
