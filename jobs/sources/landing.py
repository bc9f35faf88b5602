"""Landing: records exactly as received, each content once, never changed.

A file is in landing once its line is in the manifest; one that was copied just before a crash is copied again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from analytics.errors import InputFileError, SchemaError
from analytics.settings import SourceSettings
from analytics.text.redact import redact
from jobs.sources.fetched import Fetched
from jobs.sources.intake import Intake
from jobs.sources.manifest import LandedFile, files_touching, manifest
from jobs.sources.origins import origins
from jobs.sources.watch import QUIET, Watch

__all__ = ["LandedFile", "Watch", "collect_fetched", "collect_files", "files_touching", "manifest"]


def collect_files(
    name: str,
    source: SourceSettings,
    landing: Path,
    zone: str,
    *,
    person_key: str = "",
    watch: Watch = QUIET,
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
    person_key : str
        Secret for hashing persons, to know those who asked to be forgotten.
    watch : Watch
        Told what happens.

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
    with Intake.open(name, source, landing, zone, person_key) as intake:
        for number, origin in enumerate(found):
            try:
                collected += intake.take(origin)
            except (InputFileError, SchemaError) as error:
                failed.append(redact(str(error).encode("utf-8", "replace").decode()))
            watch.progress(number + 1, len(found), Path(origin.name))
    for origin in busy:
        watch.left(redact(origin.where))
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
    *,
    person_key: str = "",
) -> list[LandedFile]:
    """Land what a database or an interface gives from where the last collection ended; return the new files.

    The place to go on from is in the same line of the manifest as the file, so that a crash between two pieces leaves
    neither a gap nor a repeat.
    """
    collected: list[LandedFile] = []
    with Intake.open(name, source, landing, zone, person_key) as intake:
        for piece in fetch(intake.cursor):
            collected += intake.take_piece(piece)
    return collected
