"""One collection of a source: each piece put into landing so that a crash at any point loses and repeats nothing."""

from __future__ import annotations

import datetime as dt
import fcntl
import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from analytics.errors import InputFileError, SchemaError
from analytics.settings import SourceSettings
from jobs.sources.bounded import Bounded
from jobs.sources.conform_file import source_spec
from jobs.sources.durable import append_line, copy_in, put, sha256_of, sweep
from jobs.sources.erasures import erasures, positions_to_erase
from jobs.sources.fetched import Fetched
from jobs.sources.file_records import FileRecords, records_of_file
from jobs.sources.manifest import MANIFEST, LandedFile, Ledger
from jobs.sources.origins import Origin, is_archive, members, reading_archive
from jobs.sources.owners import owners_of
from jobs.sources.parting import parts_of
from jobs.sources.record_index import index_table, links_of, write_index
from jobs.sources.scrub import scrubbed

_HASH_CHARS = 12
_MAX_NAME_BYTES = 150
_UNSEEN = re.compile("[\x00-\x1f\x7f\x85\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_DIGITS = re.compile(r"\d{7,}")
_EMAIL = re.compile(r"[^\s@/]+@[^\s@/]+\.[A-Za-z]{2,}(?=\.|$)")
_DATE = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[0-5]\d){0,3}")
_ONE_MICROSECOND = dt.timedelta(microseconds=1)


