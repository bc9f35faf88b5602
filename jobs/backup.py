"""`kesheng backup` and `kesheng restore`: what a site made itself, in one file.

Settings, dictionaries, rules, indicators, calendar, users, keys, models, the topics with their history, and all of the
inbox with its labels and decisions. Not what can be made again (lake, warehouse), nor what came from sources (landing),
which is too large for one file and is kept as any folder is.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import os
import shutil
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analytics.errors import ConfigError
from analytics.inbox.dump import dumped, refuse_rows, restore
from analytics.inbox.migrations import HEAD
from analytics.schema.versions import version_of
from analytics.settings import Settings, settings_file
from jobs.run_log import code_version

HOME_PARTS = (
    "person.key",
    "dashboard.key",
    "users.toml",
    "calendar.toml",
    "lexicons",
    "kpis",
    "rules",
    "views",
    "tags",
    "quality",
    "models",
    "receipts",
    "logs/looked.jsonl",
    "reports/sent",
    "lake/topic",
    "lake/topic_event",
    "lake/topic_birth",
    "lake/quality",
)
"""What stands in the home folder and is the site's own.

The history of topics cannot be computed again; receipts of erasures and who looked at which words must outlive the
machine; what was sent is not sent again;
why somebody published in spite of a failed expectation stands in `lake/quality`.
"""
_MANIFEST = "manifest.json"
_SETTINGS = "settings.toml"
_FORMAT = 1
_TABLES = tuple(part.removeprefix("lake/") for part in HOME_PARTS if part.startswith("lake/"))


@dataclass(frozen=True)
class Kept:
    """What a backup holds: files, rows of the inbox, bytes of the archive, and which places it could not include."""

    n_files: int
    n_rows: int
    n_bytes: int
    made_at: str
    outside: tuple[Path, ...] = ()


def back_up(settings: Settings, target: Path) -> Kept:
    """Write everything of a site's own to `target`, a .tar.gz that its owner alone can read.

    Raises
    ------
    ConfigError
        If the file is there already, or the inbox cannot be read.
    """
    if target.exists():
        raise ConfigError(f"backup: {target} is there already; name another file")
    members = dict(_own(settings))
    rows = dumped(settings.inbox_url)
    members |= {f"inbox/{name}.jsonl": ("\n".join(lines) + "\n" * bool(lines)).encode() for name, lines in rows.items()}
    made_at = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    hashes = {name: hashlib.sha256(data).hexdigest() for name, data in members.items()}
    versions = {"format": _FORMAT, "inbox": HEAD, "lake": {name: version_of(name) for name in _TABLES}}
    manifest = {**versions, "kesheng": code_version(), "made_at": made_at, "files": hashes}
    members = {_MANIFEST: json.dumps(manifest, indent=1).encode(), **members}
    target.parent.mkdir(parents=True, exist_ok=True)
    private = target.with_name(f".{target.name}.part")
    try:
        with os.fdopen(os.open(private, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            with tarfile.open(fileobj=file, mode="w:gz") as archive:
                for name, data in members.items():
                    archive.addfile(_member(name, data), io.BytesIO(data))
            file.flush()
            os.fsync(file.fileno())
        private.replace(target)
    finally:
        private.unlink(missing_ok=True)
    n_rows = sum(len(lines) for lines in rows.values())
    return Kept(len(members) - 1 - len(rows), n_rows, target.stat().st_size, made_at, _outside(settings))


def bring_back(settings: Settings, archive: Path) -> Kept:
    """Put what a backup holds in its place: a home without these files, and an inbox without rows.

    Everything is read and checked before the first file is written. Settings that differ are kept as settings.toml.old.

    Raises
    ------
    ConfigError
        If the archive is no backup, was changed, or something of its own is there already.
    """
    members, made_at = _checked(archive)
    rows = {
        name.removeprefix("inbox/").removesuffix(".jsonl"): data.decode().splitlines()
        for name, data in members.items()
        if name.startswith("inbox/")
    }
    files = {name: data for name, data in members.items() if not name.startswith("inbox/")}
    places = {name: _place(settings, name) for name in files}
    there = [str(places[name]) for name, data in files.items() if name != _SETTINGS and _differs(places[name], data)]
    if there:
        raise ConfigError(
            f"restore: {len(there)} files are there already with other content, first {there[0]};"
            " restore into an empty home (KESHENG_HOME), or move them away"
        )
    refuse_rows(settings.inbox_url)
    for name, data in files.items():
        if name == _SETTINGS and _differs(places[name], data):  # a fresh clone has one
            shutil.copyfile(places[name], places[name].with_suffix(".toml.old"))  # a kill leaves one
        _write(places[name], data)
    # The rows last, in one piece: one that was cut off finds no rows and its own files, and may be done again.
    counts = restore(settings.inbox_url, rows)
    return Kept(len(files), sum(counts.values()), archive.stat().st_size, made_at)


def _own(settings: Settings) -> Iterator[tuple[str, bytes]]:
    if settings_file().is_file():
        yield _SETTINGS, settings_file().read_bytes()
    for part in HOME_PARTS:
        place = settings.home / part
        found = [place] if place.is_file() else sorted(place.rglob("*")) if place.is_dir() else []
        for file in found:
            if file.is_file() and not file.name.startswith("."):
                yield f"home/{file.relative_to(settings.home).as_posix()}", file.read_bytes()


def _outside(settings: Settings) -> tuple[Path, ...]:
    """Return what the settings name that stands outside of the home folder: versioned elsewhere, as a rule."""
    named = [settings.lexicons, settings.kpis_folder, settings.rules_folder, *settings.event_files[1:]]
    named += [*settings.text.user_words, *filter(None, [settings.topics.embedder_path])]
    home = settings.home.resolve()
    return tuple(place for place in named if place.exists() and not place.resolve().is_relative_to(home))


def _place(settings: Settings, name: str) -> Path:
    return settings_file() if name == _SETTINGS else settings.home / name.removeprefix("home/")


def _differs(place: Path, data: bytes) -> bool:
    return place.exists() and (not place.is_file() or place.read_bytes() != data)


def _member(name: str, data: bytes) -> tarfile.TarInfo:
    found = tarfile.TarInfo(name)
    found.size, found.mode = len(data), 0o600
    return found


def _checked(archive: Path) -> tuple[dict[str, bytes], str]:
    """Return the members by name and when they were kept; all are those of the manifest, unchanged."""
    wrong = f"restore: {archive}: expected a backup of kesheng"
    try:
        with tarfile.open(archive) as file:
            members = {found.name: _read(file, found) for found in file if found.isfile()}
        manifest: Mapping[str, Any] = json.loads(members.pop(_MANIFEST))
        hashes = manifest["files"]
    except FileNotFoundError as error:
        raise ConfigError(f"{wrong}, found no such file") from error
    except (tarfile.TarError, EOFError, OSError, KeyError, ValueError) as error:
        raise ConfigError(f"{wrong}, got something else or half of one ({type(error).__name__})") from error
    _refuse_later(manifest, wrong)
    if {name: hashlib.sha256(data).hexdigest() for name, data in members.items()} != hashes:
        raise ConfigError(f"{wrong}, unchanged since it was made; its files are not those of its manifest")
    for name in members:
        ours = name == _SETTINGS or name.startswith(("home/", "inbox/"))
        if not ours or ".." in Path(name).parts:
            raise ConfigError(f"{wrong}, got one with a file {name!r}")
    return members, str(manifest["made_at"])


def _refuse_later(manifest: Mapping[str, Any], wrong: str) -> None:
    """Refuse what a later version made; what one of before made has no versions of inbox and lake, and is read."""
    lake = {name: version for name, version in manifest.get("lake", {}).items() if name in _TABLES}
    later: dict[str, tuple[Any, Any]] = {
        name: (version, version_of(name)) for name, version in lake.items() if version > version_of(name)
    }
    if manifest.get("format") != _FORMAT:
        later["format"] = (manifest.get("format"), _FORMAT)
    if str(manifest.get("inbox", "")) > HEAD:
        later["inbox"] = (manifest["inbox"], HEAD)
    if later:
        got = ", ".join(f"{name} {theirs} (here {ours})" for name, (theirs, ours) in later.items())
        made_by = manifest.get("kesheng", "another version")
        raise ConfigError(f"{wrong} of this version or before, got {got}; install the one that made it: {made_by}")


def _read(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = archive.extractfile(member)
    return file.read() if file else b""


def _write(place: Path, data: bytes) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    private = place.with_name(f".{place.name}.part")
    with os.fdopen(os.open(private, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
    private.replace(place)
