"""The secret with which persons are hashed: from the environment, else one drawn for this home."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from analytics.settings import Settings

FILE = "person.key"


def with_person_key(settings: Settings) -> Settings:
    """Return the settings with a person key: KESHENG_PERSON_KEY, else that of `home/person.key`, made if missing.

    Whoever has the key can try all phone numbers, so the file is its owner's only. Without it the persons of the lake
    cannot be linked to new contacts: keep it with the backup of landing, apart from that of the lake.
    """
    if settings.person_key:
        return settings
    path = settings.home / FILE
    if not path.exists():
        _draw(path)
    return settings.model_copy(update={"person_key": path.read_text(encoding="ascii").strip()})


def _draw(path: Path) -> None:
    """Make the file; another process may do so at the same moment, and the first to be done wins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    private = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    with os.fdopen(os.open(private, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        file.write(secrets.token_hex(32))
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):
        os.link(private, path)
    private.unlink()
