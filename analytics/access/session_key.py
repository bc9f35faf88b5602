"""The secret that sessions are signed with."""

from __future__ import annotations

import secrets
from pathlib import Path

from analytics.access.private_files import only_writer, write_private


def session_key(path: Path, given: str = "") -> str:
    """Return the key: the one given, else that of the file, which is made if missing and its owner's alone.

    Whoever has it can make themselves anybody's session. Without it everybody signs in anew, nothing else is lost.
    """
    if given:
        return given
    with only_writer(path):
        if not path.is_file():
            write_private(path, secrets.token_hex(32) + "\n")
        return path.read_text(encoding="ascii").strip()
