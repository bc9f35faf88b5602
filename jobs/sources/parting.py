"""A big file lands in parts, so that no reader has to hold all of it and all processors read at once.

Each part is a file like the one it comes from: the rows above the first record stand in all of them, records keep their
bytes and their order, and the rows of a contact are in one part however far apart they stood.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from analytics.errors import InputFileError, SchemaError
from analytics.settings import SourceSettings
from jobs.sources.delimited import Form, find_form, read_delimited
from jobs.sources.encoding import Decoded, decode
from jobs.sources.file_records import columns_of

_HEAD_BYTES = 1 << 20
_MEGABYTE = 1 << 20
_OPEN_PARTS = 100
_SMALL = 0.1
_DELIMITED = frozenset({".csv", ".tsv", ".txt"})
_LINES = frozenset({".jsonl", ".ndjson"})
_ONE_BYTE_LINE_ENDS = frozenset({"utf-8", "utf-8-sig", "gb18030", "big5"})
"""Encodings in which a byte 0A is a line end and nothing else."""

Records = Iterator[tuple[bytes, str | None]]
"""Bytes of a record, and the cell that says which contact it belongs to."""


def parts_of(file: Path, name: str, source: SourceSettings) -> list[tuple[str, Path]]:
    """Cut a big file of records into parts beside it; return names and files, none where it is to stay whole.

    It stays whole up to `source.part_megabytes`, where its columns would have to be guessed, where sessions are found
    by silence (what belongs together is not known from one column), and for kinds that have no records by the line.

    Parameters
    ----------
    file : Path
        The copied file; it is not changed.
    name : str
        What it was called; its end tells the kind.
    source : SourceSettings
        Its columns.

    Examples
    --------
    >>> parts_of(Path("small.csv"), "reviews.xlsx", SourceSettings(path="x", kind="review"))
    []
    """
    suffix = PurePosixPath(name).suffix.lower()
    if suffix not in _DELIMITED | _LINES or source.gap_minutes is not None:
        return []
    if file.stat().st_size <= source.part_megabytes * _MEGABYTE:
        return []
    with file.open("rb") as content:
        opened = _json_lines(content, source) if suffix in _LINES else _delimited(content, name, source)
        if opened is None:
            return []
        head, records = opened
        folder = file.with_name(file.name + ".parts")
        folder.mkdir(mode=0o700)
        written = _Parts(folder, head, int(source.part_megabytes * _MEGABYTE))
        for record, contact in records:
            written.put(record, contact)
        written.close()
    stem = name[: len(name) - len(suffix)]
    return [(f"{stem}.part-{number + 1:04}{suffix}", path) for number, path in enumerate(written.files)]


def _json_lines(content: BinaryIO, source: SourceSettings) -> tuple[bytes, Records]:
    column = source.columns.get("contact", source.columns.get("id")) if source.format == "rows" else None

    def read() -> Records:
        for line in content:
            yield line, None if column is None else _json_cell(line, str(column))

    return b"", read()


def _json_cell(line: bytes, column: str) -> str | None:
    try:
        record = json.loads(line)
    except ValueError:
        return None
    found = record.get(column) if isinstance(record, dict) else None
    return None if found is None else str(found)


def _delimited(content: BinaryIO, name: str, source: SourceSettings) -> tuple[bytes, Records] | None:
    """Return the bytes above the first record, and the records; None if the form cannot be told from the beginning."""
    if not source.columns and not source.preset:
        return None
    sample = content.read(_HEAD_BYTES)
    content.seek(0)
    try:
        head = decode(sample[: sample.rfind(b"\n") + 1], name)
        if head.encoding not in _ONE_BYTE_LINE_ENDS:
            return None
        form, _ = find_form(list(io.StringIO(head.text.lstrip("\ufeff"), newline="")), PurePosixPath(name).suffix)
        table = read_delimited(head, header=None if source.header else False)
        columns = columns_of(table, source)
    except (InputFileError, SchemaError):
        return None  # what is wrong with it is told where it is read whole
    column = columns.get("contact", columns.get("id"))
    place = None if column is None else list(map(str, table.frame.columns)).index(column)
    records = _rows(content, head, form, place)
    above = b"".join(next(records, (b"", None))[0] for _ in range(table.header_position or 0))
    return above, records


def _rows(content: BinaryIO, head: Decoded, form: Form, place: int | None) -> Records:
    """Yield each row. A quote that is never closed makes one row of many lines here; the part's reader sorts it out."""
    held: list[bytes] = []
    lines = iter(content)

    def feed() -> Iterator[str]:
        for line in lines:
            held.append(line)
            yield line.decode(head.encoding, "replace")

    while True:
        rows = form.reader(feed(), strict=False)
        try:
            for cells in rows:
                yield b"".join(held), cells[place] if place is not None and place < len(cells) else None
                held.clear()
            return
        except csv.Error:  # a field longer than any text
            # The lines after the first were swallowed by its quote: read on with them.
            yield held[0], None
            lines = chain(held[1:], lines)
            held = []


@dataclass
class _Parts:
    """Files that grow: records without a contact, and contacts not seen before, go to the last one."""

    folder: Path
    head: bytes
    n_bytes: int
    files: list[Path] = field(default_factory=list)
    _of_contact: dict[str, int] = field(default_factory=dict)
    _open: dict[int, BinaryIO] = field(default_factory=dict)
    _size: int = 0

    def put(self, record: bytes, contact: str | None) -> None:
        """Append a record to the part of its contact."""
        number = None if contact is None else self._of_contact.get(contact)
        if number is None:
            number = self._last()
            if contact is not None:
                self._of_contact[contact] = number
        self._size += len(record)
        self._file(number).write(record if record.endswith((b"\n", b"\r")) else record + b"\n")

    def close(self) -> None:
        """Write what is held; a part with next to nothing in it joins the first: so few rows do not tell their form."""
        for file in self._open.values():
            file.close()
        self._open.clear()
        for small in [file for file in self.files[1:] if file.stat().st_size < _SMALL * self.n_bytes]:
            with self.files[0].open("ab") as first:
                first.write(small.read_bytes()[len(self.head) :])
            self.files.remove(small)

    def _last(self) -> int:
        """Return the part for what is new, which is another one once enough was written since the last began."""
        if not self.files or self._size >= self.n_bytes:
            self.files.append(self.folder / f"part-{len(self.files):04}")
            self.files[-1].write_bytes(self.head)
            self._size = 0
        return len(self.files) - 1

    def _file(self, number: int) -> BinaryIO:
        if number not in self._open:
            if len(self._open) >= _OPEN_PARTS:
                self._open.pop(next(iter(self._open))).close()
            self._open[number] = self.files[number].open("ab")
        return self._open[number]
