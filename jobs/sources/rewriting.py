"""Rewrite a landing file without some of its records: the one exception to landing being append-only."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import replace
from io import BytesIO
from pathlib import Path

from analytics.settings import SourceSettings
from jobs.sources.durable import append_line, copy_in, put
from jobs.sources.file_records import records_of_file
from jobs.sources.manifest import MANIFEST, LandedFile
from jobs.sources.record_index import index_path, index_table, write_index
from jobs.sources.scrub import scrubbed

_HASH_CHARS = 12


def rewrite(
    file: LandedFile, positions: Collection[int], source: SourceSettings, landing: Path, zone: str
) -> LandedFile | None:
    """Replace a landing file by one without the records at `positions`; return it, None if nothing is left.

    The caller holds the source's lock. The new file is safe on disk and entered in one line that also takes the old
    out, before the old is deleted: after a crash the records are either all there or all gone, and doing it again ends
    the work. Contacts that have no id of their own keep the one made of the file as it came.
    """
    path, folder = landing / file.file, landing / file.source
    n_left = file.n_records - len(positions)
    if n_left <= 0:
        append_line(folder / MANIFEST, json.dumps({"removed": file.file}, ensure_ascii=False))
        _delete(path)
        return None
    data, name = scrubbed(path, source, positions)
    incoming, sha256 = copy_in(BytesIO(data), folder)
    new = folder / f"{sha256[:_HASH_CHARS]}{name[_HASH_CHARS:]}"
    put(incoming, new)
    records = records_of_file(new, file.source_as_read(source), file.source, zone)
    write_index(index_table(records.ids, records.id_days), folder, new.name)
    rewritten = replace(
        file,
        file=f"{file.source}/{new.name}",
        sha256=sha256,
        n_bytes=len(data),
        n_records=n_left,
        cursor=None,
        first_sha256=file.first_sha256 or file.sha256,
    )
    append_line(folder / MANIFEST, rewritten.to_json(replaces=file.file))
    _delete(path)
    return rewritten


def _delete(path: Path) -> None:
    path.unlink(missing_ok=True)
    index_path(path.parent, path.name).unlink(missing_ok=True)