class Intake:
    """One collection of a source, which holds the source's lock: two at once would both copy what is new."""

    def __init__(self, folder: Path, source: SourceSettings, zone: str, person_key: str) -> None:
        self._folder, self._source, self._zone = folder, source, zone
        self._spec = source_spec(folder.name, source, zone, person_key=person_key)
        self._requests = erasures(folder.parent)
        ledger = Ledger.read(folder)
        self.cursor = ledger.cursor
        self._known = set(ledger.known)
        self._names = [file.file.rpartition("/")[2] for file in ledger.files]
        self._last = ledger.files[-1].collected_at if ledger.files else dt.datetime.min.replace(tzinfo=dt.UTC)

    @classmethod
    @contextmanager
    def open(cls, name: str, source: SourceSettings, landing: Path, zone: str, person_key: str) -> Iterator[Intake]:
        """Take the source's lock and sweep what a crash left."""
        with locked(landing / name):
            yield cls(landing / name, source, zone, person_key)

    def take(self, origin: Origin) -> list[LandedFile]:
        """Land a file, or the files in an archive; nothing if its content is known."""
        token = hashlib.sha256(origin.token.encode()).hexdigest() if origin.token else ""
        if token in self._known:
            return []
        with origin.open() as file:
            seen = sha256_of(Path(origin.where)) if not token else ""
            if seen in self._known:
                return []
            incoming, sha256 = copy_in(self._bounded(file, origin), self._folder)
        if seen and seen != sha256:
            incoming.unlink()
            return []  # it changed while it was read: the next collection takes it whole
        try:
            landed = self._unpacked(incoming, sha256, origin) if is_archive(origin.name) else None
            if landed is None:
                landed = self._in_parts(incoming, sha256, origin.name, where=origin.where)
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
        landed, failed = list[LandedFile](), list[InputFileError | SchemaError]()
        aside = archive.with_name(archive.name + ".archive")
        archive.rename(aside)
        try:
            with reading_archive(origin.where):
                for name, member in members(aside, origin.name, self._source.limits):
                    incoming, inner_sha256 = copy_in(member, self._folder)
                    try:
                        landed += self._in_parts(incoming, inner_sha256, name, where=f"{origin.where}: {name}")
                    except (InputFileError, SchemaError) as error:
                        failed.append(error)  # the files after it are taken first
                    finally:
                        incoming.unlink(missing_ok=True)
        finally:
            aside.unlink()
        if failed:
            others = f" (and {len(failed) - 1} other files in it)" if len(failed) > 1 else ""
            raise type(failed[0])(f"{failed[0]}{others}") from failed[0]
        self._note({"seen": sha256})
        return landed

    def _bounded(self, file: BinaryIO, origin: Origin) -> BinaryIO:
        limits = self._source.limits
        if is_archive(origin.name):
            limits = limits.model_copy(update={"file_mb": limits.archive_mb})
        return Bounded(file, origin.where, limits).as_file()

    def _in_parts(self, incoming: Path, sha256: str, original: str, *, where: str) -> list[LandedFile]:
        """Land a file; a big one as parts of it, which are whole files themselves."""
        parts = [] if sha256 in self._known else parts_of(incoming, original, self._source)
        if not parts:
            return self._landed(incoming, sha256, original, where=where)
        landed = [file for name, part in parts for file in self._landed(part, sha256_of(part), name, where=where)]
        self._note({"seen": sha256})
        return landed

    def _landed(
        self, incoming: Path, sha256: str, original: str, *, where: str = "", cursor: dict[str, Any] | None = None
    ) -> list[LandedFile]:
        """Give the copy its name, index it, and enter it in the manifest, in this order, each safe before the next."""
        if sha256 in self._known:
            return []
        private = incoming.rename(incoming.with_name(_landed_name(sha256, PurePosixPath(original).name)))
        try:
            kept, records = self._without_the_erased(private)
        except (InputFileError, SchemaError) as error:
            raise type(error)(str(error).replace(str(private), where or original)) from error
        finally:
            private.unlink(missing_ok=True)
        if kept is None:
            self._note({"seen": sha256})
            return []
        index = index_table(records.ids, records.id_days)
        links = links_of(index, self._folder, self._names)
        write_index(index, self._folder, kept.name)
        self._last = max(dt.datetime.now(dt.UTC), self._last + _ONE_MICROSECOND)
        stored = sha256_of(kept)
        file = LandedFile(
            source=self._folder.name,
            file=f"{self._folder.name}/{kept.name}",
            original=_without_numbers(original),
            sha256=stored,
            n_bytes=kept.stat().st_size,
            collected_at=self._last,
            days=tuple(sorted({*records.days, *links.days})),
            n_records=records.n_records,
            linked=tuple(f"{self._folder.name}/{earlier}" for earlier in links.names),
            cursor=cursor,
            first_sha256="" if stored == sha256 else sha256,
            columns=records.columns,
        )
        append_line(self._folder / MANIFEST, file.to_json())
        self._known |= {sha256, stored}
        self._names.append(kept.name)
        return [file]

    def _without_the_erased(self, path: Path) -> tuple[Path | None, FileRecords]:
        """Give the file its name, without persons who asked to be forgotten; None if it held nobody else."""
        records = records_of_file(path, self._source, self._folder.name, self._zone)
        gone = self._erased(path) if self._requests else set()
        if len(gone) >= records.n_records:
            return None, records
        if gone:
            data, name = scrubbed(path, self._source, gone)
            incoming, sha256 = copy_in(BytesIO(data), self._folder)
            path = incoming.rename(incoming.with_name(f"{sha256[:_HASH_CHARS]}{name[_HASH_CHARS:]}"))
            source = self._source.model_copy(update={"columns": self._source.columns or records.columns or {}})
            found = records_of_file(path, source, self._folder.name, self._zone)
            records = replace(found, columns=records.columns)
        put(path, self._folder / path.name)
        return self._folder / path.name, records

    def _erased(self, path: Path) -> set[int]:
        return positions_to_erase(owners_of(path, self._source, self._spec), self._requests)

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
        sweep(folder)
        try:
            yield
        finally:
            sweep(folder)


def _landed_name(sha256: str, original: str) -> str:
    """Return the name in landing, as `contact.file` shows it."""
    name = _without_numbers(original)
    stem, suffix = name[: len(name) - len(PurePosixPath(name).suffix)], PurePosixPath(name).suffix
    short = stem.encode()[:_MAX_NAME_BYTES].decode(errors="ignore")  # a name may have 255 bytes, with what is put to it
    return f"{sha256[:_HASH_CHARS]}-{short}{suffix}"


def _without_numbers(name: str) -> str:
    """Return a file's name without phones and e-mail addresses: recordings are often called by the caller's number.

    Bytes that are no character become "?", and so do characters that end a line or cannot be seen.

    Examples
    --------
    >>> _without_numbers("calls/13800138000_20260301101530.json")
    'calls/x_20260301101530.json'
    """
    name = _UNSEEN.sub("?", name.encode("utf-8", "replace").decode())
    return _EMAIL.sub("x", _DIGITS.sub(lambda run: run[0] if _DATE.fullmatch(run[0]) else "x", name))
